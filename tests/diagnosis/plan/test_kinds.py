"""Kinds of real plans with the one finding that a person needs, and kinds that need none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from backend_performance.diagnosis import plan


def node(kind: str, rows: float, ms: float, loops: float = 1, *below: Any, **more: Any) -> Any:
    """A node; ``rows`` and ``ms`` are those of one loop."""
    said = {"Node Type": kind, "Plan Rows": more.pop("planned", rows), "Plan Width": 8,
            "Startup Cost": 0.0, "Total Cost": more.pop("cost", 100.0),
            "Actual Startup Time": 0.0, "Actual Total Time": ms, "Actual Rows": rows,
            "Actual Loops": loops, "Shared Hit Blocks": 1, "Shared Read Blocks": 0}  # fmt: skip
    for name, value in more.items():
        said[name.replace("_", " ").replace("by filter", "by Filter")] = value
    return said | ({"Plans": list(below)} if below else {})


def whole(root: Any, **more: Any) -> list[Any]:
    return [{"Plan": root, "Planning Time": 0.5, "Execution Time": root["Actual Total Time"],
             "Triggers": []} | more]  # fmt: skip


def estimated(root: Any) -> list[Any]:
    """The same as it is without ANALYZE."""
    kept = {name: value for name, value in root.items() if not name.startswith(("Act", "Shared"))}
    if "Plans" in kept:
        kept["Plans"] = [estimated(child)[0]["Plan"] for child in kept["Plans"]]
    return [{"Plan": kept}]


def found(document: Any) -> dict[str, Any]:
    evidence = plan.examine(plan.read(json.dumps(document)))[2]
    return {one.probe.removeprefix("explain/"): one for one in evidence}


OUTER = {"Parent_Relationship": "Outer", "Relation_Name": "crate", "Alias": "crate"}
INNER = {"Parent_Relationship": "Inner", "Relation_Name": "bay", "Alias": "bay"}


def test_a_bitmap_of_two_indexes_is_no_misestimate():
    """Its row count is always 0."""
    both = node("BitmapAnd", 0, 4, 20_000,
                node("Bitmap Index Scan", 16_700, 1, 20_000, planned=15_000, Index_Name="bay_day"),
                node("Bitmap Index Scan", 52_100, 2.9, 20_000, planned=52_000, Index_Name="bay_no"),
                planned=1600)  # fmt: skip
    inner = node("Bitmap Heap Scan", 2, 5, 20_000, both, **INNER)
    said = found(whole(node("Nested Loop", 40_000, 100_200, 1,
                            node("Index Scan", 20_000, 90, Index_Cond="(day = 1)", **OUTER), inner,
                            planned=2)))  # fmt: skip
    assert "estimate-off" not in said and said["nested-loop-many"].verdict == "judge"


def test_a_cheap_outer_side_is_named_when_it_drives_an_expensive_inner_one():
    outer = node("Index Scan", 20_000, 90, planned=1, Index_Cond="(day = 1)", **OUTER)
    inner = node("Index Scan", 2, 5, 20_000, Index_Cond="(crate = crate.id)", **INNER)
    evidence = found(whole(node("Nested Loop", 40_000, 100_200, 1, outer, inner, planned=2)))
    row = evidence["estimate-off"].rows[0]
    assert evidence["estimate-off"].verdict == "fail"
    assert (row["node"], row["factor"], row["try"]) == ("0.0", 20_000, "ANALYZE crate;")


@pytest.mark.parametrize("above", ["Limit", "Sort"])
def test_a_node_below_a_limit_is_misjudged_only_if_something_reads_all_of_it(above):
    scan = node("Seq Scan", 50_000, 400, planned=5_000_000, Relation_Name="crate")
    root = node("Limit", 20, 410, 1, node("Sort", 20, 409, 1, scan) if above == "Sort" else scan)
    assert ("estimate-off" in found(whole(root))) == (above == "Sort")


def test_partitions_are_added_up():
    parts = [
        node("Seq Scan", 1, 10.5, Parent_Relationship="Member", Relation_Name=f"crate_{n}",
             Alias=f"crate_{n}", Filter="(bay = 5)", Rows_Removed_by_filter=8999)
        for n in range(60)
    ]  # fmt: skip
    evidence = found(whole(node("Append", 60, 640, 1, *parts)))
    assert {name: one.verdict for name, one in evidence.items()} == {"seq-scan-discards": "fail"}
    row = evidence["seq-scan-discards"].rows[0]
    assert (row["partitions"], row["removed_rows"], row["relation"]) == (60, 539_940, "crate")


def test_workers_share_the_time_of_a_parallel_scan():
    scan = node("Seq Scan", 1, 300, 3, Relation_Name="crate", Filter="(bay = 5)",
                Rows_Removed_by_filter=300_000)  # fmt: skip
    gather = node("Gather", 3, 310, 1, scan, Workers_Planned=2, Workers_Launched=2)
    row = found(whole(gather))["seq-scan-discards"].rows[0]
    assert (row["time_ms"], row["removed_rows"]) == (300, 900_000)


def test_a_cte_is_charged_once_where_it_is_read():
    cte = node("Seq Scan", 1e5, 800, Parent_Relationship="InitPlan", Subplan_Name="CTE busy",
               Relation_Name="crate")  # fmt: skip
    scan = node("CTE Scan", 10, 820, CTE_Name="busy", Alias="b", Parent_Relationship="Outer")
    (read,) = plan.read(json.dumps(whole(node("Aggregate", 1, 830, 1, cte, scan)))).plans
    assert [round(read.own_ms(one)) for one in read.nodes] == [10, 800, 20]


@pytest.mark.parametrize(
    "root",
    [
        node("Seq Scan", 15, 1.2, Relation_Name="bay", Filter="(a = 1)",
             Rows_Removed_by_filter=13_205),
        node("Sort", 10, 2, 1, node("Seq Scan", 10, 1), Sort_Space_Type="Disk",
             Sort_Space_Used=900),
        node("Gather", 10, 3, 1, node("Seq Scan", 10, 1), Workers_Planned=2, Workers_Launched=0),
    ],
)  # fmt: skip
def test_nothing_below_a_floor_of_time_is_a_finding(root):
    assert {name: one.verdict for name, one in found(whole(root)).items()} == {"plan": "pass"}


def test_what_is_sent_may_take_all_the_time():
    root = node("Seq Scan", 100, 0.03, Relation_Name="page")
    document = whole(root, **{"Execution Time": 2500.0, "Serialization": {"Time": 2499.0}})
    assert found(document)["serialization-time"].verdict == "judge"


def test_jit_counts_the_time_of_all_workers():
    gather = node("Gather", 3, 900, 1, node("Seq Scan", 1, 890, 3, Relation_Name="crate"),
                  Workers_Planned=2, Workers_Launched=2)  # fmt: skip
    evidence = found(whole(gather, JIT={"Timing": {"Total": 2400.0}}))
    assert evidence["jit-cost"].rows[0]["jit_ms"] == 800
    assert "time-in-node" not in evidence


NOT_IN = node("Seq Scan", 400_000, 0, 1, node(
    "Materialize", 799_991, 0, 1, node("Seq Scan", 799_991, 0, Relation_Name="loan"),
    Parent_Relationship="SubPlan", Subplan_Name="SubPlan 1"), cost=3.7e9, Relation_Name="crate",
    Filter="(NOT (SubPlan 1))")  # fmt: skip
HASHED = NOT_IN | {"Filter": "(NOT (hashed SubPlan 1))", "Total Cost": 250.0}
ORDERED = node("Limit", 1, 0, 1, node("Index Scan", 78_722, 0, cost=3.6e8, Relation_Name="crate",
               Alias="crate", Filter="(bay = 123)"), cost=4632.0)  # fmt: skip
LARGE = node("Seq Scan", 1e6, 0, cost=2_700_507.0, Relation_Name="crate", Alias="crate",
             Filter="(bay = 4753)")  # fmt: skip
CAST = LARGE | {"Filter": "((bay)::numeric = 4753.0)"}


@pytest.mark.parametrize(
    ("root", "rule", "said", "try_"),
    [
        (NOT_IN, "correlated-subplan", "SubPlan 1 on loan", None),
        (ORDERED, "ordered-index-filter", "LIMIT", "CREATE INDEX CONCURRENTLY ON crate (bay);"),
        (LARGE, "cost-in-node", "100 %", "CREATE INDEX CONCURRENTLY ON crate (bay);"),
        (CAST, "wrapped-column", "numeric", None),
    ],
)
def test_estimates_show_what_they_can(root, rule, said, try_):
    evidence = found(estimated(root))
    assert (evidence[rule].verdict, evidence["plan"].verdict) == ("judge", "unknown")
    assert said in evidence[rule].rows[0]["says"]
    assert evidence[rule].rows[0].get("try") == try_


CROSSED = node(
    "Nested Loop", 2.06e11, 0, 1,
    node("Seq Scan", 454_197, 0, cost=15_454.0, Relation_Name="crate"),
    node("Materialize", 454_197, 0, 1, node("Seq Scan", 454_197, 0, cost=15_454.0,
         Relation_Name="loan"), cost=19_943.0), cost=3.6e9)  # fmt: skip


def test_a_join_without_a_condition_has_the_cost_and_not_the_rows_it_keeps():
    (row,) = found(estimated(CROSSED))["cost-in-node"].rows
    assert row["type"] == "Nested Loop" and row["cost_pct"] == pytest.approx(100, abs=1)
    assert "no condition" in row["says"]


def test_a_hashed_subquery_is_no_finding():
    assert set(found(estimated(HASHED))) == {"plan"}


def block(*tables: Any, **around: Any) -> Any:
    return {"query_block": {"select_id": 1, **around, "nested_loop": [
        {"table": table} for table in tables]}}  # fmt: skip


BUFFERED = block(
    {"table_name": "p", "access_type": "ALL", "rows_examined_per_scan": 3300},
    {"table_name": "q", "access_type": "ALL", "rows_examined_per_scan": 3300,
     "using_join_buffer": "Block Nested Loop", "attached_condition": "(`q`.`code` = `p`.`a`)"},
)  # fmt: skip
FULL = block({"table_name": "loan", "access_type": "index", "key": "day", "using_index": True,
              "rows_examined_per_scan": 5_800_000})  # fmt: skip


@pytest.mark.parametrize(
    ("document", "rule", "relation"),
    [(BUFFERED, "join-buffer", "q"), (FULL, "full-index-scan", "loan")],
)
def test_mysql_estimates_name_the_table_and_never_pass(document, rule, relation):
    evidence = found(document)
    assert evidence[rule].verdict == "judge" and evidence["plan"].verdict == "unknown"
    assert evidence[rule].rows[0]["relation"] == relation
    if rule == "join-buffer":
        assert evidence[rule].rows[0]["try"] == "ALTER TABLE q ADD INDEX (code);"


@pytest.mark.parametrize(
    ("condition", "columns"),
    [
        ("((a = 1) AND (b > 2) AND (c = 'x AND y'::text))", ("a", "c", "b")),
        ("((a = 1) OR (b = 2))", ()),
        ("(a < b)", ()),
        ("((lower(a) = 'x'::text) AND (b = ANY ('{1,2}'::integer[])))", ("b",)),
        ("((t.a)::text = 'x'::text)", ("a",)),
        ("((t.a = u.b) AND (u.c = 3))", ("a",)),
        ("(u.b = t.a)", ("a",)),
        ("((gone_at IS NULL) AND (a = 1))", ("a", "gone_at")),
        ("(`shop`.`t`.`a` = 4111)", ("a",)),
        ("(((((", ()),
    ],
)
def test_an_index_is_proposed_only_where_the_condition_determines_it(condition, columns):
    from backend_performance.diagnosis.plan.indexes import wanted

    assert wanted(condition, ("t",)).columns == columns


def test_an_index_that_is_read_long_for_few_rows_is_asked_for_its_first_column():
    text = """\
Bitmap Heap Scan on crate  (cost=12596.39..12624.90 rows=22 width=12) (actual time=1304.7..1347.8 rows=17 loops=1)
  Recheck Cond: (bay = 62333)
  ->  Bitmap Index Scan on crate_row_bay  (cost=0.00..12594.58 rows=11 width=0) (actual time=1304.7..1304.7 rows=17 loops=1)
        Index Cond: (bay = 62333)
Execution Time: 1347.9 ms
"""  # noqa: E501
    said = {one.probe: one for one in plan.examine(plan.read(text))[2]}["explain/time-in-node"]
    assert "first column" in said.reason
    many = text.replace("rows=17", "rows=170000")
    said = {one.probe: one for one in plan.examine(plan.read(many))[2]}["explain/time-in-node"]
    assert "first column" not in said.reason
