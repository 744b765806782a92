"""Code spans of blocks that hold neither links nor HTML: read here, without markdown-it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .html import Found

_BACKTICKS = re.compile(r"`+")


def simple(content: str) -> list[Found]:
    """Return the code spans of a block in which every delimiter is one backtick."""
    found, offset = [], 0
    parts = content.split("`")
    for index in range(1, len(parts) - 1, 2):
        offset += len(parts[index - 1])
        text = parts[index]
        found.append(Found("code", _trimmed(text.replace("\n", " ")), offset))
        offset += len(text) + 2
    return found


def spans(content: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the code spans of a block without links and HTML."""
    runs = [(match.start(), match.end()) for match in _BACKTICKS.finditer(content)]
    later: dict[int, list[int]] = {}
    for start, end in reversed(runs):
        later.setdefault(end - start, []).append(start)
    done = 0
    for start, end in runs:
        if start < done:
            continue
        slashes = start
        while slashes > done and content[slashes - 1] == "\\":
            slashes -= 1
        start += (start - slashes) % 2
        size = end - start
        closers = later.get(size, [])
        while closers and closers[-1] < end:
            closers.pop()
        if size and closers:
            done = closers.pop() + size
            yield start, done


def text_of(source: str) -> str:
    """Return the text of a code span written as ``source``."""
    size = len(source) - len(source.lstrip("`"))
    return _trimmed(source[size:-size].replace("\n", " "))


def _trimmed(text: str) -> str:
    if text.startswith(" ") and text.endswith(" ") and text.strip(" "):
        return text[1:-1]
    return text
