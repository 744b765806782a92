"""What a plan says: each rule hits a plan made for it and is silent on a good one."""

from __future__ import annotations

import json
import re

import pytest
from backend_performance.diagnosis import plan
from backend_performance.skill_root import default_root

from tests.diagnosis.plan.made_plans import made, slow


@pytest.mark.parametrize(
    ("rule", "verdict", "document"),
    [
        ("planning-dominates", "judge", made(planning=89.0, execution=20.0)),
        ("planning-dominates", None, made(planning=89.0, execution=195.0)),
        ("planning-dominates", None, made(planning=9.0, execution=1.0)),
        ("jit-cost", "judge", made(execution=200.0, raw={"JIT": {"Timing": {"Total": 60.0}}})),
        ("jit-cost", None, made(execution=900.0, raw={"JIT": {"Timing": {"Total": 60.0}}})),
        ("trigger-time", "judge", made(execution=50.0, raw={
            "Triggers": [{"Trigger Name": "audit", "Relation": "t", "Time": 20.0, "Calls": 9}]})),
        ("trigger-time", None, made(execution=500.0, raw={
            "Triggers": [{"Trigger Name": "audit", "Relation": "t", "Time": 20.0, "Calls": 9}]})),
        ("sort-spill", "fail", slow(n={"Node Type": "Sort", "Sort Space Type": "Disk",
                                       "Sort Space Used": 204800})),
        ("sort-spill", None, made(n={"Node Type": "Sort", "Sort Space Type": "Disk",
                                     "Sort Space Used": 900})),
        ("sort-spill", "judge", slow(n={"Node Type": "Incremental Sort", "Full-sort Groups": {
            "Sort Space Disk": {"Peak Sort Space Used": 900}}})),
        ("sort-spill", None, made(n={"Node Type": "Sort", "Sort Space Type": "Memory",
                                     "Sort Space Used": 25})),
        ("workers-missing", "judge", slow(n={"Node Type": "Gather", "Workers Planned": 2,
                                             "Workers Launched": 1})),
        ("seq-scan-discards", None, slow(n={"Rows Removed by Filter": 999})),
        ("seq-scan-discards", None, made(n={"Rows Removed by Filter": 13205})),
        ("seq-scan-discards", "fail", slow(n={"Rows Removed by Filter": 13205})),
        ("seq-scan-discards", "judge", slow(n={"Rows Removed by Filter": 13205,
                                               "Actual Rows": 9000})),
        ("serialization-time", "judge", made(execution=100.0, raw={"Serialization": {"Time": 99}})),
        ("serialization-time", None, made(execution=100.0, raw={"Serialization": {"Time": 9}})),
        ("time-in-node", "judge", slow(n={"Actual Rows": 1e6, "Plan Rows": 1e6})),
        ("time-in-node", None, slow(n={"Rows Removed by Filter": 13205})),
        ("temp-io", "judge", slow(n={"Node Type": "Aggregate", "Temp Written Blocks": 4480})),
        ("join-discards", "judge", slow(n={"Node Type": "Nested Loop",
                                           "Rows Removed by Join Filter": 20000})),
        ("full-index-scan", "judge", slow(n={"Node Type": "Index Only Scan", "Actual Rows": 1e6})),
        ("seq-scan-discards", "fail", made(n={"Rows Removed by Filter": 10.5,
                                              "Actual Loops": 1000, "Actual Rows": 0.02})),
        ("blocks-per-row", None, made(n={"Shared Hit Blocks": 5000, "Node Type": "Aggregate"})),
        ("hash-spill", None, made(n={"Node Type": "Hash", "Hash Batches": 1})),
    ],
)  # fmt: skip
def test_a_rule_on_a_made_plan(rule, verdict, document):
    found = {one.probe: one.verdict for one in plan.examine(document)[2]}
    assert found.get(f"explain/{rule}") == verdict


MARIADB = {"query_block": {"select_id": 1, "filesort": {"temporary_table": {"nested_loop": [
    {"table": {"table_name": "big", "access_type": "ALL", "r_loops": 1, "rows": 20210,
               "r_rows": 20000, "filtered": 100, "r_filtered": 0.005,
               "attached_condition": "big.b = 4111"}},
    {"block-nl-join": {"table": {"table_name": "y", "access_type": "ALL", "rows": 10, "r_loops": 1,
                                 "r_rows": 20000, "filtered": 100, "r_filtered": 100}}},
]}}}}  # fmt: skip
MYSQL = {"query_block": {"select_id": 1, "ordering_operation": {"using_filesort": True, "table": {
    "table_name": "big", "access_type": "ALL", "rows_examined_per_scan": 99000,
    "filtered": "10.00", "attached_condition": "(`shop`.`big`.`b` = 4111)"}}}}  # fmt: skip
GOOD = {"query_block": {"select_id": 1, "table": {"table_name": "big", "access_type": "const",
                                                  "rows_examined_per_scan": 1}}}  # fmt: skip


@pytest.mark.parametrize(
    ("document", "verdicts"),
    [
        (MARIADB, {"full-scan-discards": "fail", "estimate-off": "judge", "join-buffer": "judge",
                   "sort-or-temporary-table": "judge"}),
        (MYSQL, {"full-scan-discards": "judge", "sort-or-temporary-table": "judge",
                 "plan": "unknown"}),
        (GOOD, {"plan": "unknown"}),
        ({"query_block": {"message": "Impossible WHERE"}}, {"plan": "unknown"}),
    ],
)  # fmt: skip
def test_plans_of_mysql_and_mariadb(document, verdicts):
    engine, _, evidence = plan.examine(document)
    assert engine == "mysql"
    assert {one.probe.removeprefix("explain/"): one.verdict for one in evidence} == verdicts
    assert "4111" not in json.dumps([one.to_json() for one in evidence])


def test_rules_speak_to_items_that_exist():
    from backend_performance.diagnosis.plan.answered import ITEMS

    assert set(ITEMS) == {rule.name for rule in plan.RULES}
    pages = "".join(
        file.read_text(encoding="utf-8") for file in (default_root() / "references").glob("*.md")
    )
    titles = {
        re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-")
        for title in re.findall(r"^- \[ \] \*\*(.+?)\.\*\*", pages, re.M)
    }
    assert {item.rpartition("/")[2] for item in ITEMS.values()} <= titles
