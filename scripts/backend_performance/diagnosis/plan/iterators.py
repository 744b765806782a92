"""MySQL's second form of JSON plans, a tree of iterators, told in the words of the first.

It is what EXPLAIN FORMAT=JSON prints by default in MySQL 9.7 and, wherever
``explain_json_format_version = 2`` is set, also with ANALYZE, which counts rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .tree import MAX_DEPTH, PlanError

#: How the first form calls the reading of a whole table.
_WHOLE = {"table": "ALL"}
_TEMPORARY = ("materialize", "temp_table_aggregate")


def is_plan(document: Any) -> bool:
    return _root(document) is not None


def in_first_form(document: Any) -> dict[str, Any]:
    """Return the same plan as a ``query_block``: its tables, sorts and temporary tables.

    Raises:
        PlanError: it is nested deeper than any real plan.
    """
    return {"query_block": {"parts": list(_parts(_root(document) or {}, [], 0))}}


def _root(document: Any) -> Mapping[str, Any] | None:
    """The outermost iterator: under ``query_plan``, in 8.3 and 8.4 beside ``query``."""
    if not isinstance(document, dict):
        return None
    root = document.get("query_plan", document if "query" in document else None)
    return root if isinstance(root, dict) and isinstance(root.get("operation"), str) else None


def _parts(
    node: Mapping[str, Any], filters: list[Mapping[str, Any]], depth: int
) -> Iterator[dict[str, Any]]:
    """Yield what the rules look for; ``filters`` stand directly above this node."""
    if depth > MAX_DEPTH:
        raise PlanError(f"the plan is nested deeper than {MAX_DEPTH} levels")
    kind = node.get("access_type")
    if kind == "sort":
        yield {"filesort": True}
    if kind in _TEMPORARY:
        yield {"temporary_table": True}
    if isinstance(node.get("table_name"), str) and not node["table_name"].startswith("<"):
        yield _table(node, filters)
    below = [*filters, node] if kind == "filter" else []
    for key, value in node.items():
        if key.startswith("inputs"):
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, dict):
                    yield from _parts(part, below, depth + 1)


def _table(node: Mapping[str, Any], filters: list[Mapping[str, Any]]) -> dict[str, Any]:
    """One access, with the share of its rows that the filters above it keep."""
    kind = str(node.get("access_type"))
    said: dict[str, Any] = {
        "table_name": node["table_name"],
        "access_type": _WHOLE.get(kind, kind),
        "rows": node.get("estimated_rows"),
    }
    if conditions := [str(one["condition"]) for one in filters if "condition" in one]:
        said["attached_condition"] = " and ".join(conditions)
    outermost = filters[0] if filters else node
    said["filtered"] = _share(outermost, node, "estimated_rows")
    if "actual_rows" in node:
        said |= {
            "r_rows": node["actual_rows"],
            "r_loops": node.get("actual_loops", 1),
            "r_filtered": _share(outermost, node, "actual_rows"),
        }
    return said


def _share(kept: Mapping[str, Any], read: Mapping[str, Any], name: str) -> float:
    """Per cent of the rows read that are kept; all of them where one of the counts is missing."""
    rows, of = kept.get(name), read.get(name)
    if not isinstance(rows, int | float) or not isinstance(of, int | float) or of <= 0:
        return 100.0
    return min(100.0, 100.0 * rows / of)
