"""The addresses to ask, as the caller named them, and how they are shown."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from ..evidence.redaction import visible
from ..guards import cleartext
from ..trouble import CannotRun

MAX_ADDRESS = 2000
HEADER_HELP = "environment variable with a header (`Name: value`, else the value of Authorization)"
_HEADER = re.compile(r"([A-Za-z0-9-]{1,64}):[ \t]*(.+)")


class BadAddress(CannotRun):
    """An address that is not asked; the message does not repeat it."""


@dataclass(frozen=True)
class Target:
    """One address, and the host beyond which nothing is followed."""

    number: int
    url: str

    @property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").lower()

    @property
    def is_local(self) -> bool:
        """Whether users cannot reach the host: a private address or a bare name."""
        try:
            return not ipaddress.ip_address(self.host).is_global
        except ValueError:
            return "." not in self.host or self.host.endswith((".local", ".internal", ".localhost"))

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what credentials are given to."""
        parts = urlsplit(self.url)
        usual = 443 if parts.scheme == "https" else 80
        return parts.scheme, self.host, parts.port or usual

    @property
    def path(self) -> str:
        return urlsplit(self.url).path or "/"

    def shown(self) -> str:
        """Return the address without its query, where tokens travel."""
        parts = urlsplit(self.url)
        query = "?…" if parts.query else ""
        path = quote(self.path, safe="/%:@")
        return visible(f"{parts.scheme}://{parts.netloc}{path}")[:200] + query


def targets(addresses: list[str]) -> tuple[Target, ...]:
    """Return the addresses in order.

    Raises:
        BadAddress: one of them is no address, or carries credentials.
    """
    return tuple(_target(n, text, f"address {n}") for n, text in enumerate(addresses, 1))


def target(address: str, name: str) -> Target:
    """Return the one address there is; messages call it by ``name``.

    Raises:
        BadAddress: it is no address, or carries credentials.
    """
    return _target(1, address, name)


def _target(number: int, text: str, name: str) -> Target:
    text = text.strip()
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
        text.encode("utf-8")  # bytes that are not text, from the shell or a redirect
    except ValueError:
        raise BadAddress(f"{name} cannot be read") from None
    if parts.scheme not in ("http", "https") or not host or len(text) > MAX_ADDRESS:
        raise BadAddress(f"{name} is not of the form http://host/path")
    if parts.username is not None or parts.password is not None:
        raise BadAddress(
            f"{name} carries credentials, which every user of the machine can see; "
            "put them into an environment variable and name it with --header-env"
        )
    return Target(number, urlunsplit(parts._replace(fragment="")))


def redirected(target: Target, location: str) -> Target | None:
    """Return where a redirect leads, or None if that is another host, port or scheme.

    Credentials go along, so only the step from http to https on their usual ports is taken.
    """
    try:
        url = urljoin(target.url, location)
        there = _target(target.number, url, "the redirect")
    except (BadAddress, ValueError):
        return None
    same = there.origin == target.origin
    upgraded = target.origin == ("http", target.host, 80) and there.origin == (
        "https",
        target.host,
        443,
    )
    return there if same or upgraded else None


def header(value: str) -> tuple[str, str]:
    """Return name and value of a header given as ``Name: value``, else of ``Authorization``.

    Raises:
        BadAddress: no header can be made of it; the message does not repeat it.
    """
    value = value.strip()
    match = _HEADER.fullmatch(value)
    name, content = (match[1], match[2]) if match else ("Authorization", value)
    if not content or not content.isprintable() or not content.isascii():
        raise BadAddress("the variable holds no header: expected one line of printable ASCII")
    return name, content


def refuse_cleartext(targets: Iterable[Target]) -> None:
    """Refuse to send credentials where they can be read on the way.

    Raises:
        CannotRun: one of the addresses is not encrypted and not on this machine.
    """
    for each in targets:
        if each.origin[0] == "http" and not cleartext.is_local(each.host):
            raise CannotRun(f"credentials would go to {each.shown()}, and {cleartext.WHY}")
