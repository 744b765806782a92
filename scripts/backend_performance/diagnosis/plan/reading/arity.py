"""The tree of a plan whose indentation was lost, from how many inputs each kind of node has."""

from __future__ import annotations

from typing import Any

from ..tree import JOINS

Raw = dict[str, Any]

_WITH_TWO_INPUTS = (*JOINS, "Recursive Union")
_MANY = ("Append", "Merge Append", "BitmapAnd", "BitmapOr")
_WITH_INPUT = ("Bitmap Heap Scan", "Subquery Scan")


def nested(flat: list[Raw]) -> Raw:
    """Return the first node with the others below it; they are in the order of the text."""
    left = list(reversed(flat))
    root = left.pop()
    open_: list[tuple[Raw, int]] = [(root, _inputs(root))]
    while left:
        node = left.pop()
        titled = "Subplan Name" in node
        # A subplan belongs to the node before it; any other node to the nearest that lacks one.
        while not titled and len(open_) > 1 and (open_[-1][1] == 0 or _ends(open_[-1][0], node)):
            open_.pop()
        above, lacking = open_[-1]
        above.setdefault("Plans", []).append(node)
        if not titled:
            open_[-1] = (above, max(0, lacking - 1))
        open_.append((node, _inputs(node)))
    return root


def _ends(above: Raw, node: Raw) -> bool:
    """Return whether the inputs of an Append end before ``node``: a Hash belongs to a join."""
    return node.get("Node Type") == "Hash" and above.get("Node Type") in _MANY


def _inputs(node: Raw) -> int:
    kind = str(node.get("Node Type", ""))
    if kind in _WITH_TWO_INPUTS:
        return 2
    if kind in _MANY:
        return 1_000_000
    leaf = "Scan" in kind and kind not in _WITH_INPUT
    return 0 if leaf or kind == "Result" else 1
