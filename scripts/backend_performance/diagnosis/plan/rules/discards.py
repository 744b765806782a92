"""Rules on rows that are read to be thrown away."""

from __future__ import annotations

from collections.abc import Iterator

from .. import indexes
from ..alike import Place, places
from ..tree import BY_INDEX, JOINS, WHOLE_INDEX, WHOLE_TABLE, Plan
from .rule import MYSQL_MANUAL, Hit, PlanRule, count, hit, worth


def full_scan_discards(plan: Plan) -> Iterator[Hit]:
    for place in places(plan):
        if place.first.access != WHOLE_TABLE:
            continue
        if place.first.loops is None:
            yield from _estimated(plan, place)
            continue
        least = 1000 if plan.timed else 10_000
        removed, kept = place.removed, place.rows
        if removed < least or removed < kept or not worth(plan, place.own_ms):
            continue
        most = removed >= 10 * kept
        if not most and plan.timed and plan.share(place.own_ms) < 30:
            continue
        yield hit(
            plan,
            "fail" if most else "judge",
            place,
            f"reads {count(removed + kept, 'row')} and throws {count(removed)} away to keep "
            f"{count(kept)}{indexes.doubt(place.first.condition)}",
            place.own_ms,
            _index(plan, place),
            removed_rows=removed,
            kept_rows=kept,
        )


def _estimated(plan: Plan, place: Place) -> Iterator[Hit]:
    """MySQL's estimates tell how many rows a scan reads, not how many it keeps."""
    read = place.first.planned_rows or 0.0
    if plan.engine == "mysql" and read >= 10_000 and place.first.condition:
        yield hit(
            plan,
            "judge",
            place,
            f"would read about {count(read, 'row')} and filter them",
            0.0,
            _index(plan, place),
            rows_read=read,
            measured=0,
        )


def _index(plan: Plan, place: Place) -> str:
    node = place.first
    wanted = indexes.wanted(node.condition, (node.alias, node.relation, place.relation))
    return indexes.statement(plan.engine, node, place.relation, wanted.columns)


def index_discards(plan: Plan) -> Iterator[Hit]:
    for place in places(plan):
        if place.first.access not in (BY_INDEX, WHOLE_INDEX):
            continue
        ms = place.ms_without_subplans
        each = (place.removed + place.rows) / max(place.loops, 1.0)
        # An index that leads to a single row for each loop could not do better.
        if place.removed >= max(1000, 10 * place.rows) and each >= 10 and worth(plan, ms):
            walks = "walks the whole index" if place.first.access == WHOLE_INDEX else "finds"
            yield hit(
                plan,
                "judge",
                place,
                f"{walks} {count(place.removed + place.rows, 'row')} and keeps {count(place.rows)}",
                ms,
                _ordered_index(plan, place),
                removed_rows=place.removed,
                kept_rows=place.rows,
            )


def _ordered_index(plan: Plan, place: Place) -> str:
    """An index on the columns that filter, behind those that the index already answers."""
    node = place.first
    names = (node.alias, node.relation, place.relation)
    answered = node.texts.get("Index Cond", "") or node.texts.get("Recheck Cond", "")
    found = indexes.wanted(answered, names)
    filtered = indexes.wanted(node.condition, names)
    if not filtered.columns:
        return ""
    columns = dict.fromkeys((*found.equal, *filtered.equal, *found.range, *filtered.range))
    return indexes.statement(plan.engine, node, place.relation, tuple(columns)[:4])


def join_discards(plan: Plan) -> Iterator[Hit]:
    for place in places(plan):
        if place.first.kind not in JOINS or place.removed < max(10_000, 10 * place.rows):
            continue
        # Comparing pairs is the join's own time and that of handing it the inner rows again.
        ms = place.own_ms + sum(
            child.ms or 0.0 for node in place.nodes for child in node.children[1:]
        )
        if worth(plan, ms, share=20):
            yield hit(
                plan,
                "judge",
                place,
                f"compares {count(place.removed + place.rows)} pairs of rows and keeps "
                f"{count(place.rows)}",
                ms,
                removed_rows=place.removed,
                kept_rows=place.rows,
            )


_FULL_THRESHOLD = {
    "fail": ["removed_rows >= 10 * kept_rows, from 5 ms and 5 % of the time on"],
    "judge": ["removed_rows >= kept_rows and time_pct >= 30 where the time was measured"],
}
_FULL_QUESTION = "Does the statement run often, and would an index lead to the rows it keeps?"

RULES = (
    PlanRule(
        "seq-scan-discards",
        "a scan of the whole table throws away most rows it reads",
        _FULL_QUESTION,
        _FULL_THRESHOLD,
        full_scan_discards,
        needs="analyzed",
        engines=("postgres",),
    ),
    PlanRule(
        "full-scan-discards",
        "a scan of the whole table throws away most rows it reads",
        _FULL_QUESTION,
        {
            "fail": [*_FULL_THRESHOLD["fail"]],
            "judge": [*_FULL_THRESHOLD["judge"], "estimates only: rows_read >= 10000"],
        },
        full_scan_discards,
        engines=("mysql",),
        source=MYSQL_MANUAL,
    ),
    PlanRule(
        "index-discards",
        "an index finds ten times as many rows as the condition keeps",
        "Which column of the filter is missing from the index, or is in the wrong position in it?",
        {"judge": ["removed_rows >= 1000 and removed_rows >= 10 * kept_rows"]},
        index_discards,
        needs="analyzed",
    ),
    PlanRule(
        "join-discards",
        "a join compares ten times as many pairs of rows as it keeps",
        "Can an index or an equality of columns lead to the pairs that match?",
        {"judge": ["removed_rows >= 10000 and removed_rows >= 10 * kept_rows, time_pct >= 20"]},
        join_discards,
        needs="analyzed",
    ),
)
