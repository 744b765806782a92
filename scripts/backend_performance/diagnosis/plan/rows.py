"""Rules on rows: estimates that are off, and rows that are read to be thrown away."""

from __future__ import annotations

from collections.abc import Iterator

from .rule import Hit, PlanRule, hit
from .tree import Node, Plan

_INDEX_SCANS = ("Index Scan", "Index Only Scan", "Bitmap Heap Scan")


def _misestimate(node: Node) -> float:
    if not node.loops:
        return 1.0
    actual, planned = max(node.number("Actual Rows"), 1.0), max(node.number("Plan Rows"), 1.0)
    return max(actual, planned) / min(actual, planned)


def estimate_off(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        factor = _misestimate(node)
        rows = max(node.rows, node.number("Plan Rows") * node.loops)
        # Below a LIMIT a node stops early; above a wrong node all are wrong.
        if factor < 10 or rows < 1000 or any(up.type == "Limit" for up in node.ancestors()):
            continue
        if any(_misestimate(below) >= 10 for below in node.subtree() if below is not node):
            continue
        if node.ms < 5 or plan.share(node.ms) < 10:
            continue
        feeds_loop = any(up.type == "Nested Loop" for up in node.ancestors())
        yield hit(
            "fail" if factor >= 100 and feeds_loop else "judge",
            node,
            factor=factor,
            planned_rows=node.number("Plan Rows"),
            actual_rows=node.number("Actual Rows"),
            time_pct=plan.share(node.ms),
        )


def seq_scan_discards(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        if node.type == "Seq Scan" and node.removed >= max(10_000, 10 * node.rows):
            yield hit("fail", node, removed_rows=node.removed, kept_rows=node.rows)


def index_discards(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        if node.type in _INDEX_SCANS and node.removed >= max(1000, 10 * node.rows):
            yield hit("judge", node, removed_rows=node.removed, kept_rows=node.rows)


def index_only_heap_fetches(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        fetches = node.number("Heap Fetches")
        if fetches >= max(1000, 0.1 * node.rows):
            yield hit("judge", node, heap_fetches=fetches, rows=node.rows)


def bitmap_lossy(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        lossy = node.number("Lossy Heap Blocks")
        if lossy > 0:
            yield hit(
                "judge", node, lossy_blocks=lossy, exact_blocks=node.number("Exact Heap Blocks")
            )


def offset_skips(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        if node.type == "Limit" and node.children:
            read = node.children[0].rows
            if read >= max(10_000, 10 * node.rows):
                yield hit("fail", node, read_rows=read, returned_rows=node.rows)


def sort_for_limit(plan: Plan) -> Iterator[Hit]:
    for node in plan.nodes():
        limit = next((up for up in node.ancestors() if not up.type.startswith("Gather")), None)
        if node.type != "Sort" or limit is None or limit.type != "Limit" or not node.children:
            continue
        sorted_rows = node.children[0].rows
        if sorted_rows >= 10_000 and limit.rows <= 0.01 * sorted_rows:
            yield hit("judge", node, sorted_rows=sorted_rows, returned_rows=limit.rows)


def blocks_per_row(plan: Plan) -> Iterator[Hit]:
    if any("Aggregate" in node.type or "Group" in node.type for node in plan.nodes()):
        return
    root = plan.root
    blocks = root.number("Shared Hit Blocks") + root.number("Shared Read Blocks")
    if root.rows and blocks >= 1000 * root.rows:
        yield hit("judge", root, blocks=blocks, returned_rows=root.rows)


RULES = (
    PlanRule(
        "estimate-off",
        "the planner expected ten times more or fewer rows than came, where it costs time",
        "Are the table's statistics stale, are the columns of the condition correlated (extended "
        "statistics), or is a value too rare for the statistics target?",
        {
            "fail": ["factor >= 100 below a nested loop"],
            "judge": ["factor >= 10 and rows >= 1000 and time_pct >= 10 and time >= 5 ms"],
        },
        estimate_off,
        needs="timed",
        source="https://www.postgresql.org/docs/current/planner-stats.html",
    ),
    PlanRule(
        "seq-scan-discards",
        "a scan of the whole table throws away ten times as many rows as it keeps",
        "",
        {"fail": ["removed_rows >= 10000 and removed_rows >= 10 * kept_rows"]},
        seq_scan_discards,
    ),
    PlanRule(
        "index-discards",
        "an index finds ten times as many rows as the condition keeps",
        "Which column of the filter is missing from the index, or stands in the wrong place of it?",
        {"judge": ["removed_rows >= 1000 and removed_rows >= 10 * kept_rows"]},
        index_discards,
    ),
    PlanRule(
        "index-only-heap-fetches",
        "an index-only scan had to look into the table for a tenth of its rows or more",
        "When did vacuum last mark the table's pages as all-visible, and is it held back?",
        {"judge": ["heap_fetches >= 1000 and heap_fetches >= 0.1 * rows"]},
        index_only_heap_fetches,
        source="https://www.postgresql.org/docs/current/indexes-index-only-scans.html",
    ),
    PlanRule(
        "bitmap-lossy",
        "a bitmap did not fit into work_mem, so whole blocks were checked again",
        "Does a more selective index make the bitmap smaller, or would more work_mem fit?",
        {"judge": ["lossy_blocks > 0"]},
        bitmap_lossy,
    ),
    PlanRule(
        "offset-skips",
        "the statement reads ten times as many rows as it returns in order to skip them",
        "",
        {"fail": ["read_rows >= 10000 and read_rows >= 10 * returned_rows"]},
        offset_skips,
        source="https://www.postgresql.org/docs/current/queries-limit.html",
    ),
    PlanRule(
        "sort-for-limit",
        "many rows are sorted to return a few",
        "Can an index deliver the rows in this order, so that the scan may stop early?",
        {"judge": ["sorted_rows >= 10000 and returned_rows <= 1 % of sorted_rows"]},
        sort_for_limit,
        source="https://www.postgresql.org/docs/current/indexes-ordering.html",
    ),
    PlanRule(
        "blocks-per-row",
        "a thousand blocks or more are read for each row returned",
        "Which node reads them, and does an index lead to the rows more directly?",
        {"judge": ["blocks >= 1000 * returned_rows, without aggregates"]},
        blocks_per_row,
        needs="buffers",
    ),
)
