"""The state that markdown-it's block rules share, with cheaper lines and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

#: White space that the library trims from a block's text: ASCII's and the Unicode spaces.
BLANKS = " \t\n\r\f\v\u00a0\u1680\u202f\u205f\u3000\u2028\u2029" + "".join(
    map(chr, range(0x2000, 0x200B))
)
#: White space that does not make a line empty, but is trimmed.
_WIDE_BLANKS = frozenset(BLANKS) - {" ", "\t"}
#: How many tokens a page may have. Ten megabytes of ordinary pages have 250,000.
MAX_TOKENS = 260_000
#: First characters of a line that has an indent, or is empty.
_INDENTS = frozenset({" ", "\t"})


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

    def __init__(self, source: str, md: MarkdownIt, env: dict[str, Any]) -> None:
        self.src, self.md, self.env = source, md, env
        self.tokens: list[Any] = []
        self.blkIndent = self.line = self.level = 0
        self.ddIndent = self.listIndent = -1
        self.tight = False
        self.parentType = "root"
        self.result = ""
        self._code_enabled = True
        self._mark_lines()

    def _mark_lines(self) -> None:
        lines = self.src.split("\n")
        # What follows the last line end is a line only when something stands on it.
        if not lines[-1].strip(" \t"):
            lines.pop()
        lengths = list(map(len, lines))
        starts = list(accumulate(map((1).__add__, lengths), initial=0))
        shifts = [
            len(line) - len(line.lstrip(" \t")) if line[:1] in _INDENTS else 0 for line in lines
        ]
        # One entry beyond the last line spares every rule a check.
        self.bMarks = [*starts[:-1], len(self.src)]
        self.eMarks = [*map(int.__add__, starts, lengths), len(self.src)]
        self.tShift = [*shifts, 0]
        self.sCount = [*shifts, 0]
        if "\t" in self.src:
            for index, shift in enumerate(shifts):
                if shift and "\t" in lines[index][:shift]:
                    self.sCount[index] = len(lines[index][:shift].expandtabs(4))
        self.bsCount = [0] * (len(lines) + 1)
        self.lineMax = len(lines)

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
        token = Block(kind, f"h{level}" if level else "p", self.level)
        token.map, token.content, token.first = [start, end], text.strip(BLANKS), start
        if text[:1] in _WIDE_BLANKS:
            token.first += text[: len(text) - len(text.lstrip(BLANKS))].count("\n")
        self.tokens.append(token)
