"""Fences that contain the beginning of another one and end at its end.

CommonMark 0.31, 4.5: a fence ends at the first line of as many marks with nothing behind them. From
there to the intended end of the outer fence, text is read as code and code as text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from .document import Document, Fence

_MARKS = re.compile(r"`{3,}|~{3,}")
#: A fence end that does not count, because an invisible character follows it.
_ESCAPED_END = re.compile(r"^ {0,3}(?:`{3,}|~{3,})[\u200b\u2060]+$", re.MULTILINE)
_BEGINNING = re.compile(r"^ {0,3}(`{3,}(?=[^`\n]*$)|~{3,})[ \t]*[^\s`~]", re.MULTILINE)
_ANY = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*(\S?)")
#: How many lines above a stray end its beginning is looked for.
_MAX_LINES = 300


class Nest(NamedTuple):
    """``line`` is that of the inner beginning, ``marks`` those with which the outer one starts."""

    outer: Fence
    marks: str
    line: int


class _Begun(NamedTuple):
    """A line that may begin a fence. Without a language it may instead be a stray end."""

    line: int
    marks: str
    is_certain: bool
    holds_another: bool = False


def first_of(page: Document) -> Nest | None:
    """Return the first fence that ends too early because it contains the beginning of another."""
    for fence in page.fences:
        if "```" not in fence.text and "~~~" not in fence.text:
            continue
        if _ESCAPED_END.search(fence.text):
            continue  # the author has made sure that it ends where it should
        # An indented code block has exactly the lines of its text.
        is_fenced = fence.closed and fence.text.count("\n") <= fence.end - fence.line
        opening = _MARKS.match(page.lines[fence.line - 1], fence.column - 1)
        for inner in _BEGINNING.finditer(fence.text) if is_fenced else ():
            if opening and inner[1].startswith(opening[0]):
                line = fence.line + 1 + fence.text.count("\n", 0, inner.start())
                return Nest(fence, opening[0], line)
    return None


def swallowed(page: Document, stray: Fence) -> int:
    """Return the line of a fence that HTML above it makes text, so that its end begins one; or 0.

    CommonMark 0.31, 4.6: HTML goes on up to an empty line.
    """
    if stray.info:
        return 0
    before = bisect_left(page.fences, stray.line, key=lambda fence: fence.line) - 1
    first = page.fences[before].end + 1 if before >= 0 else 1
    for number in range(stray.line - 1, max(first, stray.line - _MAX_LINES), -1):
        if _BEGINNING.match(page.lines[number - 1]):
            return number if page.lines[number - 2].lstrip().startswith("<") else 0
    return 0


def meant_as_code(page: Document) -> frozenset[int]:
    """Return the lines that would be code if fences could nest; empty if none is nested."""
    lines: set[int] = set()
    if first_of(page) is None:
        return frozenset()
    begun: list[_Begun] = []
    certain = 0  # how many of them name a language
    for number, line in enumerate(page.lines, start=1):
        found = _ANY.match(line)
        if not found:
            continue
        marks, word = found.groups()
        if word or not begun or not marks.startswith(begun[-1].marks):
            begun.append(_Begun(number, marks, bool(word)))
            certain += 1 if word else 0
            continue
        ended = begun.pop()
        certain -= 1 if ended.is_certain else 0
        if ended.is_certain and begun:
            begun[-1] = begun[-1]._replace(holds_another=True)
        if (ended.is_certain and not certain) or ended.holds_another:
            lines.update(range(ended.line, number))
    return frozenset(lines)
