"""The address of a Redis or Valkey server, as applications write it, for the driver."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from ..evidence.redaction import Secrets
from ..guards import cleartext
from ..trouble import CannotRun

_SCHEME = re.compile(r"(redis|rediss|valkey|valkeys|unix)://")
#: Options of an address that reach the driver; those besides them are ours to set.
_KEPT = frozenset(
    (
        "ssl_ca_certs",
        "ssl_ca_path",
        "ssl_certfile",
        "ssl_keyfile",
        "ssl_cert_reqs",
        "username",
        "password",
    )
)
_UNDERSTOOD = _KEPT | frozenset(
    re.findall(
        r"\w+",
        """
        db protocol client_name decode_responses socket_timeout socket_connect_timeout
        socket_keepalive retry_on_timeout health_check_interval max_connections ssl_check_hostname
        """,
    )
)
_OPTIONS = {
    "protocol": 2,  # no HELLO, which the recommended role may not send
    "client_name": None,
    "retry_on_timeout": False,
    "health_check_interval": 0,
}
_ENCODE = (
    "a part of the address looks like a piece of a password; percent-encode @ : / # ? in user and "
    "password (its text is withheld)"
)
EXPECTED = (
    "the address is not one; expected redis://[user:password@]host:6379/0, rediss://… for TLS "
    "or unix:///path/to/socket (its text is withheld)"
)


def pool(driver: Any, url: str, seconds: float, allow_cleartext: bool) -> tuple[Any, Secrets]:
    """Return a pool that can make a connection, and what must never be shown of its address.

    Args:
        seconds: How long the driver waits for a byte.

    Raises:
        CannotRun: the URL is not valid, or would send credentials in the clear.
    """
    scheme = _SCHEME.match(url)
    if scheme is None:
        raise CannotRun(EXPECTED)
    known = url.replace("valkey", "redis", 1) if url.startswith("valkey") else url
    encrypted, is_socket = scheme[1] in ("rediss", "valkeys"), scheme[1] == "unix"
    try:
        parts = urlsplit(known)
        password = unquote(parts.password or "")
        host, _ = parts.hostname, parts.port
        given = dict(parse_qsl(parts.query))
    except ValueError:
        raise CannotRun(EXPECTED) from None
    if parts.netloc.count("@") > 1 or ("@" in parts.path and not is_socket):
        raise CannotRun(_ENCODE)
    if unknown := given.keys() - _UNDERSTOOD:
        raise CannotRun(f"the address has an option that is not understood: {min(unknown)[:40]!r}")
    if not (allow_cleartext or encrypted or is_socket or cleartext.is_local(host or "")):
        raise CannotRun(f"the address is not encrypted, and {cleartext.WHY}")
    # A numbered database would be selected, which the recommended role may not do; what is asked
    # is about the whole server.
    kept = {name: value for name, value in given.items() if name in _KEPT}
    plain = parts._replace(path=parts.path if is_socket else "", query=urlencode(kept))
    options: dict[str, Any] = _OPTIONS | {
        "socket_timeout": seconds,
        "socket_connect_timeout": seconds,
        "retry": driver.retry.Retry(driver.backoff.NoBackoff(), 0),
    }
    if encrypted and kept.get("ssl_cert_reqs") != "none":
        options["ssl_check_hostname"] = True
    try:
        made = driver.ConnectionPool.from_url(urlunsplit(plain), **options)
    except (ValueError, TypeError):
        raise CannotRun(EXPECTED) from None
    return made, Secrets(url, {"password": password})
