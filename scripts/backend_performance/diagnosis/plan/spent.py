"""The exclusive time of each node: its elapsed time without that of the nodes it waits for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .tree import Node

_RETURNS = re.compile(r"\(returns (\$\d+(?:,\s*\$\d+)*)\)")

#: More InitPlans and CTEs than any real plan has; each is looked for in all conditions.
_MAX_CHARGED = 200


def own_ms(root: Node) -> Mapping[str, float]:
    """Return ms by the path of the node, for all nodes that were timed.

    The rows of a CTE are produced while a CTE Scan asks for them, and an InitPlan runs where its
    value is first used; there their time is counted, so there it is taken off.
    """
    nodes = list(root.subtree())
    by_path = {node.path: node for node in nodes}
    taken = dict.fromkeys(by_path, 0.0)
    for node in nodes:
        parent = by_path.get(node.path.rpartition(".")[0])
        if parent is None or node.role == "InitPlan":
            continue
        taken[parent.path] += node.elapsed_ms
    for node in [one for one in nodes if one.role == "InitPlan"][:_MAX_CHARGED]:
        _charge(node, nodes, by_path, taken)
    return {
        node.path: max(0.0, node.ms - taken[node.path]) for node in nodes if node.ms is not None
    }


def _charge(
    init: Node, nodes: list[Node], by_path: Mapping[str, Node], taken: dict[str, float]
) -> None:
    if init.title.startswith("CTE "):
        scans = [one for one in nodes if one.kind == "CTE Scan" and one.name == init.title[4:]]
        total = sum(one.ms or 0.0 for one in scans)
        for scan in scans:
            taken[scan.path] += init.elapsed_ms * (scan.ms or 0.0) / total if total else 0.0
        return
    user = _user(init, nodes) or by_path.get(init.path.rpartition(".")[0])
    if user is not None:
        taken[user.path] += init.elapsed_ms


def _user(init: Node, nodes: list[Node]) -> Node | None:
    """The deepest node outside the InitPlan whose conditions use its value."""
    returned = _RETURNS.search(init.title)
    words = returned[1].replace(" ", "").split(",") if returned else [f"({init.title})"]
    marks = [re.compile(re.escape(word) + r"(?!\d)") for word in words]
    users = [
        node
        for node in nodes
        if not node.path.startswith(init.path)
        and any(mark.search(text) for mark in marks for text in node.texts.values())
    ]
    return max(users, key=lambda node: node.path.count("."), default=None)
