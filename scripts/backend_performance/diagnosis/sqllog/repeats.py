"""Statements that come again and again in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import is_
from typing import NamedTuple

from .statement import Shape

MIN_REPEATS = 5
#: A loop may run two or three statements for every row.
_PATTERNS = (1, 2, 3)


class Entry(NamedTuple):
    """One statement of a group."""

    shape: Shape
    parameters: int | None  #: None where the log does not tell them
    ms: float | None
    transaction: str | None


def kind_of(entries: Sequence[Entry]) -> str:
    """Return what the repetitions of one statement are: write-loop, repeated or n-plus-one."""
    if entries[0].shape.kind == "write":
        return "write-loop"
    known = {entry.parameters for entry in entries} - {None}
    same = known and len(known) * 2 <= len(entries)
    return "repeated" if same else "n-plus-one"


def runs(shapes: Sequence[object]) -> Iterator[tuple[int, int, int]]:
    """Yield start, length of the pattern and repeats of what comes five times or more in a row."""
    #: For each pattern one byte a shape: 1 where the same comes again after the pattern's length.
    same = {length: bytes(map(is_, shapes, shapes[length:])) + b"\0" for length in _PATTERNS}
    wanted = {length: b"\1" * (length * (MIN_REPEATS - 1)) for length in _PATTERNS}
    position = 0
    while True:
        starts = {length: same[length].find(wanted[length], position) for length in same}
        starts = {length: start for length, start in starts.items() if start >= 0}
        if not starts:
            return
        position = min(starts.values())
        repeats = {
            length: 1 + (same[length].index(b"\0", position) - position) // length
            for length, start in starts.items()
            if start == position
        }
        length = max(repeats, key=lambda length: length * repeats[length])
        yield position, length, repeats[length]
        position += length * repeats[length]
