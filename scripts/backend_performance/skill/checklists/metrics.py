"""The key-metrics table of a page as data that a verdict can be computed from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..markdown.document import Document, Table
from ..package import Skill

_COLUMNS = ("metric", "target", "action")
_BOUND = re.compile(r"(<=|>=|<|>|≤|≥|=)\s*(\d[\d,]*(?:\.\d+)?)\s*(.*)\Z")
_OPERATORS = {"≤": "<=", "≥": ">="}


@dataclass(frozen=True)
class Bound:
    """``op value unit``; a target in words has ``op`` "is" and no unit."""

    op: str
    value: float | int | str
    unit: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {"op": self.op, "value": self.value, "unit": self.unit}


@dataclass(frozen=True)
class Metric:
    metric: str
    target: Bound
    action: Bound
    file: str
    line: int

    def to_json(self) -> dict[str, Any]:
        return {
            "metric": self.metric,
            "target": self.target.to_json(),
            "action": self.action.to_json(),
            "file": self.file,
            "line": self.line,
        }


def parse_bound(text: str) -> Bound:
    """Read ``< 200 ms``, ``>80%`` or a word such as ``stable``."""
    plain = text.strip().strip("*`").strip()
    match = _BOUND.match(plain)
    if not match:
        return Bound("is", plain.lower())
    op, digits, unit = match.groups()
    number = float(digits.replace(",", ""))
    return Bound(
        _OPERATORS.get(op, op),
        int(number) if number.is_integer() else number,
        unit.strip() or None,
    )


def extract(skill: Skill) -> tuple[Metric, ...]:
    """Return the rows of every metrics table of the skill."""
    return tuple(
        metric
        for page in skill.documents.values()
        for table in page.tables
        for metric in _of_table(page, table)
    )


def _of_table(page: Document, table: Table) -> Iterator[Metric]:
    columns = _columns(table)
    if columns is None or not _is_marked(page, table):
        return
    name, target, action = columns
    for row in table.rows:
        yield Metric(
            row.cells[name].strip().strip("*"),
            parse_bound(row.cells[target]),
            parse_bound(row.cells[action]),
            page.path,
            row.line,
        )


def _is_marked(page: Document, table: Table) -> bool:
    """Return whether a table is below a heading about metrics or after ``<!-- metrics -->``."""
    heading = page.heading_above(table.header.line)
    if heading and "metric" in heading.text.lower():
        return True
    start = heading.line if heading else 0
    return any(
        comment.text == "metrics" and start <= comment.line < table.header.line
        for comment in page.comments
    )


def _columns(table: Table) -> tuple[int, int, int] | None:
    """Return the indices of the columns for name, target and action, if the table has them."""
    names = [cell.strip().lower() for cell in table.header.cells]
    places = [
        next((i for i, name in enumerate(names) if name.startswith(wanted)), -1)
        for wanted in _COLUMNS
    ]
    return None if min(places) < 0 else (places[0], places[1], places[2])
