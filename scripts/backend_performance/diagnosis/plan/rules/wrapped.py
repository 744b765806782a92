"""The rule on conditions that wrap a column, so that no plain index answers them."""

from __future__ import annotations

from collections.abc import Iterator

from .. import indexes
from ..alike import places
from ..tree import WHOLE_INDEX, WHOLE_TABLE, Plan
from .rule import Hit, PlanRule, hit, worth


def wrapped_column(plan: Plan) -> Iterator[Hit]:
    for place in places(plan):
        node = place.first
        wrapped = indexes.wrapped(node.condition)
        if not wrapped or node.access not in (WHOLE_TABLE, WHOLE_INDEX):
            continue
        if node.loops is None:
            large = (node.cost or 0.0) >= 1000 and (node.cost or 0.0) >= 0.2 * (plan.root.cost or 0)
            matters = large or (plan.engine == "mysql" and (node.planned_rows or 0.0) >= 10_000)
        else:
            least = 1000 if plan.timed else 10_000
            discards = place.removed >= max(least, place.rows)
            matters = discards and worth(plan, place.own_ms, share=20)
        if matters:
            yield hit(
                plan,
                "judge",
                place,
                f"reads everything because its condition holds {wrapped} around a column",
                place.own_ms,
                wraps=wrapped,
            )


RULES = (
    PlanRule(
        "wrapped-column",
        "a function or a cast around a column keeps a plain index from answering",
        "Can the other side of the comparison be changed instead (a range of dates, a parameter of "
        "the column's type), or is an index on the expression worth its writes?",
        {
            "judge": [
                "time_pct >= 20 and removed_rows >= 1000, and at least half of the rows",
                "estimates only: 20 % of a cost >= 1000, or 10000 rows (MySQL)",
            ]
        },
        wrapped_column,
        source="https://www.postgresql.org/docs/current/indexes-expressional.html",
    ),
)
