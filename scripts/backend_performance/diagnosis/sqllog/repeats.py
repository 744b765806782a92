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
    if not _may_repeat(shapes):
        return
    position = 0
    while position < len(shapes):
        best = (0, 0)
        for length in _PATTERNS:
            after = position + length
            if after >= len(shapes) or shapes[after] is not shapes[position]:
                continue
            repeats = _repeats(shapes, position, length)
            if repeats >= MIN_REPEATS and repeats * length > best[0] * best[1]:
                best = (length, repeats)
        if best[1]:
            yield position, *best
        position += best[0] * best[1] or 1


def _may_repeat(shapes: Sequence[object]) -> bool:
    """Return whether any pattern comes five times in a row; most groups have none."""
    for length in _PATTERNS:
        same = bytes(map(is_, shapes, shapes[length:]))
        if b"\1" * (length * (MIN_REPEATS - 1)) in same:
            return True
    return False


def _repeats(shapes: Sequence[object], start: int, length: int) -> int:
    end = start + length
    while end < len(shapes) and shapes[end] is shapes[end - length]:
        end += 1
    return (end - start) // length
