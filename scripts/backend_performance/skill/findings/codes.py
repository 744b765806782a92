"""All codes a finding can have, and choosing among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache

from .. import rules
from ..clients import DEFAULT
from ..clients import table as clients_table
from . import checked, collisions, suppression, surroundings


class UnknownCodeError(ValueError):
    """A code that no rule has; the message names the nearest one."""


@dataclass(frozen=True)
class Choice:
    """Which codes count, ``None`` for all of them, and for which clients."""

    codes: frozenset[str] | None = None
    clients: tuple[str, ...] = DEFAULT

    def __contains__(self, code: str) -> bool:
        return self.codes is None or code in self.codes


@cache
def explained() -> dict[str, str]:
    """Return every code with why it matters and how to repair it, sorted."""
    found = suppression.CODES | collisions.CODES | surroundings.CODES | checked.CODES
    for rule in rules.modules():
        found |= rule.CODES
    return dict(sorted(found.items()))


def choose(select: Iterable[str], ignore: Iterable[str], clients: Iterable[str] = ()) -> Choice:
    """Return the codes that count: those selected, all without any, less those ignored.

    Args:
        select, ignore: Codes, or patterns such as ``link-*``.
        clients: Identifiers of clients; the specification without any.

    Raises:
        UnknownCodeError: one of them matches no code, or is no client.
    """
    wanted = tuple(clients) or DEFAULT
    known = clients_table().clients
    for client in wanted:
        if client not in known:
            raise UnknownCodeError(f"there is no client {client!r}; there are: {', '.join(known)}")
    selected, ignored = _matching(select), _matching(ignore)
    if not selected and not ignored:
        return Choice(clients=wanted)
    return Choice(frozenset((selected or set(explained())) - ignored), wanted)


def _matching(patterns: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        matches = {code for code in explained() if fnmatchcase(code, pattern)}
        if not matches:
            near = get_close_matches(pattern, list(explained()), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else "; --codes lists them all"
            raise UnknownCodeError(f"there is no code {pattern!r}{hint}")
        found |= matches
    return found
