"""From the document of a PostgreSQL plan to the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import spent
from ..tree import (
    BY_INDEX,
    JOINS,
    MAX_DEPTH,
    MAX_NODES,
    WHOLE_INDEX,
    WHOLE_TABLE,
    Node,
    Plan,
    PlanError,
    Trigger,
)
from .values import number, parts, text

Raw = Mapping[str, Any]

_SUBPLANS = ("InitPlan", "SubPlan")
_TEXTS = (
    "Filter",
    "Join Filter",
    "Index Cond",
    "Hash Cond",
    "Merge Cond",
    "Recheck Cond",
    "Sort Key",
    "Presorted Key",
    "Group Key",
    "One-Time Filter",
    "Cache Key",
    "Order By",
    "TID Cond",
    "Strategy",
    "Join Type",
    "Operation",
    "Sort Method",
    "Output",
)


def plan(document: Raw) -> Plan:
    """Return the plan in a document of EXPLAIN or auto_explain.

    Raises:
        PlanError: there is no plan in it, or one larger than any real one.
    """
    raw = document.get("Plan")
    if not isinstance(raw, dict) or not (raw.get("Node Type") or raw.get("Plans")):
        raise PlanError("there is no node in the plan")
    alone = raw.get("Parallel Aware") is True and raw.get("Node Type") != "Append"
    processes = number(raw, "Actual Loops") if alone else 1  # an excerpt without its Gather
    root = _Nodes().node(raw, "0", "", Workers(int(min(processes or 1, 1024))))
    jit = document.get("JIT")
    timing = jit.get("Timing") if isinstance(jit, dict) else None
    serialization = document.get("Serialization")
    return Plan(
        engine="postgres",
        root=root,
        own=spent.own_ms(root),
        planning_ms=number(document, "Planning Time"),
        executed_ms=number(document, "Execution Time") or number(document, "Total Runtime"),
        jit_ms=_elapsed_jit(timing, root),
        serialization_ms=number(serialization, "Time") if isinstance(serialization, dict) else None,
        triggers=tuple(map(_trigger, parts(document.get("Triggers", [])))),
        statement=text(document, "Query Text"),
        missing=text(document, "Missing"),
    )


def _elapsed_jit(timing: Any, root: Node) -> float | None:
    """JIT's time, which PostgreSQL adds up over the leader and its workers."""
    total = number(timing, "Total") if isinstance(timing, dict) else None
    workers = max(node.numbers.get("Workers Launched", 0.0) for node in root.subtree())
    return None if total is None else total / (workers + 1)


def _trigger(raw: Raw) -> Trigger:
    constraint = text(raw, "Constraint Name")
    return Trigger(
        name=constraint or text(raw, "Trigger Name"),
        relation=text(raw, "Relation"),
        ms=number(raw, "Time") or 0.0,
        calls=number(raw, "Calls") or 0.0,
        constraint=bool(constraint),
    )


@dataclass(frozen=True)
class Workers:
    """The processes that share the loops of a node, or the nodes of a parallel Append."""

    count: int = 1
    share_nodes: bool = False

    def elapsed(self, each_ms: float, loops: float) -> float:
        """Return the elapsed ms: what several processes do runs side by side."""
        side_by_side = self.count if self.share_nodes else min(self.count, loops)
        return each_ms * loops / max(1.0, side_by_side)


def _processes(gather: Raw) -> float:
    """Return the number of processes: workers and leader, or the loops of the node below."""
    launched = number(gather, "Workers Launched")
    if launched is not None:
        return launched + 1
    below = parts(gather.get("Plans", []))[:1]
    return max([1.0, *(number(child, "Actual Loops") or 1.0 for child in below)])


