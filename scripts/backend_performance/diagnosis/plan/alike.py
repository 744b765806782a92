"""Nodes that do the same work on the parts of one table, taken together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from os.path import commonprefix
from typing import Any

from ..evidence.redaction import identifier, untrusted
from .tree import Node, Plan

_KIND = re.compile(r"[A-Za-z0-9 ()/#_-]{1,60}")
_NUMBERED = re.compile(r"[_\d.]+$")
_ALIAS = re.compile(r"\b[A-Za-z_][\w$]*\.")
#: The last stands over the parts of a plan whose beginning is missing.
_APPENDS = ("Append", "Merge Append", "Unknown")


@dataclass(frozen=True)
class Place:
    """One or more nodes: the same scan, join or sort on each partition."""

    nodes: tuple[Node, ...]
    own_ms: float

    @property
    def first(self) -> Node:
        return self.nodes[0]

    @property
    def rows(self) -> float:
        return sum(node.rows or 0.0 for node in self.nodes)

    @property
    def removed(self) -> float:
        return sum(node.removed for node in self.nodes)

    @property
    def ms(self) -> float:
        return sum(node.ms or 0.0 for node in self.nodes)

    @property
    def ms_without_subplans(self) -> float:
        """Elapsed ms, without the subqueries that run inside the conditions."""
        inner = (child for node in self.nodes for child in node.children)
        return max(0.0, self.ms - sum(one.ms or 0.0 for one in inner if one.role == "SubPlan"))

    @property
    def loops(self) -> float:
        return max(node.loops or 0.0 for node in self.nodes)

    @property
    def relation(self) -> str:
        """The table's name; of partitions what their names begin with."""
        names = {name for node in self.nodes if (name := _relation(node))}
        if len(names) == 1:
            return names.pop()
        # PostgreSQL numbers the alias of a partition, whatever its table is called.
        aliases = {_NUMBERED.sub("", node.alias) for node in self.nodes}
        common = aliases.pop() if len(aliases) == 1 else ""
        return common or _NUMBERED.sub("", commonprefix(sorted(names)))

    def total(self, name: str) -> float:
        """Return the sum of a further figure over all loops and nodes."""
        return sum(node.numbers.get(name, 0.0) for node in self.nodes)

    def words(self) -> str:
        """Name the place in a sentence."""
        node = self.first
        kind = node.texts.get("Operation", node.kind) if node.kind == "ModifyTable" else node.kind
        kind = kind if _KIND.fullmatch(kind) else "node"
        if node.role == "SubPlan" and not node.access:
            tables = dict.fromkeys(one.relation for one in node.subtree() if one.relation)
            title = node.title if _KIND.fullmatch(node.title) else "a subquery"
            return f"{title} on {', '.join(map(identifier, tables))}" if tables else title
        name = self.relation or node.alias or node.index
        parts = f" ({len(self.nodes)} partitions)" if len(self.nodes) > 1 else ""
        join = "on" if node.relation or node.alias or not self.relation else "over"
        return f"{kind} {join} {identifier(name)}{parts}" if name else f"{kind}{parts}"

    def label(self) -> dict[str, Any]:
        """Say which nodes these are; names and conditions come from the audited system."""
        node = self.first
        kind = node.kind if _KIND.fullmatch(node.kind) else "Unknown"
        said: dict[str, Any] = {"node": node.path, "type": kind}
        if len(self.nodes) > 1:
            said["partitions"] = len(self.nodes)
        for name, value in (("relation", self.relation), ("index", node.index)):
            if value:
                said[name] = identifier(value)
        names = ("Filter", "Join Filter", "Index Cond", "Hash Cond", "Merge Cond", "Recheck Cond")
        if conditions := [node.texts[key] for key in names if key in node.texts]:
            said["condition_untrusted"] = untrusted(" and ".join(conditions))
        if "Sort Key" in node.texts:
            said["sort_key_untrusted"] = untrusted(node.texts["Sort Key"])
        return said


def _relation(node: Node) -> str:
    """The table of a node, or of the one scan below what only passes its rows on."""
    while not node.relation and not node.alias and len(node.children) == 1:
        node = node.children[0]
    return node.relation


@lru_cache(maxsize=2)
def places(plan: Plan) -> tuple[Place, ...]:
    """Return all nodes of a plan, those of the parts of one table taken together."""
    groups: dict[tuple[str, ...], list[Node]] = {}
    below: Mapping[str, tuple[str, str]] = _under_appends(plan)
    for node in plan.nodes:
        above = below.get(node.path)
        key: tuple[str, ...] = (node.path,)
        if above:
            key = (*above, node.kind, _ALIAS.sub("", node.condition))
        groups.setdefault(key, []).append(node)
    return tuple(
        Place(tuple(nodes), sum(plan.own_ms(node) for node in nodes)) for nodes in groups.values()
    )


def _under_appends(plan: Plan) -> dict[str, tuple[str, str]]:
    """By path: the nearest Append above, and the way down from its child."""
    found: dict[str, tuple[str, str]] = {}
    for node in plan.nodes:
        parent = plan.parent(node)
        if parent is None:
            continue
        if parent.kind in _APPENDS:
            found[node.path] = (parent.path, "")
        elif above := found.get(parent.path):
            found[node.path] = (above[0], f"{above[1]}.{node.path.rpartition('.')[2]}")
    return found
