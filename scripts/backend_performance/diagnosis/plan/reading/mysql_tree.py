"""MySQL's EXPLAIN FORMAT=TREE and EXPLAIN ANALYZE, told as the iterators of its JSON form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..tree import MAX_DEPTH, MAX_NODES, PlanError

_NUMBER = r"\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_NODE = re.compile(r"^(?P<indent>[\s|│]*)-> ?(?P<text>\S.*)$")
_COST = re.compile(rf"\(cost=(?:{_NUMBER}\.\.)?(?P<cost>{_NUMBER})(?: rows=(?P<rows>{_NUMBER}))?\)")
_ACTUAL = re.compile(
    rf"\(actual (?:time=(?P<first>{_NUMBER})\.\.(?P<last>{_NUMBER}) )?"
    rf"rows=(?P<rows>{_NUMBER}) loops=(?P<loops>{_NUMBER})\)"
)
_ROWS_ONLY = re.compile(rf"\(rows=(?P<rows>{_NUMBER})\)")
#: Two spaces behind the arrow and a width: that is PostgreSQL.
_POSTGRES = re.compile(r"->  \S| width=\d")


def is_tree(text: str) -> bool:
    """Whether a text holds MySQL's iterators and not PostgreSQL's nodes."""
    return bool(re.search(r"^[\s|│\"']*-> ?\S", text, re.M)) and not _POSTGRES.search(text)


def documents(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the place and the document of each tree.

    Raises:
        PlanError: a tree has more nodes or levels than any real one.
    """
    open_: list[tuple[int, dict[str, Any]]] = []
    place, position, count = 0, 0, 0
    for line in text.split("\n"):
        match = _NODE.match(line.expandtabs(8))
        if match:
            count += 1
            column = len(match["indent"])
            while open_ and open_[-1][0] >= column and (len(open_) > 1 or _is_root(open_, column)):
                if len(open_) == 1:
                    yield place, _document(open_[0][1])
                open_.pop()
            if len(open_) > MAX_DEPTH or count > MAX_NODES:
                raise PlanError(f"the plan has more than {MAX_DEPTH} levels or {MAX_NODES} nodes")
            node = _iterator(match["text"])
            if open_:
                open_[-1][1].setdefault("inputs", []).append(node)
            else:
                place = position
            open_.append((column, node))
        position += len(line) + 1
    if open_:
        yield place, _document(open_[0][1])


def _is_root(open_: list[tuple[int, dict[str, Any]]], column: int) -> bool:
    """A node as far to the left as the root begins another plan; frames shift by a few columns."""
    return column <= open_[0][0]


def _document(root: dict[str, Any]) -> dict[str, Any]:
    return {"query_plan": root, "query_type": "select"}


def _iterator(text: str) -> dict[str, Any]:
    cost, actual, rows = (form.search(text) for form in (_COST, _ACTUAL, _ROWS_ONLY))
    ends = [one.start() for one in (cost, actual, rows) if one]
    never = text.rstrip(" |").endswith("(never executed)")
    operation = text[: min(ends)] if ends else text.removesuffix("(never executed)")
    node: dict[str, Any] = {"operation": operation.strip().rstrip("|").strip()}
    if cost:
        node["estimated_total_cost"] = float(cost["cost"])
        node["estimated_rows"] = float(cost["rows"]) if cost["rows"] else None
    elif rows:
        node["estimated_rows"] = float(rows["rows"])
    if actual:
        node |= {"actual_rows": float(actual["rows"]), "actual_loops": float(actual["loops"])}
        if actual["last"]:
            node["actual_last_row_ms"] = float(actual["last"])
    elif never:
        node |= {"actual_rows": 0.0, "actual_loops": 0.0, "actual_last_row_ms": 0.0}
    return node
