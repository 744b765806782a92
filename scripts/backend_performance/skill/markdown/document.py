"""A page once it has been read: plain data with lines and columns of the file.

Things that a page has by the thousand are named tuples: making one takes a third of the time of
a frozen dataclass.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..diagnostic import Diagnostic
from .anchors import loose, slug, words
from .frontmatter import Frontmatter

_WRITTEN_ANCHOR = re.compile(r"\{#([^{}]+)\}\Z")


class Heading(NamedTuple):
    level: int
    text: str
    anchor: str
    line: int
    column: int


class Link(NamedTuple):
    """``style``: link, reference, autolink, bare, image or html. ``target`` is decoded."""

    target: str
    text: str
    style: str
    line: int
    column: int


class CodeSpan(NamedTuple):
    text: str
    line: int
    column: int


class Fence(NamedTuple):
    """A code block from ``line`` to ``end``; the text of a fenced one begins one line below."""

    info: str
    text: str
    line: int
    column: int
    closed: bool
    end: int


class Comment(NamedTuple):
    text: str
    line: int
    column: int


class Row(NamedTuple):
    cells: tuple[str, ...]
    line: int


class Table(NamedTuple):
    header: Row
    rows: tuple[Row, ...]


class ListItem(NamedTuple):
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
        found: list[ListItem] = [self]
        for child in self.children:
            found.extend(child.walk())
        return found


@dataclass(frozen=True)
class Document:
    """``lists`` has only the lists that contain a task somewhere.

    ``starts`` are the offsets of the lines in the text, and one more for the end of the last.
    ``labels`` are the normalised labels of the page's link definitions.
    """

    path: str
    text: str
    lines: Sequence[str]
    starts: Sequence[int]
    frontmatter: Frontmatter
    headings: tuple[Heading, ...] = ()
    anchors: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()
    code_spans: tuple[CodeSpan, ...] = ()
    fences: tuple[Fence, ...] = ()
    comments: tuple[Comment, ...] = ()
    tables: tuple[Table, ...] = ()
    lists: tuple[ListItem, ...] = ()
    labels: frozenset[str] = frozenset()
    problems: tuple[Diagnostic, ...] = ()

    def line_column(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset in the text, both from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    @property
    def tasks(self) -> tuple[ListItem, ...]:
        """All task items of the page, in reading order."""
        return tuple(i for root in self.lists for i in root.walk() if i.state is not None)

    @cached_property
    def headings_by_slug(self) -> Mapping[str, Sequence[Heading]]:
        """The headings by their anchors before these are numbered, in reading order."""
        found: dict[str, list[Heading]] = {}
        for heading in self.headings:
            found.setdefault(slug(heading.text), []).append(heading)
        return found

    @cached_property
    def repeated_anchors(self) -> frozenset[str]:
        """Anchors that several headings share before they are numbered."""
        counts = Counter(heading.anchor for heading in self.headings)
        for anchor, headings in self.headings_by_slug.items():
            counts[anchor] += sum(heading.anchor != anchor for heading in headings)
        return frozenset(anchor for anchor, count in counts.items() if count > 1)

    @cached_property
    def loose_anchors(self) -> frozenset[str]:
        """The anchors in the form that is compared when no anchor matches exactly.

        GitHub does not read `## Title {#anchor}`, but many sites that show such pages do.
        """
        written = (_WRITTEN_ANCHOR.search(heading.text) for heading in self.headings)
        names = {match[1] for match in written if match}
        return frozenset(map(loose, self.anchors | names))

    @cached_property
    def anchors_by_words(self) -> dict[str, str]:
        """The anchors of the headings by their words; of several headings, the first."""
        return {words(each.anchor): each.anchor for each in reversed(self.headings)}

    @property
    def body(self) -> str:
        return self.text[self.starts[self.frontmatter.body_line] :]

    def heading_above(self, line: int) -> Heading | None:
        """Return the last heading at or before ``line``."""
        index = bisect_right(self.headings, line, key=lambda heading: heading.line)
        return self.headings[index - 1] if index else None
