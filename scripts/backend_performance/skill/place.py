"""From an offset in a block's content to line and column of the file, both from 1."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence


class Place:
    """Where the content of one block stands, whose first line has the index ``first``.

    The parser cuts indentation and quote marks off each line; what is left of a line is its end,
    so the last place where it occurs is the right one.
    """

    def __init__(self, lines: Sequence[str], content: str, first: int) -> None:
        self._lines, self._content, self._first = lines, content, first
        self._starts: list[int] | None = None
        self._columns: dict[int, int] = {}

    def at(self, offset: int) -> tuple[int, int]:
        starts = self._line_starts()
        number = bisect_right(starts, offset) - 1
        if number not in self._columns:
            self._columns[number] = self._column(number, starts)
        line = min(self._first + number, len(self._lines) - 1) + 1
        return line, max(self._columns[number] + offset - starts[number], 1)

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            self._starts = [0]
            at = self._content.find("\n")
            while at >= 0:
                self._starts.append(at + 1)
                at = self._content.find("\n", at + 1)
        return self._starts

    def _column(self, number: int, starts: list[int]) -> int:
        end = starts[number + 1] - 1 if number + 1 < len(starts) else len(self._content)
        wanted = self._content[starts[number] : end]
        bare = wanted.strip()
        index = min(self._first + number, len(self._lines) - 1)
        found = self._lines[index].rfind(bare) if bare else len(self._lines[index])
        cut_off = len(wanted) - len(wanted.lstrip())
        return max(found, 0) - cut_off + 1


def start_of(lines: Sequence[str], content: str, first: int) -> tuple[int, int]:
    """Return line and column at which the content of a block starts."""
    if "\n" in content:
        content = content[: content.index("\n")]
    index = min(first, len(lines) - 1)
    return index + 1, max(lines[index].rfind(content.strip()), 0) + 1


class Cell:
    """Where the content of a table cell stands: ``start`` is its index in the source line.

    In a cell a bar is written with a backslash that is not part of the content.
    """

    def __init__(self, content: str, line: int, start: int) -> None:
        self._content, self._line, self._start = content, line, start

    def at(self, offset: int) -> tuple[int, int]:
        return self._line, self._start + offset + self._content.count("|", 0, offset) + 1


def cell_starts(source: str, cells: Sequence[str]) -> list[int]:
    """Return the index in the row's source line at which each cell's content starts."""
    cursor = len(source) - len(source.lstrip(" \t>"))
    starts = []
    for cell in cells:
        written = cell.replace("|", "\\|")
        found = source.find(written, cursor)
        starts.append(max(found, 0))
        if found >= 0:
            cursor = max(source.find("|", found + len(written)), found + len(written))
    return starts
