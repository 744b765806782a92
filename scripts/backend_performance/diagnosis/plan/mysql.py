"""Plans of MySQL (EXPLAIN FORMAT=JSON) and MariaDB (also ANALYZE FORMAT=JSON).

MySQL's EXPLAIN gives estimates only, so nothing of it is more than a question. MariaDB's ANALYZE
counts rows (``r_rows``), which can prove a full scan, and so does MySQL's in the form that
``iterators`` translates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..redaction import identifier, untrusted
from .rule import Hit, rounded
from .tree import MAX_DEPTH, PlanError

_MANUAL = "https://dev.mysql.com/doc/refman/8.4/en/explain-output.html"


@dataclass(frozen=True)
class TableAccess:
    """How one table is read."""

    raw: Mapping[str, Any]

    @property
    def full(self) -> bool:
        return self.raw.get("access_type") == "ALL"

    @property
    def analyzed(self) -> bool:
        return "r_rows" in self.raw

    @property
    def estimate(self) -> float:
        return self._number("rows_examined_per_scan") or self._number("rows")

    @property
    def read(self) -> float:
        """Rows read in all: counted where the plan ran, otherwise the estimate for one scan."""
        if self.analyzed:
            return self._number("r_rows") * max(self._number("r_loops"), 1)
        return self.estimate

    @property
    def kept_pct(self) -> float:
        return self._number("r_filtered" if self.analyzed else "filtered", 100.0)

    def _number(self, name: str, default: float = 0.0) -> float:
        try:
            return float(self.raw[name])
        except (KeyError, TypeError, ValueError):
            return default

    def label(self) -> dict[str, Any]:
        said: dict[str, Any] = {"table": identifier(str(self.raw.get("table_name", "")))}
        if isinstance(self.raw.get("attached_condition"), str):
            said["condition_untrusted"] = untrusted(self.raw["attached_condition"])
        return said


def is_plan(document: Any) -> bool:
    return isinstance(document, dict) and "query_block" in document


def tables(document: Any, depth: int = 0) -> Iterator[TableAccess]:
    """Yield every access to a table, wherever the two dialects put it."""
    if depth > MAX_DEPTH:
        raise PlanError(f"the plan is nested deeper than {MAX_DEPTH} levels")
    if isinstance(document, dict):
        if "table_name" in document and "access_type" in document:
            yield TableAccess(document)
        document = list(document.values())
    if isinstance(document, list):
        for part in document:
            yield from tables(part, depth + 1)


def flags(document: Any, names: tuple[str, ...], depth: int = 0) -> Iterator[str]:
    """Yield the names that occur as a key whose value is not false."""
    if depth > MAX_DEPTH:
        return
    if isinstance(document, dict):
        yield from (name for name in names if document.get(name))
        document = list(document.values())
    if isinstance(document, list):
        for part in document:
            yield from flags(part, names, depth + 1)


def full_scan_discards(document: Any) -> Iterator[Hit]:
    for access in tables(document):
        # Without a count the share kept is a guess: 10 or 100 % where there is no histogram.
        discards = access.kept_pct <= 10 if access.analyzed else "attached_condition" in access.raw
        if access.full and access.read >= 10_000 and discards:
            figures = {
                "rows_read": rounded(access.read),
                "kept_pct": rounded(access.kept_pct),
                "measured": access.analyzed,
            }
            yield Hit("fail" if access.analyzed else "judge", access.label() | figures)


def estimate_off(document: Any) -> Iterator[Hit]:
    for access in tables(document):
        actual, planned = max(access._number("r_rows"), 1), max(access.estimate, 1)
        factor = max(actual, planned) / min(actual, planned)
        if access.analyzed and factor >= 10 and max(access.read, planned) >= 1000:
            figures = {
                "factor": rounded(factor),
                "planned_rows": rounded(access.estimate),
                "actual_rows": rounded(actual),
            }
            yield Hit("judge", access.label() | figures)


def sorts_and_temporary_tables(document: Any) -> Iterator[Hit]:
    most = max((access.read for access in tables(document)), default=0)
    names = ("using_filesort", "filesort", "using_temporary_table", "temporary_table")
    found = sorted({name.removeprefix("using_") for name in flags(document, names)})
    if found and most >= 10_000:
        yield Hit("judge", {"uses": found, "rows_read": rounded(most)})


def join_buffer(document: Any) -> Iterator[Hit]:
    if any(flags(document, ("block-nl-join",))):
        yield Hit("judge", {"uses": ["block_nested_loop_join"]})


#: name, reason, question, thresholds, check
RULES = (
    (
        "full-scan-discards",
        "a scan of the whole table throws away most rows it reads",
        "Does the statement run often, and which index would lead to the rows it keeps?",
        {
            "fail": ["rows_read >= 10000 and kept_pct <= 10, counted by ANALYZE"],
            "judge": ["rows_read >= 10000 and a condition, estimated"],
        },
        full_scan_discards,
    ),
    (
        "estimate-off",
        "ten times more or fewer rows came than expected",
        "Are the statistics stale (ANALYZE TABLE), or is a histogram missing?",
        {"judge": ["factor >= 10 and rows >= 1000"]},
        estimate_off,
    ),
    (
        "sort-or-temporary-table",
        "a statement over many rows sorts or builds a temporary table",
        "Can an index deliver the rows in the order or grouping that is asked for?",
        {"judge": ["rows_read >= 10000 with a filesort or a temporary table"]},
        sorts_and_temporary_tables,
    ),
    (
        "join-buffer",
        "a join without an index reads the second table again for each buffer of rows",
        "Which column of the join has no index?",
        {"judge": ["block-nl-join occurs"]},
        join_buffer,
    ),
)
SOURCE = _MANUAL
