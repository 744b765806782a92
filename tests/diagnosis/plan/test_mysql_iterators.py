"""Plans in MySQL's second JSON form, as 9.7 prints them, shortened to what is read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from backend_performance.diagnosis import plan

SCAN = {
    "operation": "Table scan on t",
    "table_name": "t",
    "access_type": "table",
    "schema_name": "d",
    "estimated_rows": 49208.0,
}
COUNTED = SCAN | {"actual_rows": 50000.0, "actual_loops": 1}
LOOKUP = {
    "operation": "Single-row index lookup on t using PRIMARY (id = 5)",
    "table_name": "t",
    "access_type": "index",
    "index_access_type": "index_lookup",
    "estimated_rows": 1.0,
}


def whole(root: dict[str, Any]) -> dict[str, Any]:
    return {
        "query": "/* select#1 */",
        "query_plan": root,
        "query_type": "select",
        "json_schema_version": "2.0",
    }


def kept(rows: float, below: dict[str, Any], condition: str = "(t.c = 'c777')") -> dict[str, Any]:
    return {
        "operation": f"Filter: {condition}",
        "access_type": "filter",
        "condition": condition,
        "actual_rows": rows,
        "actual_loops": 1,
        "estimated_rows": 4920.8,
        "inputs": [below],
    }


def above(kind: str, below: dict[str, Any], key: str = "inputs") -> dict[str, Any]:
    return {"operation": kind, "access_type": kind, key: [below]}


def verdicts(document: Any) -> dict[str, str]:
    engine, _, evidence = plan.examine(plan.read(json.dumps(document)))
    assert engine == "mysql"
    assert "c777" not in json.dumps([one.to_json() for one in evidence])
    return {one.probe.removeprefix("explain/"): one.verdict for one in evidence}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (whole(kept(1, COUNTED)), {"full-scan-discards": "fail"}),
        (whole(kept(49_000, COUNTED)), {"plan": "unknown"}),
        (whole(kept(1, kept(49_000, COUNTED))), {"full-scan-discards": "fail"}),
        (
            whole(above("filter", SCAN) | {"condition": "(t.c = 'c777')"}),
            {"full-scan-discards": "judge", "plan": "unknown"},
        ),
        (whole(SCAN), {"plan": "unknown"}),
        (whole(LOOKUP), {"plan": "unknown"}),
        (whole(above("sort", COUNTED)), {"sort-or-temporary-table": "judge"}),
        (whole(above("temp_table_aggregate", COUNTED)), {"sort-or-temporary-table": "judge"}),
        (whole(above("sort", above("materialize", LOOKUP))), {"plan": "unknown"}),
        (whole(LOOKUP | {"actual_rows": 5000.0, "actual_loops": 1}), {"estimate-off": "judge"}),
        (
            whole(above("join", kept(1, COUNTED), "inputs_from_select_list")),
            {"full-scan-discards": "fail"},
        ),
        ({"query": "select 1", **kept(1, COUNTED)}, {"full-scan-discards": "fail"}),
        (whole({"operation": "<not executable by iterator executor>"}), {"plan": "unknown"}),
        (
            whole(
                above(
                    "materialize",
                    {
                        "operation": "Table scan on <temporary>",
                        "table_name": "<temporary>",
                        "access_type": "table",
                    },
                )
            ),
            {"plan": "unknown"},
        ),
    ],
)
def test_what_the_iterators_say(document, found):
    assert verdicts(document) == found


def test_a_filter_counts_only_directly_above_its_table():
    """A join between them keeps its own rows: they are no share of the table's."""
    joined = kept(1, above("join", COUNTED))
    assert verdicts(whole(joined)) == {"plan": "unknown"}


def test_a_bottomless_plan_is_refused():
    root: dict[str, Any] = LOOKUP
    for _ in range(300):
        root = above("join", root)
    with pytest.raises(plan.PlanError, match="deeper"):
        plan.examine(whole(root))


@pytest.mark.parametrize(
    "odd",
    [
        {"inputs": 5},
        {"inputs": [1, None]},
        {"actual_rows": "many", "table_name": "t"},
        {"access_type": ["x"], "table_name": "t"},
        {"condition": {"a": 1}, "access_type": "filter"},
    ],
)
def test_odd_values_break_nothing(odd):
    assert set(verdicts(whole({"operation": "x", **odd}))) <= {"plan"}


def test_times_as_people_write_them_down_are_times():
    text = (
        "-> Filter: (loan.no = 2024)  (cost=104871 rows=98948)\n"
        "    -> Table scan on loan  (cost=104871 rows=989483) (actual time=4691ms, rows=1.2M)\n"
    )
    (read,) = plan.read(text).plans
    assert (read.root.ms, read.root.rows, read.root.loops) == (4691.0, 1.2e6, 1.0)
