"""The one model of a plan, whatever engine and format it came from.

Times, rows and counts are totals over all loops; what was not measured is ``None``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

MAX_DEPTH = 200
MAX_NODES = 20_000

#: How a node reads its table.
WHOLE_TABLE, WHOLE_INDEX, BY_INDEX = "whole table", "whole index", "by index"


class PlanError(ValueError):
    """A text that is no plan we can read; the message is safe to show."""


JOINS = ("Nested Loop", "Hash Join", "Merge Join")
#: Kinds of node that always have an input; without one, lines were left out.
NEVER_ALONE = (
    *("Filter", "Stream results"),  # MySQL
    *(*JOINS, "Hash", "Materialize", "Memoize", "Aggregate"),
    *("Limit", "Sort", "Incremental Sort", "Unique", "WindowAgg", "LockRows"),
    *("Gather", "Gather Merge"),
)


@dataclass(frozen=True, eq=False)
class Node:
    """One node of a plan. Names and conditions are untrusted text of the audited system."""

    kind: str  #: as the engine calls it, such as "Seq Scan" or "Table scan"
    path: str = "0"  #: the places of the children that lead here, such as "0.1.0"
    access: str = ""  #: WHOLE_TABLE, WHOLE_INDEX, BY_INDEX, or "" where no table is read
    role: str = ""  #: "Outer", "Inner", "InitPlan", "SubPlan" or "Member"
    title: str = ""  #: of a subplan, such as "CTE recent"
    relation: str = ""
    alias: str = ""
    schema: str = ""
    index: str = ""
    planned_rows: float | None = None  #: for one loop
    cost: float | None = None  #: for one loop
    loops: float | None = None  #: None where the plan was not run
    rows: float | None = None
    ms: float | None = None  #: elapsed, with all children; parallel loops run side by side
    removed: float = 0.0  #: rows that a filter or a join filter threw away
    disk_kb: float = 0.0  #: what a sort or a hash wrote to disk
    batches: float = 1.0  #: of a hash; more than one went to disk
    blocks: float | None = None  #: of 8 kB, hit or read, with all children
    temp_written: float = 0.0  #: blocks of 8 kB, with all children
    texts: Mapping[str, str] = field(default_factory=dict)  #: conditions and keys by their label
    numbers: Mapping[str, float] = field(default_factory=dict)  #: further figures by their label
    children: tuple[Node, ...] = ()

    def subtree(self) -> Iterator[Node]:
        """Yield the node and everything below it, parents first."""
        yield self
        for child in self.children:
            yield from child.subtree()

    @property
    def lacks_input(self) -> bool:
        """Whether what it reads, or the time of that, was left out: its own time is less."""
        if "Cut Off" in self.numbers:
            return True
        inputs = [one for one in self.children if one.role not in ("InitPlan", "SubPlan")]
        if self.kind in JOINS and self.ms is not None and len(inputs) < 2:
            return True
        if self.kind not in NEVER_ALONE:
            return False
        untimed = (not any(n.ms is not None for n in one.subtree()) for one in inputs)
        return not inputs or (self.ms is not None and any(untimed))

    @property
    def elapsed_ms(self) -> float:
        """The elapsed ms, or those of what is inside where the node was not timed itself."""
        if self.ms is not None:
            return self.ms
        return sum(child.elapsed_ms for child in self.children)

    @property
    def condition(self) -> str:
        """What the node filters, without the part that its index answers."""
        return self.texts.get("Filter", "") or self.texts.get("Join Filter", "")

    @property
    def name(self) -> str:
        return self.relation or self.alias


@dataclass(frozen=True)
class Trigger:
    """One trigger's time over all its calls."""

    name: str
    relation: str
    ms: float
    calls: float
    constraint: bool


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan with what was measured while it ran."""

    engine: str  #: "postgres" or "mysql"
    root: Node
    own: Mapping[str, float] = field(default_factory=dict)  #: own ms by path, see ``spent``
    planning_ms: float | None = None
    executed_ms: float | None = None  #: as the engine reports it for the whole statement
    jit_ms: float | None = None
    serialization_ms: float | None = None
    triggers: tuple[Trigger, ...] = ()
    statement: str = ""  #: untrusted text, where the plan carries it
    missing: str = ""  #: "beginning" or "end" where the text was cut off

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        return tuple(self.root.subtree())

    @cached_property
    def _by_path(self) -> Mapping[str, Node]:
        return {node.path: node for node in self.nodes}

    @cached_property
    def part_missing(self) -> str:
        """Which part of the plan the text does not hold; empty where it holds the whole."""
        lacking = any(node.lacks_input for node in self.nodes)
        return self.missing or ("middle or end" if lacking else "")

    def parent(self, node: Node) -> Node | None:
        return self._by_path.get(node.path.rpartition(".")[0])

    def ancestors(self, node: Node) -> Iterator[Node]:
        """Yield the ancestors of a node, nearest first."""
        above = self.parent(node)
        while above is not None:
            yield above
            above = self.parent(above)

    def own_ms(self, node: Node) -> float:
        """Return the ms of a node without what it waits for."""
        return self.own.get(node.path, 0.0)

    @property
    def analyzed(self) -> bool:
        return any(node.loops is not None for node in self.nodes)

    @property
    def timed(self) -> bool:
        return any(node.ms is not None for node in self.nodes)

    @property
    def buffers(self) -> bool:
        return any(node.blocks is not None for node in self.nodes)

    @property
    def execution_ms(self) -> float:
        """Elapsed ms of the statement: as reported, or of the root with its triggers."""
        of_nodes = self.root.elapsed_ms
        if self.executed_ms:
            return max(self.executed_ms, of_nodes)
        return of_nodes + sum(one.ms for one in self.triggers)

    def share(self, ms: float) -> float:
        """Return the per cent of the execution that took so long."""
        return min(100.0, 100 * ms / self.execution_ms) if self.execution_ms > 0 else 0.0
