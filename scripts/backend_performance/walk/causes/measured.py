"""Which measured case shows the fault that a row of evidence reports.

A gain is quoted only for the fault that the case planted and repaired: an item's other cases show
what its advice is worth elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..session import Session
from ..statements.model import Row
from .model import Signal
from .sketch import always, has, is_whole

_FOLDER = "examples"


@dataclass(frozen=True)
class Case:
    """A page below ``examples/`` and the rows of a probe whose fault it measured."""

    name: str
    when: Callable[[Row], bool] = always


_PER_ROW = (Case("one-query-per-row"),)
_ROW_BY_ROW = (Case("row-by-row-inserts"),)
_OFFSET = Case("offset-or-keyset", has("uses_offset"))
#: probe → the cases that measured what it finds.
_CASES: Mapping[str, tuple[Case, ...]] = {
    "code/cache-round-trips": (Case("round-trips-to-redis"),),
    "code/lazy-relation": (Case("lazy-loading-in-a-loop"),),
    "code/n-plus-one": _PER_ROW,
    "code/offset-pagination": (Case("offset-or-keyset"),),
    "code/row-by-row-writes": _ROW_BY_ROW,
    "mysql/n-plus-one-suspects": _PER_ROW,
    "mysql/statement-smells": (_OFFSET,),
    "postgres/bypassed-indexes": (
        Case("function-on-an-indexed-column", has("hidden_by", "function")),
        Case("parameter-of-the-wrong-type", has("hidden_by", "cast")),
    ),
    "postgres/connection-budget": (Case("pool-larger-than-the-server", is_whole("pool_total")),),
    "postgres/duplicate-indexes": (Case("index-write-cost"),),
    "postgres/long-transactions": (Case("long-transaction-and-vacuum"),),
    "postgres/n-plus-one-suspects": _PER_ROW,
    "postgres/role-settings": (
        Case(
            "generic-plan-for-a-large-tenant",
            lambda row: (
                row.get("setting") == "plan_cache_mode" and row.get("value") == "force_generic_plan"
            ),
        ),
    ),
    "postgres/statement-smells": (_OFFSET,),
    "postgres/unindexed-foreign-keys": (
        Case("foreign-key-without-an-index", has("cover", "none")),
    ),
    "postgres/unused-indexes": (Case("index-write-cost"),),
    "sqllog/n-plus-one": _PER_ROW,
    "sqllog/write-loops": _ROW_BY_ROW,
}
#: The pages that any probe may be measured by.
NAMES = frozenset(case.name for cases in _CASES.values() for case in cases)
#: The probes that a case measured.
PROBES = frozenset(_CASES)


def gain(lead: Signal, session: Session) -> Mapping[str, str] | None:
    """Return the case that measured the fault of a cause's leading signal, and what it gained."""
    figures = {case: text for step in session.steps for case, text in step.gains.items()}
    for case in _CASES.get(lead.reading.probe, ()):
        page = f"{_FOLDER}/{case.name}.md"
        if page in figures and case.when(lead.row):
            return {"case": page, "figure": figures[page]}
    return None
