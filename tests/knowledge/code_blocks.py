"""The code blocks of this skill's pages, for tests that run or parse them.

A fence says behind its language what a test needs to know, where GitHub does not look:

    ```sql engine=postgres since=16

``engine`` names the system that runs it; ``since`` and ``before`` bound its major version;
``error`` is the code that the statement ends with where its example value does not exist.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

from tests.knowledge.tables import ROOT, this_skill


@dataclass(frozen=True)
class Block:
    """One fence: ``page`` relative to the skill, ``section`` the anchor of its heading."""

    page: str
    section: str
    language: str
    attributes: Mapping[str, str]
    code: str
    line: int

    @property
    def name(self) -> str:
        return f"{Path(self.page).stem}:{self.line}-{self.language}"

    def fits(self, major: int) -> bool:
        """Return whether the block is for this major version of its engine."""
        since, before = (int(self.attributes.get(n, d)) for n, d in (("since", 0), ("before", 999)))
        return since <= major < before


def blocks(*pages: str) -> tuple[Block, ...]:
    """Return the blocks of the pages in order; of all references when none is named."""
    named = pages or tuple(
        sorted(f"references/{path.name}" for path in (ROOT / "references").glob("*.md"))
    )
    return tuple(block for page in named for block in _of_page(page))


def blocks_of(place: str, language: str = "sql", **attributes: str) -> tuple[Block, ...]:
    """Return the blocks of the section ``page#anchor`` in a language, narrowed by attributes."""
    page, _, anchor = place.partition("#")
    return tuple(
        block
        for block in blocks(page)
        if (block.section, block.language) == (anchor, language)
        and attributes.items() <= block.attributes.items()
    )


@cache
def _of_page(page: str) -> tuple[Block, ...]:
    return tuple(_read(page))


def _read(page: str) -> Iterator[Block]:
    headings = this_skill().skill.documents[page].headings
    for token in MarkdownIt("commonmark").parse((ROOT / page).read_text(encoding="utf-8")):
        if token.type != "fence" or not token.map:
            continue
        line = token.map[0] + 1
        language, *words = shlex.split(token.info) or [""]
        section = next((h.anchor for h in reversed(headings) if h.line < line), "")
        attributes = dict(word.partition("=")[::2] for word in words)
        yield Block(page, section, language, attributes, token.content, line)
