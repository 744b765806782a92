"""Markdown that renders as something else than it looks: open fences, ragged tables, levels.

An unclosed fence turns the rest of the page into code; a table row with too many cells loses
the rest; a skipped heading level breaks the outline that agents read first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostic import Diagnostic, error, note, warning
from ..document import Document, Table
from ..inspection import Inspection

CODES = ("fence-unclosed", "heading-level-skipped", "table-row-shape")

_CELL_BORDER = re.compile(r"(?<!\\)\|")


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per structural defect of a page."""
    for page in inspection.skill.documents.values():
        yield from _fences(page)
        yield from _headings(page)
        for table in page.tables:
            yield from _rows(page, table)


def _fences(page: Document) -> Iterator[Diagnostic]:
    for fence in page.fences:
        if not fence.closed:
            yield error(
                "fence-unclosed",
                page.path,
                fence.line,
                "the code fence that starts here is never closed",
                "close it with a line of as many backticks or tildes",
                fence.column,
            )


def _headings(page: Document) -> Iterator[Diagnostic]:
    previous = 0
    for heading in page.headings:
        if previous and heading.level > previous + 1:
            yield note(
                "heading-level-skipped",
                page.path,
                heading.line,
                f"level {heading.level} follows level {previous}",
                f"use level {previous + 1}",
                heading.column,
            )
        previous = heading.level


def _rows(page: Document, table: Table) -> Iterator[Diagnostic]:
    width = len(table.header.cells)
    for row in table.rows:
        cells = _count_cells(page.lines[row.line - 1])
        if cells > width:
            yield warning(
                "table-row-shape",
                page.path,
                row.line,
                f"the row has {cells} cells, the header {width}: the rest is not shown",
                "write `\\|` for a bar inside a cell, also in code",
            )


def _count_cells(line: str) -> int:
    # GFM splits cells before it reads code, so a bar in code counts too.
    inner = line.strip().lstrip("> ").removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return len(_CELL_BORDER.findall(inner)) + 1
