"""One plan of MySQL or MariaDB in every form: the finding is the same."""

from __future__ import annotations

import pytest
from backend_performance.diagnosis import plan

from tests.diagnosis.plan.written_mysql_plans import MYSQL_FORMS, TABLES


@pytest.mark.parametrize("form", MYSQL_FORMS)
def test_the_finding_of_mysql_is_the_same_in_every_form(form):
    engine, facts, evidence = plan.examine(plan.read(MYSQL_FORMS[form]))
    said = {one.probe.removeprefix("explain/"): one for one in evidence}
    row = said["full-scan-discards"].rows[0]
    assert (engine, said["full-scan-discards"].verdict) == ("mysql", "fail")
    assert (row["removed_rows"], row["kept_rows"]) == (pytest.approx(59_690, abs=1), 310)
    assert row["try"] == "ALTER TABLE parcel ADD INDEX (state);"
    assert facts["execution_ms"] == 184


@pytest.mark.parametrize("form", TABLES)
def test_a_table_of_mysql_is_read_in_every_form(form):
    (found,) = plan.read(TABLES[form]).plans
    assert [node.relation for node in found.nodes if node.access] == ["p", "d", "s"]
    verdicts = {one.probe: one.verdict for one in plan.examine(plan.read(TABLES[form]))[2]}
    assert verdicts == {
        "explain/full-scan-discards": "judge",
        "explain/sort-or-temporary-table": "judge",
        "explain/join-buffer": "judge",
        "explain/full-index-scan": "judge",
        "explain/plan": "unknown",
    }


LOST = """\
-> Limit: 5 row(s)  (actual time=386..386 rows=5 loops=1)
-> Table scan on <temporary>  (actual time=386..386 rows=5 loops=1)
-> Aggregate using temporary table  (actual time=386..386 rows=5 loops=1)
-> Nested loop inner join  (cost=66975 rows=162524) (actual time=386..386 rows=9 loops=1)
-> Table scan on o  (cost=10091 rows=99802) (actual time=0.19..47.4 rows=100000 loops=1)
-> Index lookup on l using by_o (o_id = o.id)  (cost=0.25 rows=6) (actual time=0.003..0.003 rows=0 loops=100000)
"""  # noqa: E501


def test_an_aggregate_has_its_input_below_it_where_the_indentation_was_lost():
    (found,) = plan.read(LOST).plans
    join = next(node for node in found.nodes if node.kind == "Nested Loop")
    assert [node.relation for node in join.children] == ["o", "l"]
    assert found.own_ms(join) < 50


def test_rows_that_were_counted_without_a_time_are_judged_and_pass_nothing():
    head = "id\tselect_type\ttable\ttype\tkey\trows\tr_rows\tfiltered\tr_filtered\tExtra\n"
    row = "1\tSIMPLE\tcrate\tALL\tNULL\t149095\t150000.00\t18.08\t{kept}\tUsing where\n"
    said = {}
    for kept in ("9.13", "90.00"):
        evidence = plan.examine(plan.read(head + row.format(kept=kept)))[2]
        said[kept] = {one.probe: one.verdict for one in evidence}
    assert said == {
        "9.13": {"explain/full-scan-discards": "judge"},
        "90.00": {"explain/plan": "unknown"},
    }


HEADLESS = {
    "twelve columns": "| 1 | SIMPLE | p | NULL | ALL | NULL | NULL | NULL | NULL | 59700 | 10.00 | "
    "Using where |\n| 1 | SIMPLE | d | NULL | eq_ref | PRIMARY | PRIMARY | 4 | p.d | 1 | 100.00 | "
    "NULL |\n",
    "ten columns": "1\tSIMPLE\tp\tALL\tNULL\tNULL\tNULL\tNULL\t59700\tUsing where\n"
    "1\tSIMPLE\td\teq_ref\tPRIMARY\tPRIMARY\t4\tp.d\t1\t\n",
}


@pytest.mark.parametrize("form", HEADLESS)
def test_a_table_without_its_head_is_read_by_the_order_of_its_columns(form):
    (found,) = plan.read(HEADLESS[form]).plans
    assert [node.relation for node in found.nodes if node.access] == ["p", "d"]
    verdicts = {one.probe: one.verdict for one in plan.examine(plan.read(HEADLESS[form]))[2]}
    assert verdicts["explain/full-scan-discards"] == "judge"


@pytest.mark.parametrize(
    "cells",
    [
        "| 1 | SIMPLE | p | NULL | cheap | NULL | NULL | NULL | NULL | 59700 | 10.00 | x |\n",
        "| 1 | INSERT | orders | NULL | alice | price | 10.0.0.1 | 4 | 9 | done |\n",
        "| 1 | UPDATE | orders | index | alice | price | old | new | 9 | done |\n",
        "a7 | DELETE | orders | ALL | NULL | NULL | NULL | NULL | 9 | done\n",
    ],
)
def test_a_table_of_something_else_is_no_plan(cells):
    with pytest.raises(plan.PlanError):
        plan.read(cells)


def test_a_tree_that_a_person_drew_without_arrows_is_not_taken_for_postgresql():
    with pytest.raises(plan.PlanError):
        plan.read(
            "Limit/Offset: 50/5000 (actual time=76.6..76.6 rows=50)\n"
            "  Sort due DESC, id DESC (actual time=73.6..75.7 rows=5050)\n"
            "    Filter state=OPEN (actual time=0.02..50.9 rows=6010)\n"
        )


def test_figures_on_the_next_line_belong_to_the_iterator():
    (found,) = plan.read(
        "-> Index lookup on bay using <auto_key0>\n"
        "   (actual time=0.00773..0.00798 rows=1 loops=331603)\n"
    ).plans
    assert found.root.ms == pytest.approx(2646, abs=1)
