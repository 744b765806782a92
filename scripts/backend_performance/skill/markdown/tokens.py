"""The blocks of a page as markdown-it-py parses them, one record for each block a reader needs.

The library gives three tokens for a paragraph and a dozen for a table row. Here each is one
``Block``. Blocks that no reader needs (quotes, rules, list markers) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

_TEXT = {"paragraph_open": "paragraph", "heading_open": "heading"}
_CELL = frozenset({"th_open", "td_open"})
_SAME = frozenset(
    {"fence", "code_block", "html_block", "list_item_open", "list_item_close", "table_close"}
)
#: Rules and the text without which they find nothing. Leaving them out saves a sixth of the time.
_NEEDS = {"table": "|", "blockquote": ">", "html_block": "<", "reference": "]:"}
#: A line of `=` or `-` right below text, which the rule "lheading" turns into a heading.
_UNDERLINE = re.compile(r"\n(?<=[^\n]\n)[ \t>]*(?:=+|-+)[ \t]*$", re.MULTILINE)
#: Most tokens: they were read together with the one before.
_IGNORED = frozenset({"inline", "paragraph_close", "heading_close", "th_close", "td_close"})


class Block(NamedTuple):
    """``kind``: paragraph, heading, row, fence, code_block, html_block, list_item_open,
    list_item_close or table_close.

    ``start`` and ``end`` are the 0-based indices of its first line and of the line after it.
    ``level`` is that of a heading; ``cells`` are the trimmed cells of a table row; ``markup`` and
    ``info`` are the marks that open a fence and the words behind them.
    """

    kind: str
    content: str = ""
    start: int = 0
    end: int = 0
    level: int = 0
    cells: tuple[str, ...] = ()
    markup: str = ""
    info: str = ""


def unneeded(source: str) -> tuple[str, ...]:
    """Return the block rules that find nothing in ``source``."""
    rules = tuple(rule for rule, mark in _NEEDS.items() if mark not in source)
    return rules if _UNDERLINE.search(source) else (*rules, "lheading")


def blocks(
    md: MarkdownIt, source: str, lines: Sequence[str], env: dict[str, Any]
) -> Iterator[Block]:
    """Yield the blocks of ``source``, whose lines are ``lines``, in reading order.

    Link definitions go to ``env["references"]``.
    """
    tokens: list[Token] = []
    md.block.parse(source, md, env, tokens)
    cells: list[str] = []
    for index, token in enumerate(tokens):
        kind = token.type
        if kind in _IGNORED:
            continue
        start, end = token.map or (0, 0)
        if kind in _TEXT:
            content = tokens[index + 1].content
            start = _line_of(content, lines, start, end)
            level = int(token.tag[1]) if kind == "heading_open" else 0
            yield Block(_TEXT[kind], content, start, end, level)
        elif kind in _CELL:
            cells.append(tokens[index + 1].content)
        elif kind == "tr_open":
            cells, row = [], start
        elif kind == "tr_close":
            yield Block("row", start=row, end=row + 1, cells=tuple(cells))
        elif kind in _SAME:
            yield Block(kind, token.content, start, end, markup=token.markup, info=token.info)


def _line_of(content: str, lines: Sequence[str], start: int, end: int) -> int:
    """Return the index of the line on which a text starts.

    The parser trims lines of wide spaces, which CommonMark does not count as blank.
    """
    beginning = content.partition("\n")[0]
    for at in range(start, end):
        if beginning in lines[at]:
            return at
    return start
