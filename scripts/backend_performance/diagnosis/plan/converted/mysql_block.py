"""MySQL's first JSON form and MariaDB's, a ``query_block`` of nested operations.

MySQL's holds estimates only. MariaDB's ANALYZE counts rows for one loop (``r_rows``) and gives
times that are totals already (``r_table_time_ms``, ``r_other_time_ms``, ``r_total_time_ms``).
"""

from __future__ import annotations

from collections.abc import Mapping
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
from .values import number, text

Raw = Mapping[str, Any]

_ACCESS = {"ALL": WHOLE_TABLE, "index": WHOLE_INDEX}
_SORTS = ("filesort", "using_filesort")
_TEMPORARY = ("temporary_table", "using_temporary_table")
_DEPENDENT = ("dependent", "DEPENDENT SUBQUERY", "DEPENDENT UNION")


def plan(document: Raw) -> Plan:
    """Return the plan in a document with a ``query_block``.

    Raises:
        PlanError: it is larger than any real plan.
    """
    block = document["query_block"]
    root = _Nodes().node("query_block", block, "0", 0)
    optimization = document.get("query_optimization")
    planning = number(optimization, "r_total_time_ms") if isinstance(optimization, dict) else None
    return Plan(
        engine="mysql",
        root=root,
        own=spent.own_ms(root),
        planning_ms=planning,
        executed_ms=number(block, "r_total_time_ms"),
        missing=text(document, "Missing"),
    )


class _Nodes:
    """Counts the nodes while they are built."""

    def __init__(self) -> None:
        self._count = 0

    def node(self, name: str, raw: Raw, path: str, depth: int) -> Node:
        self._count += 1
        if depth > MAX_DEPTH:
            raise PlanError(f"the plan is nested deeper than {MAX_DEPTH} levels")
        if self._count > MAX_NODES:
            raise PlanError(f"the plan has more than {MAX_NODES} nodes")
        children = tuple(
            self.node(kind, child, f"{path}.{place}", depth + 1)
            for place, (kind, child) in enumerate(_inner(raw))
        )
        if "table_name" in raw:
            return _table(raw, path, children)
        return _operation(name, raw, path, children)


def _inner(raw: Raw) -> list[tuple[str, Raw]]:
    """The operations inside one, each under the name it has there."""
    found: list[tuple[str, Raw]] = []
    for name, value in raw.items():
        if name == "cost_info":
            continue
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                buffered = name == "block-nl-join" and isinstance(part.get("table"), dict)
                found.append(("table", _buffered(part)) if buffered else (name, part))
    return found


def _buffered(raw: Raw) -> Raw:
    """MariaDB wraps the table that a join buffer reads; MySQL names the buffer inside it."""
    outer = {name: value for name, value in raw.items() if name != "table"}
    condition = text(raw, "attached_condition") or text(raw["table"], "attached_condition")
    times = [number(outer, name) or 0.0 for name in ("r_unpack_time_ms", "r_other_time_ms")]
    wrapped: dict[str, Any] = {"using_join_buffer": text(outer, "join_type") or "Block Nested Loop"}
    if any(times):
        wrapped["r_join_time_ms"] = sum(times)
    return {
        **raw["table"],
        **wrapped,
        **({"attached_condition": condition} if condition else {}),
    }


def _operation(name: str, raw: Raw, path: str, children: tuple[Node, ...]) -> Node:
    kind = {"filesort": "Sort", "temporary_table": "Temporary table"}.get(name, name)
    if name not in _SORTS + _TEMPORARY:
        kind = "Temporary table" if raw.get("using_temporary_table") is True else kind
        kind = "Sort" if raw.get("using_filesort") is True else kind
    both = raw.get("using_filesort") is True and raw.get("using_temporary_table") is True
    dependent = raw.get("dependent") is True
    return Node(
        kind=kind,
        path=path,
        role="SubPlan" if dependent else "Member",
        cost=_cost(raw),
        loops=number(raw, "r_loops"),
        rows=number(raw, "r_output_rows"),
        ms=_operation_ms(name, raw, children),
        texts={"Sort Key": key} if (key := text(raw, "sort_key")) else {},
        numbers={"temporary": 1.0} if both else {},
        children=children,
    )


def _operation_ms(name: str, raw: Raw, children: tuple[Node, ...]) -> float | None:
    """Elapsed ms with what is inside; of a filesort the engine gives its own time only."""
    total = number(raw, "r_total_time_ms")
    if total is None or name != "filesort":
        return total
    return total + sum(child.elapsed_ms for child in children)


def _cost(raw: Raw) -> float | None:
    info = raw.get("cost_info")
    if isinstance(info, dict):
        return number(info, "query_cost") or number(info, "prefix_cost")
    return number(raw, "cost")


def _table(raw: Raw, path: str, children: tuple[Node, ...]) -> Node:
    loops = number(raw, "r_loops") if "r_rows" in raw else None
    estimate = number(raw, "rows_examined_per_scan")
    estimate = number(raw, "rows") if estimate is None else estimate
    each = number(raw, "r_rows")
    rows_read = None if each is None or loops is None else each * loops
    kept = number(raw, "r_filtered")
    kept_pct = 100.0 if kept is None else max(0.0, min(100.0, kept))
    access = text(raw, "access_type")
    numbers = {"Rows Read": rows_read} if rows_read is not None else {}
    if (filtered := number(raw, "filtered")) is not None:
        numbers["Filtered"] = filtered
    texts = {
        label: said
        for label, name in (
            ("Filter", "attached_condition"),
            ("Index Cond", "index_condition"),
            ("Join Buffer", "using_join_buffer"),
            ("Select Type", "select_type"),
            ("Access Type", "access_type"),
        )
        if (said := text(raw, name))
    }
    return Node(
        kind=f"Table access ({access})" if access else "Table access",
        path=path,
        access=_ACCESS.get(access, BY_INDEX if access else ""),
        role="SubPlan" if texts.get("Select Type") in _DEPENDENT else "Member",
        relation=text(raw, "table_name"),
        index=text(raw, "key"),
        planned_rows=estimate,
        cost=_cost(raw),
        loops=loops,
        rows=None if rows_read is None else rows_read * kept_pct / 100,
        ms=_ms(raw, children),
        removed=0.0 if rows_read is None else rows_read * (100 - kept_pct) / 100,
        texts=texts,
        numbers=numbers,
        children=children,
    )


def _ms(raw: Raw, children: tuple[Node, ...]) -> float | None:
    """Elapsed with what is inside: the engine gives the table's own time, or the total."""
    names = ("r_table_time_ms", "r_other_time_ms", "r_join_time_ms")
    own = [number(raw, name) for name in names]
    known = [one for one in own if one is not None]
    if known:
        return sum(known) + sum(child.ms or 0.0 for child in children)
    return number(raw, "r_total_time_ms")
