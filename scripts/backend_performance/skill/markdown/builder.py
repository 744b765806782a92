"""Collects headings, links, code, tables and task items from the blocks of one page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.html_re import HTML_OPEN_CLOSE_TAG_STR

from ..diagnostic import Diagnostic
from . import html, inline
from .anchors import Slugger
from .document import CodeSpan, Comment, Document, Fence, Heading, Link, ListItem, Row, Table
from .frontmatter import Frontmatter
from .place import Cell, Place, cell_starts, start_of
from .tokens import Block

_TAG_ALONE = re.compile(HTML_OPEN_CLOSE_TAG_STR + r"[ \t]*\Z")
# GFM 5.3: a box, then white space, at the start of the first paragraph of a list item.
_BOX = re.compile(r"\[([ \t\nxX])\](?:(?=[ \t]*\n)|[ \t]+(?=\S))")


class _OpenItem:
    """A list item whose blocks are being read; ``has_task``: it or an item below it is a task."""

    state: str | None = None
    has_task = False
    text = ""
    column = 1
    links: tuple[Link, ...] = ()

    def __init__(self, line: int, depth: int) -> None:
        self.line, self.depth = line, depth
        self.more: list[str] = []
        self.comments: list[Comment] = []
        self.children: list[ListItem] = []

    def close(self) -> ListItem:
        return ListItem(
            self.state,
            self.text,
            self.line,
            self.column,
            self.depth,
            self.links,
            tuple(self.more),
            tuple(self.comments),
            tuple(self.children),
        )


class Builder:
    """Reads the blocks of one page in order, then makes the ``Document``."""

    def __init__(self, path: str, text: str, lines: Sequence[str]) -> None:
        self._path, self._text, self._lines = path, text, lines
        self._slugger = Slugger()
        self._headings: list[Heading] = []
        self._explicit: set[str] = set()
        self._links: list[Link] = []
        self._code: list[CodeSpan] = []
        self._fences: list[Fence] = []
        self._comments: list[Comment] = []
        self._tables: list[Table] = []
        self._roots: list[ListItem] = []
        self._open: list[_OpenItem] = []
        self._rows: list[Row] = []

    def document(
        self, matter: Frontmatter, problems: Sequence[Diagnostic], labels: frozenset[str]
    ) -> Document:
        anchors = {h.anchor for h in self._headings} | self._explicit
        return Document(
            path=self._path,
            text=self._text,
            lines=self._lines,
            starts=tuple(accumulate((len(line) + 1 for line in self._lines), initial=0)),
            frontmatter=matter,
            headings=tuple(self._headings),
            anchors=frozenset(anchors),
            links=tuple(self._links),
            code_spans=tuple(self._code),
            fences=tuple(self._fences),
            comments=tuple(self._comments),
            tables=tuple(self._tables),
            lists=tuple(self._roots),
            labels=labels,
            problems=tuple(problems),
        )

    def read(self, md: MarkdownIt, blocks: Iterable[Block], env: dict[str, Any]) -> None:
        """Read all blocks of the page, in order."""
        before = ""
        for block in blocks:
            match block.kind:
                case "paragraph":
                    links = self._inline(md, block, env)
                    if self._open:
                        self._item_text(block, before == "list_item_open", links)
                case "heading":
                    self._heading(md, block, env)
                case "row":
                    self._row(md, block, env)
                case "table_close":
                    self._tables.append(Table(self._rows[0], tuple(self._rows[1:])))
                    self._rows = []
                case "fence" | "code_block":
                    self._fence(block)
                case "html_block":
                    self._html(block)
                case "list_item_open":
                    self._open.append(_OpenItem(block.start + 1, len(self._open)))
                case "list_item_close":
                    self._close_item()
            before = block.kind

    def _inline(self, md: MarkdownIt, block: Block, env: dict[str, Any]) -> tuple[Link, ...]:
        found = inline.find(md, block.content, env)
        if not found:
            return ()
        return self._collect(found, Place(self._lines, block.content, block.start))

    def _heading(self, md: MarkdownIt, block: Block, env: dict[str, Any]) -> None:
        seen = inline.plain_text(md, block.content, env)
        line, column = start_of(self._lines, block.content, block.start)
        anchor = self._slugger.unique(seen)
        self._headings.append(Heading(block.level, seen.strip(), anchor, line, column))
        self._inline(md, block, env)

    def _row(self, md: MarkdownIt, block: Block, env: dict[str, Any]) -> None:
        source = self._lines[block.start]
        self._rows.append(Row(block.cells, block.start + 1))
        starts: list[int] = []
        for index, cell in enumerate(block.cells):
            found = inline.find(md, cell, env)
            if found:
                starts = starts or cell_starts(source, block.cells)
                self._collect(found, Cell(cell, block.start + 1, starts[index]))

    def _collect(self, found: Iterable[html.Found], where: Place | Cell) -> tuple[Link, ...]:
        links: list[Link] = []
        for thing in found:
            line, column = where.at(thing.offset)
            if thing.kind == "code":
                self._code.append(CodeSpan(thing.value, line, column))
            elif thing.kind == "comment":
                comment = Comment(thing.value, line, column)
                self._comments.append(comment)
                if self._open:
                    self._open[-1].comments.append(comment)
            elif thing.kind == "anchor":
                self._explicit.add(thing.value)
            else:
                links.append(Link(thing.value, thing.text, thing.kind, line, column))
        self._links.extend(links)
        return tuple(links)

    def _fence(self, block: Block) -> None:
        start, end = block.start, block.end
        source = self._lines[start] if start < len(self._lines) else ""
        closed = True
        column = len(source) - len(source.lstrip(" \t>")) + 1
        if block.kind == "fence":
            # The marks of quotes and lists never look like those of a fence.
            column = max(source.find(block.markup), 0) + 1
            last = self._lines[min(end, len(self._lines)) - 1].strip(" \t>")
            is_mark = len(last) >= len(block.markup) and set(last) <= {block.markup[0]}
            closed = end - start > 1 and is_mark
        self._fences.append(
            Fence(block.info.strip(), block.content, start + 1, column, closed, end)
        )

    def _html(self, block: Block) -> None:
        source = block.content[: inline.MAX_LENGTH]
        where = Place(self._lines, source, block.start)
        self._collect(html.find(source), where)
        for offset, level, text in html.headings(source):
            line, column = where.at(offset)
            anchor = self._slugger.unique(text)
            self._headings.append(Heading(level, text, anchor, line, column))

    def _item_text(self, block: Block, first: bool, links: tuple[Link, ...]) -> None:
        item = self._open[-1]
        if not first:
            item.more.append(block.content)
            return
        item.line, item.column = start_of(self._lines, block.content, block.start)
        item.links = links
        box = _BOX.match(block.content)
        if box:
            item.state = "done" if box.group(1) in "xX" else "open"
            item.has_task = True
        content = block.content
        if "\n<" in content:
            content = self._before_lazy_html(content, block.start, item.column)
        item.text = content[box.end() :].lstrip() if box else content

    def _before_lazy_html(self, content: str, first: int, column: int) -> str:
        """Cut an item's text before a tag alone on a line that is indented less than the text.

        It is invisible either way. markdown-it reads an element within the text, GitHub and remark
        read HTML below the list (CommonMark 4.6 and 5.2 allow both).
        """
        lines = content.split("\n")
        for index, line in enumerate(lines):
            source = self._lines[min(first + index, len(self._lines) - 1)]
            indent = len(source[: source.find("<")].expandtabs(4))
            if index and indent < column - 1 and _TAG_ALONE.match(line):
                return "\n".join(lines[:index])
        return content

    def _close_item(self) -> None:
        item = self._open.pop()
        if self._open:
            above = self._open[-1]
            above.children.append(item.close())
            above.has_task |= item.has_task
        elif item.has_task:
            self._roots.append(item.close())
