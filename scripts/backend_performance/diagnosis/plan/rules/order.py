"""Rules on LIMIT, OFFSET and order."""

from __future__ import annotations

from collections.abc import Iterator

from .. import indexes
from ..alike import Place
from ..tree import WHOLE_INDEX, Node, Plan
from .rule import Hit, PlanRule, count, hit, worth

_PASSES = ("Gather", "Gather Merge", "Result", "Subquery Scan", "LockRows", "ProjectSet")
_BLOCKING = (
    "Sort",
    "Aggregate",
    "Hash",
    "Materialize",
    "WindowAgg",
    "Unique",
    "Group",
    "Temporary table",
    "Hash Join",
)


def _place(plan: Plan, node: Node) -> Place:
    return Place((node,), plan.own_ms(node))


def offset_skips(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes:
        if node.kind != "Limit" or not node.children or node.loops is None:
            continue
        below = [child for child in node.children if child.role not in ("InitPlan", "SubPlan")]
        read, returned = (below[0].rows or 0.0) if below else 0.0, node.rows or 0.0
        # A LIMIT ends what it reads from at once, so what came beyond it was skipped.
        if read >= max(10_000, 10 * returned) and worth(plan, node.ms or 0.0):
            yield hit(
                plan,
                "fail",
                _place(plan, node),
                f"reads {count(read, 'row')} and returns {count(returned)}: OFFSET skips the rest",
                node.ms or 0.0,
                read_rows=read,
                returned_rows=returned,
            )


def sort_for_limit(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes:
        limit = next((up for up in plan.ancestors(node) if up.kind not in _PASSES), None)
        if node.kind != "Sort" or limit is None or limit.kind != "Limit" or not node.children:
            continue
        measured = node.loops is not None
        sorted_ = (node.children[0].rows if measured else node.children[0].planned_rows) or 0.0
        returned = (limit.rows if measured else limit.planned_rows) or 0.0
        least = 10_000 if measured else 100_000
        avoidable = _avoidable_ms(plan, node)
        if sorted_ >= least and returned <= 0.01 * sorted_ and worth(plan, avoidable):
            yield hit(
                plan,
                "judge",
                _place(plan, node),
                f"{'sorts' if measured else 'would sort about'} {count(sorted_, 'row')} to return "
                f"{count(returned)}",
                avoidable,
                _sort_index(plan, node),
                sorted_rows=sorted_,
                returned_rows=returned,
            )


def _avoidable_ms(plan: Plan, sort: Node) -> float:
    """Return the time that an index could save; no index has the order of computed values."""
    below = sort.children[0]
    while below.kind in _PASSES and below.children:
        below = below.children[0]
    groups = below.texts.get("Group Key", "")
    by = sort.texts.get("Sort Key", "").split(",")[0].split(" DESC")[0].split(" NULLS")[0]
    if groups and by.strip("() ") not in groups:
        return plan.own_ms(sort)
    return sort.ms or 0.0


def _sort_index(plan: Plan, sort: Node) -> str:
    """One table under the sort: its equalities first, then the order."""
    scans = [node for node in sort.subtree() if node.access]
    if len(scans) != 1:
        return ""
    scan = scans[0]
    names = (scan.alias, scan.relation)
    order = indexes.sort_columns(plan.engine, sort.texts.get("Sort Key", ""), names)
    condition = " AND ".join(
        f"({scan.texts[name]})" for name in ("Index Cond", "Filter") if name in scan.texts
    )
    equal = indexes.wanted(condition, names).equal
    return indexes.statement(plan.engine, scan, scan.relation, (*equal, *order)) if order else ""


def ordered_index_filter(plan: Plan) -> Iterator[Hit]:
    """Estimates only: the planner hopes to meet enough rows early in the order of an index."""
    for node in plan.nodes:
        if node.loops is not None or node.access != WHOLE_INDEX or not node.condition:
            continue
        limit = None
        for above in plan.ancestors(node):
            if above.kind == "Limit":
                limit = above
            if above.kind in _BLOCKING:
                break
        if limit is None or (node.cost or 0.0) < max(1000.0, 10 * (limit.cost or 0.0)):
            continue
        wanted = indexes.wanted(node.condition, (node.alias, node.relation))
        yield hit(
            plan,
            "judge",
            _place(plan, node),
            "would walk an index in its order and filter each row until LIMIT is met; where the "
            f"rows come late it reads all of it: cost {count(node.cost or 0)}",
            0.0,
            indexes.statement(plan.engine, node, node.relation, wanted.columns),
            cost=node.cost or 0.0,
            limit_cost=limit.cost or 0.0,
        )


def blocks_per_row(plan: Plan) -> Iterator[Hit]:
    if any("Aggregate" in node.kind or "Group" in node.kind for node in plan.nodes):
        return
    root = plan.root
    blocks, rows = root.blocks or 0.0, root.rows or 0.0
    if rows and blocks >= max(1000, 1000 * rows) and worth(plan, root.ms or 0.0):
        yield hit(
            plan,
            "judge",
            _place(plan, root),
            f"reads {count(blocks)} blocks to return {count(rows, 'row')}",
            root.ms or 0.0,
            blocks=blocks,
            returned_rows=rows,
        )


RULES = (
    PlanRule(
        "offset-skips",
        "the statement reads ten times as many rows as it returns in order to skip them",
        "",
        {"fail": ["read_rows >= 10000 and read_rows >= 10 * returned_rows"]},
        offset_skips,
        needs="analyzed",
        source="https://www.postgresql.org/docs/current/queries-limit.html",
    ),
    PlanRule(
        "sort-for-limit",
        "many rows are sorted to return a few",
        "Can an index deliver the rows in this order, so that the scan may stop early?",
        {
            "judge": [
                "sorted_rows >= 10000 and returned_rows <= 1 % of sorted_rows",
                "estimates only: sorted_rows >= 100000",
            ]
        },
        sort_for_limit,
        source="https://www.postgresql.org/docs/current/indexes-ordering.html",
    ),
    PlanRule(
        "ordered-index-filter",
        "an index gives the order for a LIMIT, and every row is filtered beside it",
        "How far into the order do the first matching rows stand, and would an index on the "
        "filtered columns, followed by the order, lead to them?",
        {"judge": ["estimates only: cost >= 1000 and cost >= 10 * limit_cost"]},
        ordered_index_filter,
        needs="estimates",
        source="https://www.postgresql.org/docs/current/indexes-ordering.html",
    ),
    PlanRule(
        "blocks-per-row",
        "a thousand blocks or more are read for each row returned",
        "Which node reads them, and does an index lead to the rows more directly?",
        {"judge": ["blocks >= 1000 * returned_rows, without aggregates"]},
        blocks_per_row,
        explains=False,
        needs="buffers",
        engines=("postgres",),
    ),
)
