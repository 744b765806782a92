"""Rules on what runs once for each row of something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import indexes
from ..alike import Place, places
from ..tree import WHOLE_TABLE, Node, Plan
from .rule import Hit, PlanRule, count, hit, worth


def nested_loop_many(plan: Plan) -> Iterator[Hit]:
    for place in places(plan):
        node = place.first
        above = plan.parent(node)
        if above is None or above.kind != "Nested Loop" or node.role != "Inner":
            continue
        # Times of short loops are rounded to microseconds; what the outer side leaves is exact.
        outer = sum(child.ms or 0.0 for child in above.children if child is not node)
        ms = place.ms if len(place.nodes) > 1 else max(place.ms, (above.ms or 0.0) - outer)
        ms -= place.ms - place.ms_without_subplans
        if place.loops >= 1000 and worth(plan, ms, share=20):
            whole = any(
                one.access == WHOLE_TABLE and one.loops == node.loops for one in node.subtree()
            )
            yield hit(
                plan,
                "fail" if whole else "judge",
                place,
                f"runs {count(place.loops)} times",
                ms,
                _join_index(plan, above, node),
                also=(above.path, *(below.path for one in place.nodes for below in one.subtree())),
                loops=place.loops,
            )


def _join_index(plan: Plan, join: Node, inner: Node) -> str:
    scan = next((one for one in inner.subtree() if one.access), None)
    if scan is None or scan.access != WHOLE_TABLE:
        return ""
    names = (scan.alias, scan.relation)
    joined = indexes.wanted(join.texts.get("Join Filter", ""), names)
    if not joined.columns:
        return ""
    equal = (*joined.equal, *indexes.wanted(scan.condition, names).equal)
    columns = tuple(dict.fromkeys(equal or joined.columns))
    return indexes.statement(plan.engine, scan, scan.relation, columns)


def correlated_subplan(plan: Plan) -> Iterator[Hit]:
    for place in places(plan):
        node = place.first
        if node.role != "SubPlan":
            continue
        if node.loops is None:
            yield from _not_hashed(plan, place)
        elif place.loops >= 1000 and worth(plan, place.ms, share=20):
            yield hit(
                plan,
                "judge",
                place,
                f"runs {count(place.loops)} times",
                place.ms,
                also=tuple(below.path for below in node.subtree()),
                loops=place.loops,
            )


def _not_hashed(plan: Plan, place: Place) -> Iterator[Hit]:
    """Estimates only: what a subplan for each row adds to the cost of the node above it."""
    above = plan.parent(place.first)
    if above is None or above.cost is None or above.cost < 100_000:
        return
    title = re.escape(place.first.title)
    conditions = " ".join(above.texts.values())
    if re.search(rf"hashed {title}(?!\d)", conditions):
        return
    inside = sum(child.cost or 0.0 for child in above.children)
    if above.cost >= 10 * inside:
        yield hit(
            plan,
            "judge",
            place,
            "is not hashed, so it would run once for each row of "
            f"{Place((above,), 0.0).words()}: cost {count(above.cost)}",
            0.0,
            also=(above.path,),
            cost=above.cost,
            times=above.planned_rows or 0.0,
        )


RULES = (
    PlanRule(
        "nested-loop-many",
        "the inner side of a nested loop runs a thousand times and takes a fifth of the time",
        "Is the outer side larger than the planner expected, so that a hash join would be right, "
        "or can the inner side answer from an index?",
        {
            "fail": ["loops >= 1000 and time_pct >= 20 and the inner side reads a whole table"],
            "judge": ["loops >= 1000 and time_pct >= 20"],
        },
        nested_loop_many,
        needs="timed",
    ),
    PlanRule(
        "correlated-subplan",
        "a subquery runs once for each row of a large result",
        "Can it be written as a join, as NOT EXISTS instead of NOT IN, or as one aggregate joined "
        "to the rows; or would a larger work_mem let its result be hashed?",
        {
            "judge": [
                "loops >= 1000 and time_pct >= 20",
                "estimates only: not hashed, and it makes up 90 % of a cost >= 100000",
            ]
        },
        correlated_subplan,
    ),
)