class _Nodes:
    """Counts the nodes while they are built."""

    def __init__(self) -> None:
        self._count = 0

    def node(self, raw: Raw, path: str, role: str, workers: Workers) -> Node:
        self._count += 1
        if path.count(".") > MAX_DEPTH:
            raise PlanError(f"the plan is nested deeper than {MAX_DEPTH} levels")
        if self._count > MAX_NODES:
            raise PlanError(f"the plan has more than {MAX_NODES} nodes")
        kind = text(raw, "Node Type") or "Unknown"
        below = workers
        if kind.startswith("Gather"):
            below = Workers(int(min(_processes(raw), 1024)))
        elif kind == "Append" and raw.get("Parallel Aware") is True:
            below = Workers(workers.count, share_nodes=True)
        children = self._children(raw, kind, path, below)
        return _node(raw, kind, path, text(raw, "Parent Relationship") or role, workers, children)

    def _children(self, raw: Raw, kind: str, path: str, workers: Workers) -> tuple[Node, ...]:
        built, place = [], 0
        for number_, child in enumerate(parts(raw.get("Plans", []))):
            role = text(child, "Parent Relationship")
            if role not in _SUBPLANS:
                role = ("Outer", "Inner")[min(place, 1)] if kind in JOINS else "Member"
                place += 1
            built.append(self.node(child, f"{path}.{number_}", role, workers))
        return tuple(built)


def _node(
    raw: Raw, kind: str, path: str, role: str, workers: Workers, children: tuple[Node, ...]
) -> Node:
    loops = number(raw, "Actual Loops")
    each_rows, each_ms = number(raw, "Actual Rows"), number(raw, "Actual Total Time")
    removed = (number(raw, "Rows Removed by Filter") or 0.0) + (
        number(raw, "Rows Removed by Join Filter") or 0.0
    )
    texts = {name: said for name in _TEXTS if (said := text(raw, name))}
    return Node(
        kind=kind,
        path=path,
        access=_access(kind, texts),
        role=role,
        title=text(raw, "Subplan Name"),
        relation=text(raw, "Relation Name"),
        alias=text(raw, "CTE Name", "Alias"),
        schema=text(raw, "Schema"),
        index=text(raw, "Index Name"),
        planned_rows=number(raw, "Plan Rows"),
        cost=number(raw, "Total Cost"),
        loops=loops,
        rows=None if each_rows is None or loops is None else each_rows * loops,
        ms=None if each_ms is None or loops is None else workers.elapsed(each_ms, loops),
        removed=removed * (loops or 0.0),
        disk_kb=_disk_kb(raw),
        batches=max(number(raw, "Hash Batches") or 1, number(raw, "HashAgg Batches") or 1),
        blocks=_blocks(raw),
        temp_written=number(raw, "Temp Written Blocks") or 0.0,
        texts=texts,
        numbers={str(name): value for name in raw if (value := number(raw, name)) is not None},
        children=children,
    )


def _access(kind: str, texts: Mapping[str, str]) -> str:
    if kind == "Seq Scan":
        return WHOLE_TABLE
    if kind in ("Index Scan", "Index Only Scan"):
        return BY_INDEX if "Index Cond" in texts or "Order By" in texts else WHOLE_INDEX
    return BY_INDEX if kind == "Bitmap Heap Scan" else ""


def _disk_kb(raw: Raw) -> float:
    """What went to disk: sorts of all workers, peaks of incremental sorts, hashed groups."""
    workers = parts(raw.get("Workers", []))
    sorts = [one for one in (raw, *workers) if one.get("Sort Space Type") == "Disk"]
    used = sum(number(one, "Sort Space Used") or 0.0 for one in sorts)
    for name in ("Full-sort Groups", "Pre-sorted Groups"):
        for groups in parts(raw.get(name)):
            for disk in parts(groups.get("Sort Space Disk")):
                used = max(used, number(disk, "Peak Sort Space Used") or 0.0)
    used += sum(number(one, "Disk Usage") or 0.0 for one in (raw, *workers))
    if raw.get("Storage") == "Disk":
        used += number(raw, "Maximum Storage") or 0.0
    return used


def _blocks(raw: Raw) -> float | None:
    names = ("Shared Hit Blocks", "Shared Read Blocks", "Local Hit Blocks", "Local Read Blocks")
    counts = [number(raw, name) for name in names]
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
