"""From an offset in a block's content to line and column of the file, both from 1."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

_BAR = re.compile(r"\|")


def line_column(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of an offset in a text, both from 1; ``Document`` has its own."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class Place:
    """The place of a block's content; ``first`` is the index of its first line.

    The parser cuts indentation and quote marks off each line. What remains is the end of the
    line, so its last occurrence there is the right one.
    """

    def __init__(self, lines: Sequence[str], content: str, first: int) -> None:
        self._lines, self._content, self._first = lines, content, first
        self._starts = [0]
        self._columns: dict[int, int] = {}
        at = content.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = content.find("\n", at + 1)

    def at(self, offset: int) -> tuple[int, int]:
        number = bisect_right(self._starts, offset) - 1
        if number not in self._columns:
            self._columns[number] = self._column(number)
        line = min(self._first + number, len(self._lines) - 1) + 1
        return line, max(self._columns[number] + offset - self._starts[number], 1)

    def _column(self, number: int) -> int:
        starts = self._starts
        end = starts[number + 1] - 1 if number + 1 < len(starts) else len(self._content)
        wanted = self._content[starts[number] : end]
        bare = wanted.strip()
        index = min(self._first + number, len(self._lines) - 1)
        found = self._lines[index].rfind(bare) if bare else len(self._lines[index])
        cut_off = len(wanted) - len(wanted.lstrip())
        return max(found, 0) - cut_off + 1


def start_of(lines: Sequence[str], content: str, first: int) -> tuple[int, int]:
    """Return line and column at which the content of a block starts, as a reader sees it."""
    if "\n" in content:
        # CommonMark counts a line of separator characters as text, but readers see nothing.
        seen = enumerate(content.split("\n"))
        skipped, content = next(((n, line) for n, line in seen if line.strip()), (0, ""))
        first += skipped
    index = min(first, len(lines) - 1)
    return index + 1, max(lines[index].rfind(content.strip()), 0) + 1


class Cell:
    """The place of a table cell's content; ``start`` is its index in the source line.

    In a cell a bar is written with a backslash that is not part of the content.
    """

    def __init__(self, content: str, line: int, start: int) -> None:
        self._line, self._start = line, start
        self._bars = [match.start() for match in _BAR.finditer(content)] if "|" in content else ()

    def at(self, offset: int) -> tuple[int, int]:
        return self._line, self._start + offset + bisect_left(self._bars, offset) + 1


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
