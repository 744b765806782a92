"""One plan in every form in which people have it: the finding is the same."""

from __future__ import annotations

import pytest
from backend_performance.diagnosis import plan

from tests.diagnosis.plan.written_plans import FORMS, JSON, LINES, TEXT, XML


def found(source: str | bytes) -> dict[str, str]:
    evidence = plan.examine(plan.read(source))[2]
    return {one.probe.removeprefix("explain/"): one.verdict for one in evidence}


@pytest.mark.parametrize("form", FORMS)
def test_the_finding_is_the_same_in_every_form(form):
    reading = plan.read(FORMS[form])
    _, facts, evidence = plan.examine(reading)
    assert len(reading.plans) == 1 and facts["nodes"] == 2
    said = {one.probe.removeprefix("explain/"): one for one in evidence}
    row = said["seq-scan-discards"].rows[0]
    assert said["seq-scan-discards"].verdict == "fail"
    assert (row["removed_rows"], row["kept_rows"], row["relation"]) == (999_988, 12, "parcel")
    assert row["try"] == "CREATE INDEX CONCURRENTLY ON parcel (depot, state);"
    assert facts["execution_ms"] == pytest.approx(812.4, abs=0.4)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [TEXT, JSON], ids=["text", "JSON"])
def test_a_file_is_read_in_any_encoding(encoding, text):
    assert found(text.replace("\n", "\r\n").encode(encoding))["seq-scan-discards"] == "fail"


@pytest.mark.parametrize(
    ("source", "plans"),
    [(TEXT + "\n" + TEXT, 2), (JSON + "\n" + JSON, 2), (JSON + "\n\n" + TEXT, 2), (XML + XML, 2),
     (FORMS["YAML"] + FORMS["YAML"], 2), (FORMS["auto_explain"] + "\n" + FORMS["auto_explain"], 2),
     (FORMS["border 2"] + FORMS["border 2"] + FORMS["JSON, border 2"], 3)],
)  # fmt: skip
def test_several_plans_in_one_file_are_all_read(source, plans):
    _, facts, evidence = plan.examine(plan.read(source))
    assert facts["plans"] == plans
    assert {row["plan"] for row in evidence[0].rows} == set(range(1, plans + 1))


@pytest.mark.parametrize(
    ("source", "missing"),
    [(JSON[: JSON.index("Shared Read", 900)], "end"), (JSON[: JSON.index("Planning")], "end"),
     (JSON[JSON.index("Plans") - 3:], "beginning"),
     (JSON[JSON.index('"Plans"') - 30:], "beginning"), ("\n".join(LINES[2:]), "beginning")],
)  # fmt: skip
def test_a_plan_that_was_cut_off_says_so(source, missing):
    _, facts, evidence = plan.examine(plan.read(source))
    assert missing in facts["cut_off"]
    assert evidence[0].probe == "explain/seq-scan-discards"


def test_what_is_left_of_a_plan_is_no_pass():
    text = "  ->  Index Scan using a on t  (cost=0.4..8.4 rows=1 width=4) (actual time=0.1..0.1 "
    assert found(text + "rows=1 loops=1)\n")["plan"] == "unknown"


def test_a_plan_without_costs_and_indentation_is_of_postgresql():
    text = "Limit (actual rows=12 loops=1)\n-> Seq Scan on parcel (actual rows=12 loops=1)"
    engine, facts, _ = plan.examine(plan.read(f"{text}\nFilter: (depot = 7)\n"))
    assert (engine, facts["nodes"]) == ("postgres", 2)


CUT = LINES[2:]


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("Buffers: shared hit=120", "I/O Timings: read=16.45.119\n  Buffers: shared=1"),
        "\n".join([*CUT, *CUT, *CUT, "SubPlan 1", "  InitPlan 2", "CTE x"]),
        TEXT.replace("time=0.020..812.000", "time=0..1..2"),
        TEXT.replace("  Buffers", "  Plans: 7\n  Workers: 7\n  Buffers"),
        TEXT.replace("rows=12 loops=1", "rows=1e999 loops=99999999999999999999"),
        TEXT.replace("Rows Removed by Filter: 999988", "Rows Removed by Filter: many"),
        JSON.replace("999988", "1e999").replace("812.0", '"fast"'),
        JSON.replace('"Actual Loops": 1', '"Actual Loops": -5'),
        JSON.replace('"Seq Scan"', "null").replace('"Limit"', "[]"),
        XML.replace("<Query>", '<!DOCTYPE x [<!ENTITY a "b">]><Query>'),
        FORMS["YAML"].replace("- Plan:", "- Plan: &a") + "\n  More: *a\n",
    ],
)
def test_odd_texts_break_nothing(text):
    try:
        _, _, evidence = plan.examine(plan.read(text))
    except plan.PlanError:
        return
    assert all(one.reason for one in evidence)


