"""Rules on MySQL and MariaDB only: sorts, temporary tables and join buffers."""

from __future__ import annotations

from collections.abc import Iterator

from .. import indexes
from ..alike import Place
from ..tree import Node, Plan
from .rule import MIN_SHARE_PCT, MYSQL_MANUAL, Hit, PlanRule, count, hit, worth

_SORT, _TEMPORARY = "Sort", "Temporary table"


def _read(node: Node) -> float:
    counted = node.numbers.get("Rows Read", node.rows)
    return (node.planned_rows if counted is None else counted) or 0.0


def sorts_and_temporary_tables(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes:
        if node.kind not in (_SORT, _TEMPORARY):
            continue
        # The outermost of a chain covers all of it.
        if any(up.kind in (_SORT, _TEMPORARY) for up in plan.ancestors(node)):
            continue
        below = list(node.subtree())
        most = max((_read(one) for one in below if one.access), default=0.0)
        uses = _uses(below)
        own = sum(plan.own_ms(one) for one in below if one.kind in (_SORT, _TEMPORARY))
        # Under a LIMIT an index in the order would spare the reading as well.
        limited = any(up.kind == "Limit" for up in plan.ancestors(node))
        if most >= 10_000 and worth(plan, own, share=1 if limited else MIN_SHARE_PCT):
            yield hit(
                plan,
                "judge",
                Place((node,), own),
                f"reads {count(most, 'row')} of one table"
                + (" and builds a temporary table" if len(uses) > 1 else ""),
                own,
                uses=", ".join(uses),
                rows_read=most,
            )


def _uses(below: list[Node]) -> list[str]:
    kinds = {one.kind for one in below}
    both = any("temporary" in one.numbers for one in below)
    uses = ["filesort"] if _SORT in kinds else []
    return [*uses, "temporary_table"] if _TEMPORARY in kinds or both else uses


def join_buffer(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes:
        if "Join Buffer" not in node.texts:
            continue
        table = next((one for one in _inner(node) if one.access), None)
        if table is None or _read(table) < 1000:
            continue
        ms = plan.own_ms(node) + (table.ms or 0.0 if table is not node else 0.0)
        if not worth(plan, ms, share=20):
            continue
        condition = node.texts.get("Hash Cond", "") or node.condition
        columns = indexes.wanted(condition, (table.alias, table.relation)).columns
        yield hit(
            plan,
            "judge",
            Place((table,), plan.own_ms(table)),
            f"is joined by a join buffer, without an index: {count(_read(table), 'row')} for each "
            "buffer of rows before it",
            ms,
            indexes.statement(plan.engine, table, table.relation, columns),
            buffer="hash join" if "hash" in node.texts["Join Buffer"].lower() else "nested loop",
            rows_read=_read(table),
        )


def _inner(node: Node) -> Iterator[Node]:
    """The table that the buffer reads: the node itself, or the far side of a hash join."""
    if node.access:
        yield node
    for child in node.children:
        if child.role == "Outer" or not node.access:
            yield from child.subtree()


RULES = (
    PlanRule(
        "sort-or-temporary-table",
        "a statement over many rows sorts or builds a temporary table",
        "Can an index deliver the rows in the order or grouping that is asked for?",
        {"judge": ["rows_read >= 10000 with a filesort or a temporary table"]},
        sorts_and_temporary_tables,
        engines=("mysql",),
        source=MYSQL_MANUAL,
    ),
    PlanRule(
        "join-buffer",
        "a join without an index reads the second table again for each buffer of rows",
        "Which column of the join has no index?",
        {"judge": ["rows_read >= 1000 by a join buffer, from 20 % of the time on"]},
        join_buffer,
        engines=("mysql",),
        source="https://dev.mysql.com/doc/refman/8.4/en/bnl-bka-optimization.html",
    ),
)
