"""A PostgreSQL plan as a tree of nodes, with totals instead of averages per loop."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..redaction import identifier, untrusted

_NODE_TYPE = re.compile(r"[A-Za-z ]{1,60}")
_CONDITIONS = ("Filter", "Join Filter", "Index Cond", "Hash Cond", "Merge Cond", "Recheck Cond")
MAX_DEPTH = 200


class PlanError(ValueError):
    """A text that is no plan we can read; the message is safe to show."""


@dataclass(frozen=True, eq=False)
class Node:
    """One node; ``rows`` and ``removed`` are totals over all its loops."""

    raw: Mapping[str, Any]
    path: str
    parent: Node | None
    workers: int  #: processes that share the loops of this node
    children: list[Node] = field(default_factory=list)

    @property
    def type(self) -> str:
        name = str(self.raw.get("Node Type", ""))
        return name if _NODE_TYPE.fullmatch(name) else "Unknown"

    @property
    def role(self) -> str:
        return str(self.raw.get("Parent Relationship", ""))

    @property
    def loops(self) -> float:
        return self.number("Actual Loops")

    @property
    def rows(self) -> float:
        return self.number("Actual Rows") * self.loops

    @property
    def removed(self) -> float:
        return self.number("Rows Removed by Filter") * self.loops

    @property
    def ms(self) -> float:
        """Elapsed time with all children; loops of parallel workers run side by side."""
        return self.number("Actual Total Time") * self.loops / self.workers

    def number(self, name: str) -> float:
        value = self.raw.get(name, 0)
        return float(value) if isinstance(value, int | float) else 0.0

    def ancestors(self) -> Iterator[Node]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def subtree(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.subtree()

    def label(self) -> dict[str, Any]:
        """Say which node this is; names and conditions come from the audited system."""
        said: dict[str, Any] = {"node": self.path, "type": self.type}
        for key, name in (("Relation Name", "relation"), ("Index Name", "index")):
            if isinstance(self.raw.get(key), str):
                said[name] = identifier(self.raw[key])
        conditions = [str(self.raw[key]) for key in _CONDITIONS if key in self.raw]
        if conditions:
            said["condition_untrusted"] = untrusted(" and ".join(conditions))
        if isinstance(self.raw.get("Sort Key"), list):
            said["sort_key_untrusted"] = untrusted(", ".join(map(str, self.raw["Sort Key"])))
        return said


@dataclass(frozen=True)
class Plan:
    """A plan with what was measured while it ran."""

    root: Node
    raw: Mapping[str, Any]

    @property
    def analyzed(self) -> bool:
        return "Actual Loops" in self.root.raw

    @property
    def timed(self) -> bool:
        return "Actual Total Time" in self.root.raw

    @property
    def buffers(self) -> bool:
        return "Shared Hit Blocks" in self.root.raw

    @property
    def execution_ms(self) -> float:
        return float(self.raw.get("Execution Time") or self.root.ms)

    def nodes(self) -> Iterator[Node]:
        return self.root.subtree()

    def share(self, ms: float) -> float:
        """Return the per cent of the execution that took so long."""
        return min(100.0, 100 * ms / self.execution_ms) if self.execution_ms > 0 else 0.0


def parse(document: Any) -> Plan:
    """Return the plan in the parsed JSON of EXPLAIN or auto_explain.

    Raises:
        PlanError: there is no plan in it, or one nested deeper than any real one.
    """
    if isinstance(document, list) and len(document) == 1:
        document = document[0]
    if not isinstance(document, dict) or not isinstance(document.get("Plan"), dict):
        raise PlanError("this is no JSON plan of PostgreSQL: use EXPLAIN (…, FORMAT JSON)")
    return Plan(_node(document["Plan"], "0", None, 1), document)


def _node(raw: Mapping[str, Any], path: str, parent: Node | None, workers: int) -> Node:
    if path.count(".") > MAX_DEPTH:
        raise PlanError(f"the plan is nested deeper than {MAX_DEPTH} levels")
    node = Node(raw, path, parent, workers)
    if node.type.startswith("Gather"):
        workers = int(node.number("Workers Launched")) + 1
    parts = raw.get("Plans", [])
    for place, part in enumerate(parts if isinstance(parts, list) else []):
        if isinstance(part, dict):
            node.children.append(_node(part, f"{path}.{place}", node, workers))
    return node
