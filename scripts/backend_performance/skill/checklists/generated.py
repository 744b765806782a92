"""Blocks of a page that a script writes: between ``<!-- generated:NAME -->`` and its end.

``toc`` is the page's table of contents; ``checklist-index`` lists every checklist of the skill
with its number of items. Everything outside the markers is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..markdown.document import Document
from .model import Checklist

_MARKER = re.compile(r"(/?)generated:([\w-]+)\Z")
NAMES = ("checklist-index", "toc")


@dataclass(frozen=True)
class Block:
    """``start`` and ``end`` are the lines of the markers, from 1; ``end`` 0 when it is missing."""

    name: str
    start: int
    end: int


def blocks(page: Document) -> Iterator[Block]:
    """Yield the generated blocks of a page in order."""
    opened: tuple[str, int] | None = None
    for comment in page.comments:
        match = _MARKER.match(comment.text)
        if not match:
            continue
        closing, name = match.groups()
        if opened and closing and name == opened[0]:
            yield Block(name, opened[1], comment.line)
            opened = None
        elif not closing:
            if opened:
                yield Block(opened[0], opened[1], 0)
            opened = (name, comment.line)
    if opened:
        yield Block(opened[0], opened[1], 0)


def updated(page: Document, checklists: tuple[Checklist, ...]) -> str:
    """Return the page's text with every known block rewritten. Idempotent."""
    lines = list(page.lines)
    for block in reversed(list(blocks(page))):
        if block.end and block.name in NAMES:
            content = _toc(page) if block.name == "toc" else _index(page, checklists)
            lines[block.start : block.end - 1] = ["", *content, ""] if content else []
    return "\n".join(lines)


def _toc(page: Document) -> list[str]:
    return [
        f"- [{_escaped(heading.text)}](#{heading.anchor})"
        for heading in page.headings
        if heading.level == 2
    ]


def _index(page: Document, checklists: tuple[Checklist, ...]) -> list[str]:
    by_file: dict[str, list[str]] = {}
    for listed in checklists:
        title = listed.title.removesuffix(" checklist")
        target = "" if listed.file == page.path else listed.file
        link = f"[{_escaped(title)}]({target}#{listed.anchor or ''})"
        by_file.setdefault(listed.area, []).append(f"{link} {len(listed.items)}")
    return [f"- {area}: {' · '.join(links)}" for area, links in by_file.items()]


def _escaped(text: str) -> str:
    return re.sub(r"([\[\]\\`*_<])", r"\\\1", text.replace("\n", " "))
