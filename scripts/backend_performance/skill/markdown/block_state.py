"""The state that markdown-it's block rules share, with cheaper lines and tokens."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

#: White space that the library trims from a block's text: ASCII's and the Unicode spaces.
BLANKS = " \t\n\r\f\v\u00a0\u1680\u202f\u205f\u3000\u2028\u2029" + "".join(
    map(chr, range(0x2000, 0x200B))
)
#: White space that does not make a line empty, but is trimmed.
_WIDE_BLANKS = frozenset(BLANKS) - {" ", "\t"}
#: How many tokens a page may have: of 8,000 public pages none has 6,000.
MAX_TOKENS = 100_000
#: How many lines: of the same pages none has 10,000.
MAX_LINES = 200_000
#: A line that may be the row of dashes below a table's header, in a quote or not.
_DASHES = re.compile(r"\n[ \t>]*[|:-][-:| \t]*(?=\n|\Z)")
#: A level that no block reaches.
_NO_LEVEL = 1_000
_NO_LINE = 1 << 60


def may_hold(text: str) -> bool:
    """Return whether links, code or HTML can stand in a text: what a paragraph is read for."""
    return "`" in text or "[" in text or "<" in text or "://" in text or "www." in text


class Lines(NamedTuple):
    """A text with its lines, without line ends, and where each starts; one more start is its end.

    The last start is one beyond the text, as if a line end followed.
    """

    text: str
    lines: Sequence[str]
    starts: Sequence[int]


def lines_of(text: str) -> Lines:
    """Return ``text`` cut into lines; of more than ``MAX_LINES`` the rest is left out."""
    lines = text.split("\n", MAX_LINES)
    if len(lines) > MAX_LINES:
        rest = lines.pop()
        text = text[: len(text) - len(rest) - 1]
    starts, start = [0], 0
    for line in lines:
        start += len(line) + 1
        starts.append(start)
    return Lines(text, lines, starts)


@dataclass(frozen=True)
class Wanted:
    """What the reader of the blocks makes use of; the rest is parsed, but makes no token.

    ``text_level`` is the level from which paragraphs count whatever they hold; above it only those
    count that may hold links, code or HTML.
    """

    lists: bool
    text_level: int


EVERYTHING = Wanted(lists=True, text_level=0)
#: Of a page with tasks: lists, and the text in them.
TASKS = Wanted(lists=True, text_level=1)
NO_TASKS = Wanted(lists=False, text_level=_NO_LEVEL)


class Block:
    """A token of which most fields keep their default; the fields are those of ``Token``."""

    attrs: Mapping[str, Any] = MappingProxyType({})
    meta: Mapping[str, Any] = MappingProxyType({})
    children: list[Any] | None = None
    map: list[int] | None = None
    content = ""
    markup = ""
    info = ""
    hidden = False
    #: Only of paragraphs and headings: the index of the line on which the trimmed text starts.
    first = 0
    #: Only of table rows: the trimmed cells.
    cells: tuple[str, ...] = ()

    def __init__(self, kind: str, tag: str, level: int) -> None:
        self.type, self.tag, self.level = kind, tag, level


class State(StateBlock):
    """``StateBlock`` whose lines are found by ``str.split`` and whose tokens are ``Block``."""

    def __init__(self, page: Lines, md: MarkdownIt, env: dict[str, Any], wanted: Wanted) -> None:
        self.src, self.md, self.env = page.text, md, env
        self.wants_lists, self._text_level = wanted.lists, wanted.text_level
        #: The first line where it is worth asking for a stretch of plain text.
        self.next_stretch = 0 if wanted.text_level else _NO_LINE
        #: Where the next address may begin, as far as one was looked for.
        self.next_marks = {"://": -1, "www.": -1}
        self.tokens: list[Any] = []
        self.blkIndent = self.line = self.level = 0
        self.ddIndent = self.listIndent = -1
        self.tight = False
        self.parentType = "root"
        self.result = ""
        self._code_enabled = True
        self._mark_lines(page)

    def _mark_lines(self, page: Lines) -> None:
        lines = page.lines
        # What follows the last line end is a line only when something stands on it.
        self.lineMax = len(lines) - (not lines[-1].strip(" \t"))
        shifts = [
            len(line) - len(line.lstrip(" \t")) if line and line[0] in " \t" else 0
            for line in lines
        ]
        # One entry beyond the last line spares every rule a check.
        del shifts[self.lineMax :]
        self.tShift = [*shifts, 0]
        self.sCount = [*shifts, 0]
        self.bMarks = [*page.starts[: self.lineMax], len(self.src)]
        self.eMarks = [start - 1 for start in page.starts[1 : self.lineMax + 1]] + [len(self.src)]
        if "\t" in self.src:
            for index, shift in enumerate(shifts):
                if shift and "\t" in lines[index][:shift]:
                    self.sCount[index] = len(lines[index][:shift].expandtabs(4))
        self.bsCount = [0] * (self.lineMax + 1)
        #: Lines that may be the second one of a table.
        self.dashes: set[int] = set()
        if "|" in self.src:
            ends = (match.start() for match in _DASHES.finditer(self.src))
            self.dashes = {bisect_right(page.starts, at) for at in ends}

    def begin(self, kind: str, tag: str) -> Block | None:
        """Go one level down, into a list or an item; return the token if there is to be one."""
        self.level += 1
        if not self.wants_lists:
            return None
        token = Block(kind, tag, self.level - 1)
        self.tokens.append(token)
        return token

    def finish(self, opener: Block | None, kind: str, start: int, end: int) -> None:
        """Go back up from what ``begin`` opened, which reaches from ``start`` to before ``end``."""
        self.level -= 1
        if opener is not None:
            opener.map = [start, end]
            self.tokens.append(Block(kind, opener.tag, self.level))

    def push(self, ttype: str, tag: str, nesting: int) -> Any:
        """Append a token; ``nesting`` 1 opens a level and -1 closes it."""
        if nesting < 0:
            self.level -= 1
        token = Block(ttype, tag, self.level)
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)
        return token

    def push_text(self, kind: str, level: int, text: str, start: int, end: int) -> None:
        """Append one token for a whole paragraph or heading, which ends before line ``end``."""
        if not level and self.level < self._text_level and not may_hold(text):
            return
        token = Block(kind, f"h{level}" if level else "p", self.level)
        token.map, token.content, token.first = [start, end], text.strip(BLANKS), start
        if text[:1] in _WIDE_BLANKS:
            token.first += text[: len(text) - len(text.lstrip(BLANKS))].count("\n")
        self.tokens.append(token)
