"""What a measured case gained: read from its page, never written twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...skill.markdown.document import Document

_LABEL = "**Gain.**"
_MAX_CHARACTERS = 160


def of_case(documents: Mapping[str, Document], link: str) -> str | None:
    """Return what a case says it gained, as ``201 queries become 2``.

    Args:
        documents: The skill's pages by path.
        link: ``page#anchor``, or a page that is one case.
    """
    path, _, anchor = link.partition("#")
    page = documents.get(path)
    if page is None:
        return None
    first, last = _lines(page, anchor)
    for line in page.lines[max(first - 1, 0) : last]:
        if line.startswith(_LABEL):
            return line.removeprefix(_LABEL).strip().rstrip(".")[:_MAX_CHARACTERS] or None
    return None


def _lines(page: Document, anchor: str) -> tuple[int, int]:
    """Return the first and the last line of the section."""
    end = len(page.lines)
    for number, heading in enumerate(page.headings):
        if heading.anchor == anchor:
            further = (h.line for h in page.headings[number + 1 :] if h.level <= heading.level)
            return heading.line, next(further, end + 1) - 1
    return (1, end) if not anchor else (0, -1)