@pytest.mark.parametrize(
    "text",
    [
        """\
 Limit  (cost=312472.59..312589.27 rows=1000 width=16) (actual time=314.8..316.4 rows=1000 loops=1)
   Buffers: shared hit=54173
 ...
 Execution Time: 316.461 ms
""",
        """\
 Merge Join (cost=2.61..37358.63 rows=500000 width=44) (actual time=0.1..320.3 rows=500000 loops=1)
   -> Index Scan using member_pkey on member
   -> Index Scan using loan_member on loan
 Execution Time: 329.261 ms
""",
        """\
 Hash Join  (cost=16.42..26.94 rows=500000 width=44) (actual time=42.0..287.4 rows=500000 loops=1)
   -> Seq Scan on loan  (cost=0.00..8185.00 rows=500000 width=20)
   -> Hash  (cost=6544.42..6544.42 rows=200000 width=24)
      Buckets: 131072  Batches: 2  Memory Usage: 6732kB
      -> Index Scan using member_pkey on member
 Execution Time: 309.298 ms
""",
        """\
 Hash Left Join  (cost=16.42..26.94 rows=500 width=44) (actual time=42.0..887.4 rows=500000 loops=1)
   Hash Cond: (loan.member_id = member.id)
   ->  Seq Scan on loan  (cost=0.00..85.00 rows=500000 width=20) (actual time=0.1..9.3 rows=500000 \
loops=1)
""",
        """\
 Aggregate  (cost=16.42..26.94 rows=1 width=44) (actual time=887.1..887.4 rows=1 loops=1)
   ->  Append  (cost=0.00..85.00 rows=500000 width=20) (actual time=0.1..880.3 rows=500000 loops=1)
         ->  Seq Scan on loan_2020  (cost=0.00..5.00 rows=5 width=20) (actual time=0.1..9.3 rows=5 \
loops=1)
         ->  Seq Scan on loan_2021  (cost=0.00..5.00 rows=5 width=20) (actual time=0.1..
""",
        """\
-> Limit: 3000 row(s)  (cost=530 rows=1500) (actual time=3401..3451 rows=3000 loops=1)
    -> Filter: (loan.total between 200 and 800)  (cost=530 rows=1500) (actual time=3401..3442 \
rows=3000 loops=1)
""",
    ],
)
def test_a_plan_with_lines_left_out_blames_no_node_for_what_they_took(text):
    _, facts, evidence = plan.examine(plan.read(text))
    assert "middle or end" in facts["cut_off"]
    assert {one.verdict for one in evidence} == {"unknown"}


def test_the_largest_node_is_told_beside_a_smaller_finding():
    text = """\
 GroupAggregate  (cost=1..9 rows=9 width=8) (actual time=5149.3..5843.3 rows=61532 loops=1)
   ->  Sort  (cost=1..9 rows=9 width=8) (actual time=5149.3..5331.1 rows=1848373 loops=1)
         Sort Method: external merge  Disk: 46792kB
         ->  Hash Join  (cost=1..9 rows=9 width=8) (actual time=34.5..4579.7 rows=1848373 loops=1)
               ->  Seq Scan on reading  (cost=1..9 rows=9 width=8) (actual time=0.1..2100.5 rows=9
               ->  Hash  (cost=1..9 rows=9 width=8) (actual time=34.4..34.4 rows=61532 loops=1)
                     ->  Seq Scan on stay  (cost=1..9 rows=9 width=8) (actual time=0.1..19.1 rows=9
 Execution Time: 5851.3 ms
""".replace("rows=9\n", "rows=9 loops=1)\n")
    said = found(text)
    assert (said["time-in-node"], said["sort-spill"]) == ("judge", "judge")


@pytest.mark.parametrize(
    "text",
    [
        # YugabyteDB's documentation leaves the arrows out.
        " Aggregate (cost=107.50..107.51 rows=1 width=8)\n"
        "     Seq Scan on contacts (cost=0.00..105.00 rows=1000 width=0)\n",
        # An editor made tabs of four spaces each.
        " Aggregate  (cost=107.50..107.51 rows=1 width=8)\n"
        " \t->  Sort  (cost=0.00..105.00 rows=1000 width=0)\n"
        "       \t->  Seq Scan on contacts  (cost=0.00..105.00 rows=1000 width=0)\n",
    ],
)
def test_a_node_is_below_the_one_that_must_have_an_input(text):
    (read,) = plan.read(text).plans
    assert [node.kind for node in read.nodes if not node.children] == ["Seq Scan"]
    assert not read.missing


