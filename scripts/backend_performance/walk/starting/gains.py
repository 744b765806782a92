"""What gain a measured case shows: read from the table of its page, never written twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...skill.markdown.document import Document, Table

_FACTOR = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*×")
_MAX_VARIANT = 60


def of_case(documents: Mapping[str, Document], link: str) -> str | None:
    """Return the largest factor in the first table of a case, as ``3.6× (With the index)``.

    Args:
        documents: The skill's pages by path.
        link: ``page#anchor``, or a page that is one case.
    """
    path, _, anchor = link.partition("#")
    page = documents.get(path)
    if page is None:
        return None
    first, last = _lines(page, anchor)
    for table in page.tables:
        if first <= table.header.line <= last and (found := _best(table)):
            return found
    return None


def _lines(page: Document, anchor: str) -> tuple[int, int]:
    """Return the first and the last line of the section."""
    end = len(page.lines)
    for number, heading in enumerate(page.headings):
        if heading.anchor == anchor:
            further = (h.line for h in page.headings[number + 1 :] if h.level <= heading.level)
            return heading.line, next(further, end + 1) - 1
    return (1, end) if not anchor else (0, -1)


def _best(table: Table) -> str | None:
    best, text = 1.0, None
    for row in table.rows:
        for cell in row.cells[1:]:
            match = _FACTOR.search(cell)
            factor = float(match.group(1).replace(",", "")) if match else 0.0
            if match and factor > best:
                variant = " ".join(row.cells[0].replace("`", "").split())[:_MAX_VARIANT]
                best, text = factor, f"{match.group(1)}× ({variant})"
    return text
