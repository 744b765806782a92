"""Place in a code base of something that other evidence reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Located:
    """One place.

    Args:
        kind: statement, search (a table by columns), table, key_family, route or handler.
        name: As `fingerprint` gives it for that kind; a key family as its first part.
        file: The path below the code's root.
    """

    kind: str
    name: str
    file: str
    line: int
    function: str
