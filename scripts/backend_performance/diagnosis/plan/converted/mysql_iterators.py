"""MySQL's tree of iterators: EXPLAIN ANALYZE, FORMAT=TREE and the second JSON form.

Rows and times are averages of one loop. A filter is printed above the table that it filters; in the
model the table throws the rows away itself, as in PostgreSQL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .. import spent
from ..tree import (
    BY_INDEX,
    MAX_DEPTH,
    MAX_NODES,
    WHOLE_INDEX,
    WHOLE_TABLE,
    Node,
    Plan,
    PlanError,
)
from .values import number, parts, text

Raw = Mapping[str, Any]

_NAME = r"(?:`[^`]+`|<?[\w$.]+>?)"
_READS = re.compile(
    rf"(?P<kind>Table scan|Sample scan|Constant row|[\w -]{{0,60}}?\bindex [\w -]{{1,60}}?)"
    rf" (?:on|from) (?P<table>{_NAME})"
    rf"(?: using (?P<index>{_NAME}))?(?: \((?P<lookup>[^()]*)\))?",
    re.I,
)
_KINDS = (
    ("Filter", re.compile(r"Filter: (?P<detail>.*)", re.S)),
    ("Sort", re.compile(r"Sort(?: row IDs| with duplicate removal)?\b:? ?(?P<detail>.*)", re.S)),
    ("Limit", re.compile(r"Limit(?:/Offset)?: (?P<detail>[\d/]+) row.*")),
    ("Nested Loop", re.compile(r"Nested loop (?P<detail>.*)")),
    ("Hash Join", re.compile(r"\w* ?hash \w*join\w*(?P<detail>.*)", re.I | re.S)),
    ("Hash", re.compile(r"Hash(?P<detail>)")),
    (
        "Temporary table",
        re.compile(
            r"(?:Aggregate using temporary table|Temporary table|Materialize"
            r"|.*with deduplication)(?P<detail>.*)",
            re.S,
        ),
    ),
    ("Aggregate", re.compile(r"(?:Group a|A)ggregate:?(?P<detail>.*)", re.S)),
)
#: What the JSON form names apart from the words of the operation.
_ACCESS_TYPES = {
    "filter": "Filter",
    "sort": "Sort",
    "limit": "Limit",
    "materialize": "Temporary table",
    "temp_table_aggregate": "Temporary table",
}
_SIDES = ("Outer", "Inner")
_DEPENDENT = re.compile(r"Select #\d+ \(.*\bdependent\b", re.S)
_INPUTS = re.compile(r"inputs|.*subquer|.*from_select_list|materialize.*")


def plan(document: Raw) -> Plan:
    """Return the plan in a document of iterators.

    Raises:
        PlanError: it is larger than any real plan.
    """
    raw = document.get("query_plan", document)
    root = _Nodes().node(raw, "0", 0)
    return Plan(
        engine="mysql",
        root=root,
        own=spent.own_ms(root),
        statement=text(document, "query"),
        missing=text(document, "Missing"),
    )


class _Nodes:
    """Counts the nodes while they are built."""

    def __init__(self) -> None:
        self._count = 0

    def node(self, raw: Raw, path: str, depth: int) -> Node:
        self._count += 1
        if depth > MAX_DEPTH:
            raise PlanError(f"the plan is nested deeper than {MAX_DEPTH} levels")
        if self._count > MAX_NODES:
            raise PlanError(f"the plan has more than {MAX_NODES} nodes")
        inner = [(key, part) for key in raw if _INPUTS.fullmatch(key) for part in parts(raw[key])]
        children = tuple(
            self._child(part, f"{path}.{place}", depth, key.startswith("inputs_from"))
            for place, (key, part) in enumerate(inner)
        )
        node = _node(raw, path, children)
        if node.kind == "Filter":  # what follows its input are the subqueries of the condition
            subqueries = (replace(child, role="SubPlan") for child in node.children[1:])
            node = replace(node, children=(*node.children[:1], *subqueries))
        return _folded(node) if node.kind == "Filter" else node

    def _child(self, raw: Raw, path: str, depth: int, subquery: bool) -> Node:
        child = self.node(raw, path, depth + 1)
        return replace(child, role="SubPlan") if subquery else child


def _node(raw: Raw, path: str, children: tuple[Node, ...]) -> Node:
    operation = text(raw, "operation")
    reads = _READS.match(operation)
    kind, detail = _kind(operation) if not reads else (reads["kind"].capitalize(), "")
    kind = _ACCESS_TYPES.get(text(raw, "access_type"), kind)
    loops = number(raw, "actual_loops")
    each_rows, each_ms = number(raw, "actual_rows"), number(raw, "actual_last_row_ms")
    if loops is None and "actual_loops" in raw:  # null: it never ran
        loops, each_rows, each_ms = 0.0, 0.0, 0.0
    table = text(raw, "table_name") or (reads["table"].strip("`") if reads else "")
    if loops is None and operation.startswith("Select #") and children:
        # The line of a subquery has no figures of its own.
        loops, each_rows, each_ms = _figures_of(children[0])
    texts = {name: said for name, said in _texts(raw, kind, detail) if said}
    lookup = text(raw, "lookup_condition") or (reads["lookup"] if reads else "")
    if lookup:
        texts["Index Cond"] = " and ".join(f"({term.strip()})" for term in lookup.split(","))
    if kind in ("Nested Loop", "Hash Join"):
        children = tuple(
            child if child.role == "SubPlan" else replace(child, role=_SIDES[min(place, 1)])
            for place, child in enumerate(children)
        )
    return Node(
        kind=kind,
        path=path,
        access=_access(raw, kind, table),
        role="SubPlan" if _DEPENDENT.match(operation) else "Member",
        title=operation[:60] if operation.startswith("Select #") else "",
        relation=table if not table.startswith("<") else "",
        alias=table.strip("<>"),
        schema=text(raw, "schema_name"),
        index=text(raw, "index_name") or (reads["index"] or "" if reads else "").strip("`"),
        planned_rows=number(raw, "estimated_rows"),
        cost=number(raw, "estimated_total_cost"),
        loops=loops,
        rows=None if each_rows is None or loops is None else each_rows * loops,
        ms=None if each_ms is None or loops is None else each_ms * loops,
        texts=texts,
        children=children,
    )


def _figures_of(node: Node) -> tuple[float | None, float | None, float | None]:
    """Loops, and rows and ms of one loop."""
    if not node.loops or node.rows is None or node.ms is None:
        return node.loops, node.rows, node.ms
    return node.loops, node.rows / node.loops, node.ms / node.loops


def _kind(operation: str) -> tuple[str, str]:
    for kind, form in _KINDS:
        if match := form.match(operation):
            return kind, match["detail"].strip()
    return operation.partition(":")[0][:60] or "Unknown", ""


def _texts(raw: Raw, kind: str, detail: str) -> list[tuple[str, str]]:
    condition = text(raw, "condition") or (detail if kind == "Filter" else "")
    sort = text(raw, "sort_fields") or (detail if kind == "Sort" else "")
    if kind == "Hash Join":
        # A hash join without an equality compares every pair.
        return [("Join Buffer", "hash join"), ("Hash Cond", detail or text(raw, "hash_condition"))]
    return [
        ("Filter", condition),
        ("Sort Key", sort.partition(", limit input")[0]),
        ("Limit", detail if kind == "Limit" else ""),
        ("Join Type", detail if kind == "Nested Loop" else ""),
    ]


def _access(raw: Raw, kind: str, table: str) -> str:
    if not table or table.startswith("<"):
        return ""
    words, given = kind.lower(), text(raw, "access_type")
    if "table scan" in words or given == "table":
        return WHOLE_TABLE
    whole = text(raw, "index_access_type") == "index_scan" or words in (
        "index scan",
        "covering index scan",
    )
    return WHOLE_INDEX if whole else BY_INDEX


def _folded(node: Node) -> Node:
    """A filter and the one table below it as one node, at the filter's place."""
    tables = [child for child in node.children if child.role != "SubPlan" and not child.title]
    if len(tables) != 1 or not tables[0].access:
        if len(tables) == 1 and tables[0].rows is not None and node.rows is not None:
            return replace(node, removed=max(0.0, tables[0].rows - node.rows))
        return node
    table = tables[0]
    read = table.rows
    removed = max(0.0, read - node.rows) if read is not None and node.rows is not None else 0.0
    condition = " and ".join(
        said for said in (node.texts.get("Filter", ""), table.texts.get("Filter", "")) if said
    )
    numbers = dict(table.numbers)
    if read is not None:
        numbers.setdefault("Rows Read", read)
    if node.planned_rows is not None and table.planned_rows:
        numbers["Filtered"] = min(100.0, 100 * node.planned_rows / table.planned_rows)
    others = tuple(child for child in node.children if child is not table)
    return replace(
        table,
        path=node.path,
        role=node.role,
        rows=node.rows if node.rows is not None else table.rows,
        ms=node.ms if node.ms is not None else table.ms,
        removed=table.removed + removed,
        texts={**table.texts, "Filter": condition},
        numbers=numbers,
        children=table.children + others,
    )
