"""Which hosts may be spoken to in the clear: those on this machine, and others when told so."""

from __future__ import annotations

import ipaddress

from ..engine import Kind, Option

WHY = (
    "what is sent to a host that is not this one can be read on the way: use TLS, or allow it with "
    "--allow-cleartext"
)
REFUSED = f"the address switches encryption off, and {WHY}"
OPTION = Option(
    "allow-cleartext",
    "speak without encryption to hosts that are not this one too",
    Kind.FLAG,
    walk="allow-cleartext",
)


def is_local(host: str) -> bool:
    """Return whether the host is this machine: a socket's path, a loopback address or its name."""
    if host.startswith(("/", "@")) or host.rstrip(".").lower() in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0]).is_loopback
    except ValueError:
        return False
