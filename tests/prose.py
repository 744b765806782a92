"""Measures the text of a Markdown page: its sections in tokens, its paragraphs in characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backend_performance.skill.rules.pages.body_budget import tokens_of
from markdown_it import MarkdownIt

#: Blocks alone: what stands inside them is counted as it is written.
_PARSER = MarkdownIt("commonmark").enable("table").disable("inline")
_ADDRESS = re.compile(r"\]\([^)]*\)")


def sections(text: str) -> Iterator[tuple[str, int]]:
    """Yield the heading of each section and its tokens, sub-sections not included."""
    lines = text.splitlines(keepends=True)
    headings = [
        (token.map[0], lines[token.map[0]].strip())
        for token in _PARSER.parse(text)
        if token.type == "heading_open" and token.map
    ]
    ends = [start for start, _ in headings[1:]] + [len(lines)]
    for (start, heading), end in zip(headings, ends, strict=True):
        yield heading, tokens_of("".join(lines[start:end]))


def paragraphs(text: str) -> Iterator[str]:
    """Yield each paragraph, list item and table cell as it is read: without addresses."""
    for token in _PARSER.parse(text):
        if token.type == "inline":
            yield _ADDRESS.sub("]", token.content)
