"""Comments, links, anchors and headings that a page writes as raw HTML.

Every pattern is bounded: a page of a million unclosed tags costs no more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

_VALUE = r"""("[^"<>]{0,2000}"|'[^'<>]{0,2000}'|[^\s>"']{1,2000})"""
_LINK = re.compile(
    rf"<(a|img|source|video|audio|iframe|link|script)\b[^<>]{{0,2000}}?\s(href|src)\s{{0,8}}=\s{{0,8}}{_VALUE}",
    re.IGNORECASE,
)
_ANCHOR = re.compile(
    rf"<[a-z][a-z0-9]{{0,20}}\b[^<>]{{0,2000}}?\s(?:id|name)\s{{0,8}}=\s{{0,8}}{_VALUE}",
    re.IGNORECASE,
)
_HEADING_TAG = re.compile(r"<h([1-6])\b[^<>]{0,500}>|</h([1-6])\s{0,8}>", re.IGNORECASE)
_MAX_HEADING = 2000
_TAG = re.compile(r"<[^<>]*>")


class Found(NamedTuple):
    """Something at ``offset`` of a block's content.

    ``kind`` is one of link, reference, autolink, bare, image, html, code, comment, anchor.
    ``value`` is the target, the code, the comment or the anchor; ``text`` what a reader sees.
    """

    kind: str
    value: str
    offset: int
    text: str = ""


def comments(source: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of every comment."""
    start = source.find("<!--")
    while start >= 0:
        end = source.find("-->", start + 4)
        if end < 0:
            return
        yield start, end + 3
        start = source.find("<!--", end + 3)


def without_comments(source: str) -> str:
    """Return ``source`` with comments blanked out, at the same offsets."""
    parts, last = [], 0
    for start, end in comments(source):
        blank = "".join("\n" if character == "\n" else " " for character in source[start:end])
        parts += [source[last:start], blank]
        last = end
    return "".join(parts) + source[last:] if parts else source


def find(source: str, offset: int = 0) -> Iterator[Found]:
    """Yield comments, links and anchors; nothing inside a comment counts."""
    for start, end in comments(source):
        yield Found("comment", source[start + 4 : end - 3].strip(), offset + start)
    visible = without_comments(source)
    if "=" not in visible:
        return
    for match in _LINK.finditer(visible):
        kind = "image" if match.group(1).lower() == "img" else "html"
        yield Found(kind, unquote(match.group(3).strip("\"'")), offset + match.start())
    for match in _ANCHOR.finditer(visible):
        yield Found("anchor", match.group(1).strip("\"'"), offset + match.start())


def headings(source: str) -> Iterator[tuple[int, int, str]]:
    """Yield (offset, level, text) of headings."""
    if "</" not in source:
        return
    visible = without_comments(source)
    opened: dict[str, re.Match[str]] = {}
    for tag in _HEADING_TAG.finditer(visible):
        if tag.group(1):
            first = opened.get(tag.group(1))
            if first is None or tag.start() - first.end() > _MAX_HEADING:
                opened[tag.group(1)] = tag
            continue
        start = opened.get(tag.group(2))
        if start and tag.start() - start.end() <= _MAX_HEADING:
            text = visible[start.end() : tag.start()]
            yield start.start(), int(tag.group(2)), _TAG.sub("", text).strip()
        opened.clear()
