"""Files that the entry page names in code without their folder or extension.

`yt-search "bees"` starts `scripts/yt-search`; `branch-naming` means `rules/branch-naming.md`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..markdown.document import Document
from ..package import Skill
from .paths import base_name, stem


def named(skill: Skill) -> set[str]:
    """Return the pages named by their stem, and the scripts named like commands."""
    page = skill.entry_document
    spans = {span.text.strip() for span in page.code_spans}
    found = {name for name in skill.documents if stem(name) in spans}
    found.update(_shortened(skill, spans - {skill.root.name, skill.name}))
    scripts = [name for name in skill.files if "/" in name and "." not in base_name(name)]
    commands = set(_first_words(page, spans)) if scripts else set()
    return found | {name for name in scripts if base_name(name) in commands}


def _shortened(skill: Skill, spans: set[str]) -> Iterator[str]:
    """Yield the one page that begins like a span of two words or more: `branch-naming`.

    Only pages of a folder that the entry page names: its reader looks there for the rest.
    """
    text = skill.entry_document.text
    longer: dict[str, list[str]] = {}
    for name in skill.documents:
        words = stem(name).split("-")
        for count in range(2, len(words)):
            longer.setdefault("-".join(words[:count]), []).append(name)
    for span in spans:
        pages = longer.get(span, ())
        if len(pages) == 1 and "/" in pages[0] and f"{pages[0].rpartition('/')[0]}/" in text:
            yield pages[0]


def _first_words(page: Document, spans: set[str]) -> Iterator[str]:
    for fence in page.fences:
        for line in page.lines[fence.line : fence.end]:
            yield from line.removeprefix("$ ").split(None, 1)[:1]
    for span in spans:
        yield from span.split(None, 1)[:1]
