"""One page, parsed once: bytes in, a ``Document`` out, never an exception for its content."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from . import frontmatter, inline
from .anchors import Slugger
from .diagnostic import Diagnostic, error
from .frontmatter import Frontmatter

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
#: A page is read by people and models; anything larger is data in disguise.
MAX_BYTES = 12 * 1024 * 1024

# GFM 5.3: a box, then white space, at the start of the first paragraph of a list item.
_BOX = re.compile(r"\[([ \t\nxX])\](?:(?=[ \t]*\n)|[ \t]+(?=\S))")
_LINE_ENDS = re.compile(r"\r\n?")


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    anchor: str
    line: int
    column: int


@dataclass(frozen=True)
class Link:
    """``style``: link, reference, autolink, bare, image or html. ``target`` is decoded."""

    target: str
    text: str
    style: str
    line: int
    column: int


@dataclass(frozen=True)
class CodeSpan:
    text: str
    line: int
    column: int


@dataclass(frozen=True)
class Fence:
    """A fenced code block; ``line`` is that of the opening fence, ``text`` starts one below."""

    info: str
    text: str
    line: int
    column: int
    closed: bool
    end: int


@dataclass(frozen=True)
class Comment:
    text: str
    line: int
    column: int


@dataclass(frozen=True)
class Row:
    cells: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Table:
    header: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ListItem:
    """A list item; ``state`` is ``open`` or ``done`` for a task and ``None`` otherwise.

    ``text`` is the Markdown of its first paragraph without the box; ``more`` that of its further
    paragraphs.
    """

    state: str | None
    text: str
    line: int
    column: int
    depth: int
    links: tuple[Link, ...] = ()
    more: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    children: tuple[ListItem, ...] = ()

    def walk(self) -> list[ListItem]:
        """Return this item and all below it, in reading order."""
        found = [self]
        for child in self.children:
            found.extend(child.walk())
        return found


@dataclass(frozen=True)
class Document:
    """``lists`` holds only the lists that contain a task somewhere."""

    path: str
    text: str
    lines: tuple[str, ...]
    frontmatter: Frontmatter
    headings: tuple[Heading, ...] = ()
    anchors: frozenset[str] = frozenset()
    explicit_anchors: tuple[tuple[str, int], ...] = ()
    links: tuple[Link, ...] = ()
    code_spans: tuple[CodeSpan, ...] = ()
    fences: tuple[Fence, ...] = ()
    comments: tuple[Comment, ...] = ()
    tables: tuple[Table, ...] = ()
    lists: tuple[ListItem, ...] = ()
    problems: tuple[Diagnostic, ...] = ()

    @property
    def tasks(self) -> tuple[ListItem, ...]:
        """All task items of the page, in reading order."""
        return tuple(i for root in self.lists for i in root.walk() if i.state is not None)

    @property
    def body(self) -> str:
        return "\n".join(self.lines[self.frontmatter.body_line :])

    def heading_above(self, line: int) -> Heading | None:
        """Return the last heading at or before ``line``."""
        index = bisect_right(self.headings, line, key=lambda heading: heading.line)
        return self.headings[index - 1] if index else None


def parse(data: bytes, path: str) -> Document:
    """Parse the bytes of the Markdown file ``path`` (relative to the skill, forward slashes)."""
    text, problems = _decode(data, path)
    lines = text.split("\n")
    matter = frontmatter.read(lines, path)
    problems.extend(matter.problems)
    # Blank lines in place of the frontmatter keep every line number that of the file.
    body = "\n" * matter.body_line + "\n".join(lines[matter.body_line :])
    builder = _Builder(path, lines)
    env: dict[str, Any] = {}
    tokens: list[Token] = []
    md = _parser()
    try:
        md.block.parse(body.replace("\x00", "\ufffd"), md, env, tokens)
        builder.read(md, tokens, env)
    except RecursionError:
        problems.append(
            error(
                "markdown-too-deep",
                path,
                1,
                "blocks or brackets are nested too deep to be read",
                "flatten the nesting",
            )
        )
    return builder.document(text, matter, problems)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return inline.parser()


def _decode(data: bytes, path: str) -> tuple[str, list[Diagnostic]]:
    problems: list[Diagnostic] = []
    if len(data) > MAX_BYTES:
        problems.append(
            error(
                "file-too-large",
                path,
                1,
                f"the file has {len(data)} bytes; only the first {MAX_BYTES} were read",
                "split the page, or keep data out of Markdown",
            )
        )
        data = data[:MAX_BYTES]
    if data.startswith(BYTE_ORDER_MARK):
        data = data[len(BYTE_ORDER_MARK) :]
        problems.append(
            error(
                "byte-order-mark",
                path,
                1,
                "the file starts with a byte-order mark, which hides the frontmatter from readers",
                "save the file as UTF-8 without BOM",
            )
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        column = exc.start - data.rfind(b"\n", 0, exc.start)
        text = data.decode("utf-8", errors="replace")
        if not text.rstrip("\ufffd").count("\ufffd") and len(data) == MAX_BYTES:
            return _LINE_ENDS.sub("\n", text), problems
        problems.append(
            error(
                "not-utf-8",
                path,
                line,
                f"byte 0x{data[exc.start]:02x} is not valid UTF-8",
                "save the file as UTF-8",
                column,
            )
        )
    return _LINE_ENDS.sub("\n", text), problems


@dataclass
class _OpenItem:
    """A list item while its tokens are being read."""

    line: int
    column: int
    depth: int
    state: str | None = None
    text: str | None = None
    links: tuple[Link, ...] = ()
    more: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    children: list[ListItem] = field(default_factory=list)

    def close(self) -> ListItem:
        return ListItem(
            self.state,
            self.text or "",
            self.line,
            self.column,
            self.depth,
            self.links,
            tuple(self.more),
            tuple(self.comments),
            tuple(self.children),
        )


class _Builder:
    """Collects what the block tokens of one page hold."""

    def __init__(self, path: str, lines: Sequence[str]) -> None:
        self._path, self._lines = path, tuple(lines)
        self._slugger = Slugger()
        self._headings: list[Heading] = []
        self._explicit: list[tuple[str, int]] = []
        self._links: list[Link] = []
        self._code: list[CodeSpan] = []
        self._fences: list[Fence] = []
        self._comments: list[Comment] = []
        self._tables: list[Table] = []
        self._roots: list[ListItem] = []
        self._open: list[_OpenItem] = []
        self._rows: list[Row] = []
        self._cells: list[str] = []
        self._cell_cursor = 0
        self._row_line = 1

    def document(
        self, text: str, matter: Frontmatter, problems: Sequence[Diagnostic]
    ) -> Document:
        anchors = {h.anchor for h in self._headings} | {name for name, _ in self._explicit}
        return Document(
            path=self._path,
            text=text,
            lines=self._lines,
            frontmatter=matter,
            headings=tuple(self._headings),
            anchors=frozenset(anchors),
            explicit_anchors=tuple(self._explicit),
            links=tuple(self._links),
            code_spans=tuple(self._code),
            fences=tuple(self._fences),
            comments=tuple(self._comments),
            tables=tuple(self._tables),
            lists=tuple(self._roots),
            problems=tuple(problems),
        )

    def read(self, md: MarkdownIt, tokens: Sequence[Token], env: dict[str, Any]) -> None:
        for index, token in enumerate(tokens):
            kind = token.type
            if kind == "inline":
                opener, parent = tokens[index - 1], tokens[max(index - 2, 0)]
                links = self._inline(md, opener, token, env)
                if opener.type == "paragraph_open" and self._open:
                    self._item_text(token, parent.type == "list_item_open", links)
            elif kind in ("fence", "code_block"):
                self._fence(token)
            elif kind == "html_block":
                self._html(token)
            elif kind == "list_item_open":
                line = token.map[0] if token.map else 0
                self._open.append(_OpenItem(line + 1, 1, len(self._open)))
            elif kind == "list_item_close":
                self._close_item()
            elif kind == "tr_open":
                self._cells, self._cell_cursor = [], 0
                self._row_line = (token.map or [0])[0] + 1
            elif kind == "tr_close":
                self._rows.append(Row(tuple(self._cells), self._row_line))
            elif kind == "table_close":
                self._tables.append(Table(self._rows[0], tuple(self._rows[1:])))
                self._rows = []

    def _inline(
        self, md: MarkdownIt, opener: Token, token: Token, env: dict[str, Any]
    ) -> tuple[Link, ...]:
        in_cell = opener.type in ("th_open", "td_open")
        where = _Place(self._lines, token, self._cell_cursor if in_cell else 0)
        if in_cell:
            self._cells.append(token.content)
            self._cell_cursor = where.end_of_cell()
        if opener.type == "heading_open":
            text = inline.plain_text(md, token.content, env).strip()
            line, column = where.at(0)
            level = int(opener.tag[1])
            self._headings.append(
                Heading(level, text, self._slugger.unique(text), line, column)
            )
        return self._collect(inline.find(md, token.content, env), where)

    def _item_text(self, token: Token, first: bool, links: tuple[Link, ...]) -> None:
        item = self._open[-1]
        if not first:
            item.more.append(token.content)
            return
        item.line, item.column = _Place(self._lines, token, 0).at(0)
        item.links = links
        box = _BOX.match(token.content)
        if box:
            item.state = "done" if box.group(1) in "xX" else "open"
        item.text = token.content[box.end() :].lstrip() if box else token.content

    def _collect(self, found: Sequence[inline.Found], where: _Place) -> tuple[Link, ...]:
        links: list[Link] = []
        for thing in found:
            line, column = where.at(thing.offset)
            if thing.kind == "code":
                self._code.append(CodeSpan(thing.value, line, column))
            elif thing.kind == "comment":
                self._comment(Comment(thing.value, line, column))
            elif thing.kind == "anchor":
                self._explicit.append((thing.value, line))
            else:
                links.append(Link(thing.value, thing.text, thing.kind, line, column))
        self._links.extend(links)
        return tuple(links)

    def _comment(self, comment: Comment) -> None:
        self._comments.append(comment)
        if self._open:
            self._open[-1].comments.append(comment)

    def _fence(self, token: Token) -> None:
        start, end = token.map or [0, 0]
        source = self._lines[start] if start < len(self._lines) else ""
        closed = True
        if token.type == "fence":
            last = self._lines[min(end, len(self._lines)) - 1].strip(" \t>")
            closed = end - start > 1 and len(last) >= len(token.markup) and set(last) <= {
                token.markup[0]
            }
        column = len(source) - len(source.lstrip(" \t>")) + 1
        self._fences.append(
            Fence(token.info.strip(), token.content, start + 1, column, closed, end)
        )

    def _html(self, token: Token) -> None:
        where = _Place(self._lines, token, 0)
        self._collect(tuple(inline.html(token.content)), where)
        for offset, level, text in inline.html_headings(token.content):
            line, column = where.at(offset)
            self._headings.append(
                Heading(level, text, self._slugger.unique(text), line, column)
            )

    def _close_item(self) -> None:
        item = self._open.pop().close()
        if self._open:
            self._open[-1].children.append(item)
        elif any(i.state for i in item.walk()):
            self._roots.append(item)


class _Place:
    """Turns an offset in a block's content into line and column of the file, both from 1."""

    def __init__(self, lines: Sequence[str], token: Token, cursor: int) -> None:
        self._lines, self._content, self._cursor = lines, token.content, cursor
        self._first = token.map[0] if token.map else 0

    def at(self, offset: int) -> tuple[int, int]:
        before = self._content.count("\n", 0, offset)
        start = self._content.rfind("\n", 0, offset) + 1
        end = self._content.find("\n", start)
        wanted = self._content[start : end if end >= 0 else None]
        index = min(self._first + before, len(self._lines) - 1)
        column = self._lines[index].find(wanted, self._cursor if not before else 0)
        if column < 0:
            column = max(self._lines[index].find(wanted.strip()), 0)
        return index + 1, column + (offset - start) + 1

    def end_of_cell(self) -> int:
        """Return where the next cell of the same source line may start."""
        source = self._lines[min(self._first, len(self._lines) - 1)]
        found = source.find(self._content, self._cursor)
        return found + len(self._content) if found >= 0 else self._cursor