def test_a_parallel_scan_stays_below_its_gather_where_a_page_made_one_line_of_it():
    text = (
        "QUERY PLAN -- Gather (cost=1000.00..12315.50 rows=5875 width=4) (actual time=0.574..52.2 "
        "rows=1 loops=1) Workers Planned: 2 Workers Launched: 2 -> Parallel Seq Scan on crate "
        "(cost=0.00..10728.00 rows=2448 width=4) (actual time=9.118..46.290 rows=0 loops=3) "
        "Filter: (bay = 10) Rows Removed by Filter: 333333 "
        "Planning Time: 0.473 ms Execution Time: 52.9 ms"
    )
    (read,) = plan.read(text).plans
    assert [node.kind for node in read.nodes] == ["Gather", "Seq Scan"]
    assert read.nodes[1].elapsed_ms == pytest.approx(46.29)


def test_figures_on_a_line_of_their_own_belong_to_the_node_above():
    """An excerpt, which also writes the workers beside the node."""
    text = (
        "Finalize Aggregate  (actual time=900.1..900.2 rows=1 loops=1)\n"
        "  ->  Gather  (Workers Launched: 4)\n"
        "        ->  Parallel Seq Scan on crate\n"
        "              Filter: (bay = 7)\n"
        "              Rows Removed by Filter: 90000\n"
        "              (actual time=0.6..890.5 rows=10 loops=5)\n"
        "Execution Time: 900.3 ms\n"
    )
    (found,) = plan.read(text).plans
    scan = found.nodes[-1]
    assert (len(found.nodes), scan.relation, scan.rows) == (3, "crate", 50)
    assert scan.ms == pytest.approx(890.5)


def test_plans_that_a_table_keeps_are_read_in_the_expanded_form():
    """As pg_stat_monitor has them, with the column's own name."""
    text = (
        "-[ RECORD 1 ]----\n"
        "queryid | 42\n"
        "plan    | Sort  (cost=9.00..9.10 rows=90 width=4) (actual rows=900000 loops=1)   +\n"
        "        |   Sort Key: due                                                        +\n"
        "        |   Sort Method: external merge  Disk: 11768kB                           +\n"
        "        |   ->  Seq Scan on crate  (cost=0.00..9.00 rows=90 width=4) (actual rows=900000 "
        "loops=1)+\n"
        "        |\n"
    )
    assert found(text + text.replace("RECORD 1", "RECORD 2"))["sort-spill"] == "judge"
    assert [len(one.nodes) for one in plan.read(text).plans] == [2]


def test_the_order_of_what_was_computed_comes_from_no_index():
    text = (
        "Limit  (cost=9.00..9.10 rows=20 width=4) (actual time=900.1..900.2 rows=20 loops=1)\n"
        "  ->  Sort  (cost=9.00..9.10 rows=90 width=4) (actual time=900.1..900.2 rows=20 loops=1)\n"
        "        Sort Key: {key} DESC\n"
        "        ->  HashAggregate  (cost=1.00..9.00 rows=90 width=4) (actual time=700.0..890.0 "
        "rows=90000 loops=1)\n"
        "              Group Key: depot\n"
        "              ->  Seq Scan on crate  (cost=0.00..9.00 rows=900000 width=4) (actual "
        "time=0.1..300.0 rows=900000 loops=1)\n"
        "Execution Time: 900.3 ms\n"
    )
    assert "sort-for-limit" not in found(text.format(key="(count(*))"))
    assert found(text.format(key="depot"))["sort-for-limit"] == "judge"


def test_a_table_whose_right_half_was_cut_off_is_read_without_its_bars():
    text = "| QUERY PLAN\n|----------\n" + "\n".join(f"| {line}" for line in LINES)
    assert found(text)["seq-scan-discards"] == "fail"


def test_figures_that_an_expected_output_hides_are_unknown_and_the_rows_are_not():
    text = (
        " Nested Loop  (cost=xxx rows=1 width=xxx) (actual time=xxx rows=90 loops=1)\n"
        "   ->  Seq Scan on crate  (cost=xxx rows=1 width=xxx) (actual time=xxx rows=90 loops=1)\n"
        "   ->  Seq Scan on bay  (cost=xxx rows=1 width=xxx) (actual time=xxx rows=1 loops=90)\n"
    )
    (one,) = plan.read(text).plans
    assert [node.rows for node in one.nodes] == [90, 90, 90] and not one.part_missing
