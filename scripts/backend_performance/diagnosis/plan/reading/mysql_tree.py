"""MySQL's EXPLAIN FORMAT=TREE and EXPLAIN ANALYZE, told as the iterators of its JSON form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..tree import MAX_DEPTH, MAX_NODES, PlanError

_NUMBER = r"\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_NODE = re.compile(r"^(?P<indent>[\s|│]*)-> ?(?P<text>\S.*)$")
_COST = re.compile(rf"\(cost=(?:{_NUMBER}\.\.)?(?P<cost>{_NUMBER})(?: rows=(?P<rows>{_NUMBER}))?\)")
_ACTUAL = re.compile(
    rf"\(actual (?:time=(?P<first>{_NUMBER})\.\.(?P<last>{_NUMBER}) )?"
    rf"rows=(?P<rows>{_NUMBER}) loops=(?P<loops>{_NUMBER})\)"
)
#: The same as people write it down: one time with its unit, rows in thousands or millions.
_RESTATED = re.compile(
    rf"\(actual time=(?P<last>{_NUMBER}) ?ms,? rows=(?P<rows>{_NUMBER})(?P<unit>[KM]?)"
    rf"(?:,? loops=(?P<loops>{_NUMBER}))?\)"
)
_UNITS = {"": 1.0, "K": 1e3, "M": 1e6}
_ROWS_ONLY = re.compile(rf"\(rows=(?P<rows>{_NUMBER})\)")
#: Figures that an excerpt has on a line of their own.
_FIGURES_BELOW = re.compile(r"\n(?=[ \t]*\((?:cost=|actual (?:time|rows)=))")
#: Iterators without an input; what reads a <temporary> or <subquery2> has its maker below it.
_LEAF = re.compile(
    r"(?:(?:Table scan|(?:Covering |Single-row |Multi-range |Full-text )?index \S.*?) on (?!<)"
    r"|Rows fetched|Constant row|Zero |Count rows in)",
    re.I,
)
_JOIN = re.compile(r"(?:Nested loop|Batched key access|[\w ]*\bhash)\b[\w ]* join", re.I)
#: Two spaces behind the arrow, a width, or a kind that only PostgreSQL writes so.
_POSTGRES = re.compile(
    r"->  \S| width=\d|-> (?:Parallel )?(?:Seq Scan|Index (?:Only )?Scan|Bitmap|Nested Loop"
    r"|Hash Join|Merge Join|Gather|(?:CTE|Subquery|Function) Scan|HashAggregate)"
)


def is_tree(text: str) -> bool:
    """Whether a text holds MySQL's iterators and not PostgreSQL's nodes."""
    return bool(re.search(r"^[ \t|│\"']*-> ?\S", text, re.M)) and not _POSTGRES.search(text)


def documents(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the place and the document of each tree.

    Raises:
        PlanError: a tree has more nodes or levels than any real one.
    """
    open_: list[_Open] = []
    place, position, count = 0, 0, 0
    for line in _FIGURES_BELOW.sub(" ", text).split("\n"):
        match = _NODE.match(line.expandtabs(8))
        if match:
            count += 1
            node, column = _iterator(match["text"]), len(match["indent"])
            above = _above(open_, column)
            if above is None:
                if open_:
                    yield place, _document(open_[0].node)
                open_, place = [], position
            else:
                del open_[above + 1 :]
                open_[above].node.setdefault("inputs", []).append(node)
            if len(open_) > MAX_DEPTH or count > MAX_NODES:
                raise PlanError(f"the plan has more than {MAX_DEPTH} levels or {MAX_NODES} nodes")
            open_.append(_Open(column, node))
        position += len(line) + 1
    if open_:
        yield place, _document(open_[0].node)


@dataclass(frozen=True)
class _Open:
    """A node that may get inputs, and where its arrow stands."""

    column: int
    node: dict[str, Any]

    @property
    def lacks_input(self) -> bool:
        operation = self.node["operation"]
        inputs = 0 if _LEAF.match(operation) else 2 if _JOIN.match(operation) else 1
        return len(self.node.get("inputs", ())) < inputs


def _above(open_: list[_Open], column: int) -> int | None:
    """The place of the node that this one feeds; None where another plan begins."""
    for place in range(len(open_) - 1, -1, -1):
        if open_[place].column < column:
            return place
    # As far to the left as the root: the indentation was lost, or another plan begins.
    lacking = [place for place, one in enumerate(open_) if one.lacks_input]
    return lacking[-1] if lacking else None


def _document(root: dict[str, Any]) -> dict[str, Any]:
    return {"query_plan": root, "query_type": "select"}


def _iterator(text: str) -> dict[str, Any]:
    cost, actual, rows = (form.search(text) for form in (_COST, _ACTUAL, _ROWS_ONLY))
    restated = None if actual else _RESTATED.search(text)
    ends = [one.start() for one in (cost, actual, restated, rows) if one]
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
    elif restated:
        node["actual_rows"] = float(restated["rows"]) * _UNITS[restated["unit"]]
        node["actual_loops"] = float(restated["loops"] or 1)
        node["actual_last_row_ms"] = float(restated["last"])
    elif never:
        node |= {"actual_rows": 0.0, "actual_loops": 0.0, "actual_last_row_ms": 0.0}
    return node
