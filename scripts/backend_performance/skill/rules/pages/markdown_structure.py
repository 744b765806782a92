"""Markdown that renders as something else than it looks: ragged tables, skipped levels.

A table row with too many cells loses the rest; a skipped heading level breaks the outline that
agents read first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...diagnostic import Diagnostic, note, warning
from ...inspection import Inspection
from ...markdown.document import Document, Table
from ...markdown.layout import Layout

CODES = {
    "heading-level-skipped": (
        "A skipped heading level breaks the outline that agents and tables of contents use. Use "
        "the next level."
    ),
    "table-delimiter-shape": (
        "The row of dashes has another number of columns than the header, so this is no table but "
        "a paragraph of bars. Make them equal."
    ),
    "table-delimiter-missing": (
        "Rows of cells without a row of dashes below the first are no table but one paragraph of "
        "bars. Write `|---|---|` below the header."
    ),
    "table-row-shape": (
        "A row with more cells than the header loses the rest: write `\\|` for a bar inside a "
        "cell, also in code. A row with fewer cells leaves the last columns empty; write the bars "
        "so that it is seen to be meant."
    ),
}

_DELIMITER_ROW = re.compile(r"[ >]*\|[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_BARE_ROW = re.compile(r"\|[^|\n]*[^|\s-][^|\n]*\|[^\n]*\|\s*\Z")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
#: The border between two rows of a grid table, which Pandoc and reStructuredText read.
_GRID_BORDER = re.compile(r"[ \t]*\+(?:[-=:]+\+)+[ \t]*")
#: How many lines below a table the rest of it may be.
_NEAR = 12
_COMMENT = re.compile(r"<!--.{0,500}?-->")


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per structural defect of a page."""
    for page in inspection.skill.documents.values():
        yield from _headings(page)
        yield from _delimiters(page)
        yield from _bare_rows(page)
        for table in page.tables:
            yield from _rows(page, table)


def _delimiters(page: Document) -> Iterator[Diagnostic]:
    """Look for rows of dashes that make no table because the header has another width."""
    if "-|" not in page.text and "- |" not in page.text:
        return
    layout: Layout | None = None
    in_table = {table.header.line + 1 for table in page.tables}
    for number, line in enumerate(page.lines, 1):
        if "|" not in line or number in in_table or not _DELIMITER_ROW.fullmatch(line):
            continue
        above = page.lines[number - 2] if number > 1 else ""
        cells, header = _count_cells(line), _count_cells(above)
        if not above.lstrip("> ").startswith("|") or cells == header:
            continue
        if any(table.header.line < number <= _last(table) for table in page.tables):
            continue
        layout = layout or Layout(page)
        if layout.fence_at(number) is None:
            yield warning(
                "table-delimiter-shape",
                page.path,
                number,
                f"the row of dashes has {cells} cells, the header {header}: this is no table",
                "give both the same number of cells",
            )


def _bare_rows(page: Document) -> Iterator[Diagnostic]:
    """Look for two or more rows outside tables: the row of dashes was forgotten."""
    in_tables = sum(len(table.rows) + 2 for table in page.tables)
    if "|\n|" not in page.text or page.text.count("\n|") <= in_tables - 1:
        return
    layout: Layout | None = None
    taken = {n for table in page.tables for n in range(table.header.line, _last(table) + 1)}
    for number, line in enumerate(page.lines, 1):
        if line[:1] != "|":
            continue
        below = page.lines[number] if number < len(page.lines) else ""
        is_first = number == 1 or page.lines[number - 2][:1] != "|"
        if not is_first or number in taken or _DELIMITER_ROW.fullmatch(below):
            continue
        if number > 1 and _GRID_BORDER.fullmatch(page.lines[number - 2]):
            continue
        if not (_BARE_ROW.match(line) and _BARE_ROW.match(below)):
            continue
        layout = layout or Layout(page)
        if _count_cells(line) == _count_cells(below) and layout.fence_at(number) is None:
            yield warning(
                "table-delimiter-missing",
                page.path,
                number,
                "these rows have no row of dashes below the first: this is no table",
                _loose_hint(page, number),
            )


def _loose_hint(page: Document, number: int) -> str:
    """Return what to do about rows outside tables: an empty line in a cell ends its table."""
    near = (_last(table) for table in page.tables if table.header.line < number)
    last = max(near, default=0)
    if number - last <= _NEAR and page.lines[last - 1].count("|") > 1:
        return f"an empty line ends the table after line {last}: write each cell on one line"
    return "write `|---|---|` below the header, one cell per column"


def _last(table: Table) -> int:
    return table.rows[-1].line if table.rows else table.header.line + 1


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
                column=heading.column,
            )
        previous = heading.level


def _rows(page: Document, table: Table) -> Iterator[Diagnostic]:
    width = len(table.header.cells)
    for row in table.rows:
        line = page.lines[row.line - 1]
        cells = _count_cells(line)
        if cells > width and _count_cells(_COMMENT.sub("", line)) <= width:
            continue  # what is not shown is a comment
        if cells > width:
            yield warning(
                "table-row-shape",
                page.path,
                row.line,
                f"the row has {cells} cells, the header {width}: the rest is not shown",
                _row_hint(line),
            )
        elif 1 < cells < width:
            yield note(
                "table-row-shape",
                page.path,
                row.line,
                f"the row has {cells} cells, the header {width}: the last columns stay empty",
                "write an empty cell where one is meant",
            )


def _row_hint(line: str) -> str:
    """Return what to write: a bar in code belongs to its cell, any other may begin a column."""
    if "||" in line or any("|" in code for code in line.split("`")[1::2]):
        return "write `\\|` for a bar inside a cell, also in code"
    return "add the column to the header, or write `\\|` for a bar that belongs to a cell"


def _count_cells(line: str) -> int:
    # GFM splits cells before it reads code, so a bar in code counts too.
    inner = line.strip().lstrip("> ").removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    if "\\" not in inner:
        return inner.count("|") + 1
    return len(_CELL_BORDER.findall(inner)) + 1
