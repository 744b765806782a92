"""Statements that come again and again in a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MIN_REPEATS = 5
#: A loop may run two or three statements for every row.
_PATTERNS = (1, 2, 3)


@dataclass(frozen=True)
class Entry:
    number: int  #: of the template
    kind: str
    parameters: bytes | None  #: None where the log does not tell them
    ms: float | None
    transaction: str | None


def kind_of(entries: list[Entry]) -> str:
    """Return what the repetitions of one statement are."""
    if entries[0].kind == "write":
        return "write-loop"
    known = {entry.parameters for entry in entries} - {None}
    same = known and len(known) * 2 <= len(entries)
    return "repeated" if same else "n-plus-one"


def runs(numbers: list[int]) -> Iterator[tuple[int, int, int]]:
    """Yield start, length of the pattern and repeats of what comes five times or more in a row."""
    position = 0
    while position < len(numbers):
        best = (0, 0)
        for length in _PATTERNS:
            repeats = _repeats(numbers, position, length)
            if repeats >= MIN_REPEATS and repeats * length > best[0] * best[1]:
                best = (length, repeats)
        if best[1]:
            yield position, *best
        position += best[0] * best[1] or 1


def _repeats(numbers: list[int], start: int, length: int) -> int:
    end = start + length
    while end < len(numbers) and numbers[end] == numbers[end - length]:
        end += 1
    return (end - start) // length
