"""Rules on where the time, or the estimated cost, goes."""

from __future__ import annotations

from collections.abc import Iterator

from .. import indexes
from ..alike import places
from ..tree import WHOLE_TABLE, Node, Plan
from .rule import Hit, PlanRule, count, duration, hit, worth

#: From this share on a node is most of the time.
MOST_PCT = 50.0


def time_in_node(plan: Plan) -> Iterator[Hit]:
    if plan.share(plan.jit_ms or 0.0) >= 50:
        return  # compilation happens inside the nodes; its own rule reports it
    whole = [place for place in places(plan) if not place.first.lacks_input]
    largest = max(whole, key=lambda place: place.own_ms, default=None)
    for place in whole:
        # For a statement that takes a second, the largest node is always reported.
        least = 10 if place is largest and plan.execution_ms >= 1000 else MOST_PCT
        if place.own_ms and worth(plan, place.own_ms, share=least, floor=50):
            rows = f", for {count(place.rows, 'row')}" if place.rows else ""
            if "Index" in place.first.kind and place.rows + place.removed < place.own_ms:
                rows += " (does its condition begin with the index's first column?)"
            if reading := sum(map(_reading_ms, place.nodes)):
                rows += f", {duration(reading)} of it reading blocks from disk"
            yield hit(
                plan,
                "judge",
                place,
                f"takes {'most' if plan.share(place.own_ms) >= MOST_PCT else 'the largest part'} "
                f"of the time by itself{rows}",
                place.own_ms,
                rows=place.rows,
                loops=place.loops,
                reading_ms=reading,
            )


def _reading_ms(node: Node) -> float:
    """The time a node waited for blocks, without its children; workers read side by side."""
    own = node.numbers.get("Shared I/O Read Time", node.numbers.get("I/O Read Time", 0.0))
    below = [child.numbers for child in node.children]
    own -= sum(one.get("Shared I/O Read Time", one.get("I/O Read Time", 0.0)) for one in below)
    return own if own > 0 and node.loops == 1 else 0.0


def cost_in_node(plan: Plan) -> Iterator[Hit]:
    """Estimates only: a node whose own cost is most of a large cost."""
    whole = plan.root.cost or 0.0
    for place in places(plan):
        own = sum(_own_cost(plan, node) for node in place.nodes)
        node = place.first
        crossed = _is_crossed(node)
        if whole >= 10_000 and own >= 0.5 * whole and (node.access or crossed):
            names = (node.alias, node.relation, place.relation)
            columns = indexes.wanted(node.condition, names).columns
            yield hit(
                plan,
                "judge",
                place,
                f"is expected to take {100 * own / whole:.0f} % of the cost of {count(whole)}"
                f"{crossed or indexes.doubt(node.condition)}",
                0.0,
                indexes.statement(plan.engine, node, place.relation, columns),
                cost=own,
                cost_pct=100 * own / whole,
            )


def _own_cost(plan: Plan, node: Node) -> float:
    """A node's cost without its children, for all the loops and up to the LIMIT above it."""
    cost = max(0.0, (node.cost or 0.0) - sum(child.cost or 0.0 for child in node.children))
    inside = node
    for above in plan.ancestors(node):
        if above.kind == "Nested Loop" and inside.role == "Inner" and not _is_kept(plan, node):
            outer = next((one for one in above.children if one.role == "Outer"), None)
            cost *= (outer.planned_rows or 1.0) if outer else 1.0
        if above.kind == "Limit" and inside.cost:
            cost *= min(1.0, (above.cost or 0.0) / inside.cost)
        cost = min(cost, above.cost or 0.0)
        inside = above
    return cost


def _is_crossed(node: Node) -> str:
    """What to add of a join that pairs every row with every row; empty where it does not."""
    if node.kind != "Nested Loop" or node.condition or len(node.children) < 2:
        return ""
    inner = node.children[1]
    read = inner.children[0] if inner.kind == "Materialize" and inner.children else inner
    if read.access != WHOLE_TABLE:
        return ""
    return f": it has no condition, so {count(node.planned_rows or 0)} pairs of rows come of it"


def _is_kept(plan: Plan, node: Node) -> bool:
    """Whether a node's rows are read once and kept for all loops."""
    for above in plan.ancestors(node):
        if above.kind == "Nested Loop":
            return False
        if above.kind in ("Materialize", "Hash", "Sort"):
            return True
    return False


RULES = (
    PlanRule(
        "time-in-node",
        "one node takes most of the time by itself",
        "Does the statement need all these rows, and which condition, index or smaller result "
        "would spare the work?",
        {
            "judge": [
                "time_pct >= 50 and time >= 50 ms, where no other rule names the node",
                "the largest node of a second or more, where no finding is about more time",
            ]
        },
        time_in_node,
        needs="timed",
    ),
    PlanRule(
        "cost-in-node",
        "one node is expected to take most of the cost",
        "Does the statement need all these rows, and would an index lead to them? "
        "EXPLAIN (ANALYZE, BUFFERS) on a replica shows how many are thrown away.",
        {"judge": ["estimates only: cost_pct >= 50 of a cost >= 10000"]},
        cost_in_node,
        needs="estimates",
        engines=("postgres",),
    ),
)
