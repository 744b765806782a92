"""The rule on misestimates: only those that drive an expensive choice of the planner."""

from __future__ import annotations

from collections.abc import Iterator

from ..alike import Place
from ..tree import JOINS, Node, Plan
from .rule import MYSQL_MANUAL, Hit, PlanRule, count, hit, worth

#: Their row count is always 0 (BitmapAnd, BitmapOr) or says nothing of its own.
_WITHOUT_ROWS = ("BitmapAnd", "BitmapOr", "Hash", "Result", "Unknown", "query_block")
#: Their own rows are all there before anything above sees one.
_COMPLETE = ("Bitmap Index Scan", "Hash")
_BLOCKING = (
    "Sort",
    "Hash",
    "Aggregate",
    "Bitmap Index Scan",
    "Materialize",
    "WindowAgg",
    "SetOp",
    "HashSetOp",
    "Temporary table",
    "Group",
)


def estimate_off(plan: Plan) -> Iterator[Hit]:
    wrong = {node.path: factor for node in plan.nodes if (factor := _factor(plan, node)) >= 10}
    for node in plan.nodes:
        if node.path not in wrong or _explained_below(node, wrong):
            continue
        driven = _driven_ms(plan, node, wrong) if _more_came(node) else 0.0
        rows = max(node.rows or 0.0, (node.planned_rows or 0.0) * (node.loops or 0.0))
        own = node.ms or 0.0
        matters = driven > 0 and worth(plan, driven, share=20)
        if not matters and not (_chooses(plan, node) and worth(plan, own, share=10)):
            continue
        if rows >= (100 if matters else 1000):
            yield _hit(plan, node, wrong[node.path], max(driven, 0 if matters else own), driven > 0)


def _hit(plan: Plan, node: Node, factor: float, ms: float, drives: bool) -> Hit:
    actual = _came(plan, node) / (node.loops or 1.0)
    effect = "; it drives the inner side of a nested loop" if drives else ""
    parent = plan.parent(node)
    name = node.relation or (parent.relation if parent and node.kind in _COMPLETE else "")
    table = name if name.isascii() and name.isidentifier() else ""
    analyze = f"ANALYZE TABLE {table};" if plan.engine == "mysql" else f"ANALYZE {table};"
    return hit(
        plan,
        "fail" if factor >= 100 and drives else "judge",
        Place((node,), plan.own_ms(node)),
        f"was planned for {count(node.planned_rows or 0, 'row')}, {count(actual)} came{effect}",
        ms,
        analyze if table else "",
        factor=factor,
        planned_rows=node.planned_rows or 0.0,
        actual_rows=actual,
        node_ms=node.ms or 0.0,
    )


def _came(plan: Plan, node: Node) -> float:
    """Rows in all; MySQL plans for what a table gives before its filter."""
    rows = node.rows or 0.0
    return node.numbers.get("Rows Read", rows) if plan.engine == "mysql" else rows


def _factor(plan: Plan, node: Node) -> float:
    if not node.loops or node.rows is None or node.planned_rows is None:
        return 1.0
    if node.kind in _WITHOUT_ROWS:
        return 1.0
    actual, planned = max(_came(plan, node) / node.loops, 1.0), max(node.planned_rows, 1.0)
    if _may_stop_early(plan, node, fewer=actual < planned):
        return 1.0
    return max(actual, planned) / min(actual, planned)


def _may_stop_early(plan: Plan, node: Node, fewer: bool) -> bool:
    """Below a LIMIT, a merge join or a semi-join a node need not give all its rows."""
    if node.kind in _COMPLETE:
        return False
    inside = node
    for above in plan.ancestors(node):
        if above.kind == "Limit":
            return True
        semi = above.texts.get("Join Type", "") in ("Semi", "Anti") and inside.role == "Inner"
        if fewer and (above.kind == "Merge Join" or semi or inside.role == "SubPlan"):
            return True
        if _blocks(above):
            return False
        inside = above
    return False


def _blocks(node: Node) -> bool:
    return node.kind in _BLOCKING


def _explained_below(node: Node, wrong: dict[str, float]) -> bool:
    return any(below.path in wrong for below in node.subtree() if below is not node)


def _driven_ms(plan: Plan, node: Node, wrong: dict[str, float]) -> float:
    """The time of the inner sides that run once for each row of a wrong outer side."""
    driven, inside = 0.0, node
    for above in plan.ancestors(node):
        outer_is_wrong = inside is node or inside.path in wrong
        if above.kind == "Nested Loop" and inside.role == "Outer" and outer_is_wrong:
            inner = [child for child in above.children if child.role == "Inner"]
            driven = max(driven, sum(child.ms or 0.0 for child in inner))
        inside = above
    return driven


def _more_came(node: Node) -> bool:
    return (node.rows or 0.0) > (node.planned_rows or 0.0) * (node.loops or 0.0)


def _chooses(plan: Plan, node: Node) -> bool:
    """Whether its estimate chose something: its own access, or a join, sort or hash above."""
    if node.access or not _more_came(node):
        return bool(node.access)
    above = [one.kind for one in plan.ancestors(node)]
    return any(kind in JOINS for kind in above)


_BECAUSE = "the planner expected ten times more or fewer rows than came, where it costs time"
_THRESHOLD = {
    "fail": ["factor >= 100 on the outer side of a nested loop"],
    "judge": [
        "factor >= 10 and rows >= 1000 and time_pct >= 10",
        "factor >= 10 and the inner side that it drives takes time_pct >= 20",
    ],
}

RULES = (
    PlanRule(
        "estimate-off",
        _BECAUSE,
        "Are the table's statistics stale, are the columns of the condition correlated (extended "
        "statistics), or is a value too rare for the statistics target?",
        _THRESHOLD,
        estimate_off,
        explains=False,
        needs="timed",
        engines=("postgres",),
        source="https://www.postgresql.org/docs/current/planner-stats.html",
    ),
    PlanRule(
        "estimate-off",
        _BECAUSE,
        "Are the statistics stale (ANALYZE TABLE), or is a histogram missing?",
        _THRESHOLD,
        estimate_off,
        explains=False,
        needs="analyzed",
        engines=("mysql",),
        source=MYSQL_MANUAL,
    ),
)
