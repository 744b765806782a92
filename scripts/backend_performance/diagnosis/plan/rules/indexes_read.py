"""Rules on indexes that do not save the work they could."""

from __future__ import annotations

from collections.abc import Iterator

from ..alike import Place, places
from ..tree import WHOLE_INDEX, Plan
from .rule import Hit, PlanRule, count, hit, work_mem, worth

#: About what one block takes in a bitmap, by the sizes in PostgreSQL's tidbitmap.c.
_ENTRY_KB = 0.1


def index_only_heap_fetches(plan: Plan) -> Iterator[Hit]:
    for place in places(plan):
        fetches = place.total("Heap Fetches")
        if fetches >= max(1000 if plan.timed else 10_000, 0.1 * place.rows) and worth(
            plan, place.own_ms, floor=2
        ):
            yield hit(
                plan,
                "judge",
                place,
                f"looks {count(fetches)} times into the table for {count(place.rows, 'row')}",
                place.own_ms,
                _vacuum(place),
                heap_fetches=fetches,
                rows=place.rows,
            )


def _vacuum(place: Place) -> str:
    name = place.relation
    return f"VACUUM (ANALYZE) {name};" if name.isascii() and name.isidentifier() else ""


def bitmap_lossy(plan: Plan) -> Iterator[Hit]:
    for place in places(plan):
        lossy = place.total("Lossy Heap Blocks")
        if lossy > 0 and worth(plan, place.own_ms):
            exact = place.total("Exact Heap Blocks")
            rechecked = place.total("Rows Removed by Index Recheck")
            yield hit(
                plan,
                "judge",
                place,
                f"checks {count(lossy)} whole blocks again because the bitmap did not fit",
                place.own_ms,
                work_mem(_ENTRY_KB * (lossy + exact)),
                lossy_blocks=lossy,
                exact_blocks=exact,
                rechecked_rows=rechecked,
            )


def full_index_scan(plan: Plan) -> Iterator[Hit]:
    for place in places(plan):
        node = place.first
        if node.access != WHOLE_INDEX or any(up.kind == "Limit" for up in plan.ancestors(node)):
            continue
        measured = node.loops is not None
        rows = place.rows + place.removed if measured else node.planned_rows or 0.0
        if rows < (100_000 if measured else 10_000) or not worth(plan, place.own_ms, share=20):
            continue
        if measured and place.removed >= 10 * place.rows:
            continue  # told as an index whose rows are thrown away
        if measured or plan.engine == "mysql":
            reads = "reads" if measured else "would read about"
            yield hit(
                plan,
                "judge",
                place,
                f"{reads} all {count(rows)} entries of the index",
                place.own_ms,
                entries=rows,
            )


RULES = (
    PlanRule(
        "index-only-heap-fetches",
        "an index-only scan had to look into the table for a tenth of its rows or more",
        "When did vacuum last mark the table's pages as all-visible, and is it held back?",
        {
            "judge": [
                "heap_fetches >= 1000 and heap_fetches >= 0.1 * rows",
                "without times: heap_fetches >= 10000",
            ]
        },
        index_only_heap_fetches,
        needs="analyzed",
        engines=("postgres",),
        source="https://www.postgresql.org/docs/current/indexes-index-only-scans.html",
    ),
    PlanRule(
        "bitmap-lossy",
        "a bitmap did not fit into work_mem, so whole blocks were checked again",
        "Does a more selective index make the bitmap smaller, or would more work_mem fit?",
        {"judge": ["lossy_blocks > 0, from 5 ms and 5 % of the time on"]},
        bitmap_lossy,
        needs="analyzed",
        engines=("postgres",),
    ),
    PlanRule(
        "full-index-scan",
        "every entry of an index is read",
        "Does the statement need all rows, or can a condition, a summary table or a looser count "
        "read fewer?",
        {
            "judge": [
                "entries >= 100000 and time_pct >= 20",
                "estimates only (MySQL): entries >= 10000",
            ]
        },
        full_index_scan,
    ),
)
