"""One plan in every form in which people have it: the finding is the same."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from typing import Any

import pytest
import yaml
from backend_performance.diagnosis import plan

TEXT = """\
Limit  (cost=0.42..48.00 rows=20 width=96) (actual time=0.500..812.100 rows=12 loops=1)
  Buffers: shared hit=120 read=9014
  ->  Seq Scan on parcel p  (cost=0.00..18334.00 rows=10 width=96) (actual time=0.020..812.000 rows=12 loops=1)
        Filter: ((depot = ANY ('{7,8}'::integer[])) AND (state = 'open'::text))
        Rows Removed by Filter: 999988
        Buffers: shared hit=120 read=9014
Planning Time: 0.112 ms
Execution Time: 812.406 ms
"""  # noqa: E501
LINES = TEXT.splitlines()
SCAN = {
    "Node Type": "Seq Scan", "Parent Relationship": "Outer", "Relation Name": "parcel",
    "Alias": "p", "Startup Cost": 0.0, "Total Cost": 18334.0, "Plan Rows": 10, "Plan Width": 96,
    "Actual Startup Time": 0.02, "Actual Total Time": 812.0, "Actual Rows": 12, "Actual Loops": 1,
    "Filter": "((depot = ANY ('{7,8}'::integer[])) AND (state = 'open'::text))",
    "Rows Removed by Filter": 999988, "Shared Hit Blocks": 120, "Shared Read Blocks": 9014,
}  # fmt: skip
DOCUMENT = {
    "Plan": {
        "Node Type": "Limit", "Startup Cost": 0.42, "Total Cost": 48.0, "Plan Rows": 20,
        "Plan Width": 96, "Actual Startup Time": 0.5, "Actual Total Time": 812.1,
        "Actual Rows": 12, "Actual Loops": 1, "Shared Hit Blocks": 120,
        "Shared Read Blocks": 9014, "Plans": [SCAN],
    },
    "Planning Time": 0.112, "Triggers": [], "Execution Time": 812.406,
}  # fmt: skip
JSON = json.dumps([DOCUMENT], indent=2)


def boxed(lines: list[str], left: str, right: str, rule: str, goes_on: str = "") -> str:
    width = max(map(len, lines))
    rows = [
        f"{left}{line.ljust(width)}{goes_on if n < len(lines) - 1 else ' ' * len(goes_on)}{right}"
        for n, line in enumerate(lines)
    ]
    head = f"{left}{'QUERY PLAN'.center(width)}{right}"
    return "\n".join([rule * width, head, rule * width, *rows, rule * width, "(8 rows)", ""])


def as_xml(value: Any, name: str) -> str:
    if isinstance(value, dict):
        inner = "".join(as_xml(part, key.replace(" ", "-")) for key, part in value.items())
    elif isinstance(value, list):
        inner = "".join(as_xml(part, "Plan") for part in value)
    else:
        inner = str(value).replace("&", "&amp;").replace("<", "&lt;")
    return f"<{name}>{inner}</{name}>\n"


XML = (
    '<explain xmlns="http://www.postgresql.org/2009/explain">'
    + as_xml(DOCUMENT, "Query")
    + "</explain>"
)


def table_of(cell: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([["QUERY PLAN"], [cell]])
    return out.getvalue()


def csvlog(message: str) -> str:
    out = io.StringIO()
    row = ["2026-03-01 10:00:01.123 UTC", "app", "shop", "24667", "10.0.0.7:4242", "65e1.60", "3",
           "SELECT", "2026-03-01 10:00:00 UTC", "4/12", "0", "LOG", "00000", message]  # fmt: skip
    csv.writer(out).writerow(row + [""] * 9 + ["psql", "client backend", "", "0"])
    return out.getvalue()


MESSAGE = "duration: 812.406 ms  plan:\nQuery Text: select *\nfrom parcel where depot in (7, 8)\n"
HEAD = "2026-03-01 10:00:01.123 UTC [24667] app@shop LOG:  "
PREFIX = "Mar  1 10:00:01 db1 postgres[24667]: [7-{}] "
FORMS = {
    "text": TEXT,
    "text with the statement": f"EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM parcel;\n{TEXT}",
    "indented in a ticket": "\n".join("    " + line for line in LINES),
    "unaligned": "QUERY PLAN\n" + TEXT + "(8 rows)\n",
    "border 0": boxed(LINES, "", "", "-"),
    "border 1": boxed([" " + line for line in LINES], "", "", "-"),
    "border 2": boxed(LINES, "| ", " |", "-"),
    "border 2, unicode": boxed(LINES, "║ ", " ║", "═"),
    "right border only": boxed(LINES, "", "|", "-"),
    "expanded": "-[ RECORD 1 ]----\n" + "\n".join(f"QUERY PLAN | {line}" for line in LINES),
    "in quotes": "\n".join(f'"{line}"' for line in LINES),
    "in quotes, the first one lost": "\n".join(f'"{line}"' for line in LINES)[1:],
    "indentation lost": "\n".join(re.sub(r"\s+", " ", line.strip()) for line in LINES),
    "collapsed into one line": "explain analyze select 1; QUERY PLAN ------ "
                               + re.sub(r"\s+", " ", TEXT),
    "numbered lines": "\n".join(f"{n} {line}" for n, line in enumerate(LINES, 1)),
    "in a mail": "\n".join(f"> {line}" for line in ["", "Hello,", *LINES]),
    "as HTML": html.escape(TEXT),
    "figures on lines of their own": TEXT.replace(" (actual", "\n        (actual"),
    "in single quotes": "\n".join("'" + line.replace("'", "''") + "'" for line in LINES),
    "wrapped at 80": "\n".join(line[n:n + 80] for line in LINES for n in range(0, len(line), 80)),
    "tabs": "\n".join(line.replace("        ", "\t") for line in LINES),
    "tuples of Python": repr([(line,) for line in LINES]),
    "one tuple a line": "\n".join(f"({line!r},)" for line in LINES),
    "objects of Node": ",\n".join(f"  {{ 'QUERY PLAN': {line!r} }}" for line in LINES),
    "rows in JSON": json.dumps([{"QUERY PLAN": line} for line in LINES]),
    "lists in JSON": json.dumps([[line] for line in LINES]),
    "text in JSON": json.dumps({"id": 7, "plan": TEXT}),
    "JSON": JSON,
    "JSON on one line": json.dumps([DOCUMENT]),
    "JSON without the list": json.dumps(DOCUMENT),
    "JSON in a row": json.dumps([{"QUERY PLAN": [DOCUMENT]}]),
    "JSON as text in a row": json.dumps([{"QUERY PLAN": JSON}]),
    "JSON, border 0": boxed(JSON.splitlines(), "", "", "-", "+"),
    "JSON, border 2": boxed(JSON.splitlines(), "| ", "|", "-", "+"),
    "JSON, unicode": boxed(JSON.splitlines(), "║ ", "║", "═", "↵"),
    "JSON in a CSV": table_of(JSON),
    "text in a CSV": table_of(TEXT),
    "YAML": yaml.safe_dump([DOCUMENT], sort_keys=False),
    "YAML, border 1": boxed(yaml.safe_dump([DOCUMENT], sort_keys=False).splitlines(),
                            " ", "", "-", "+"),
    "XML": XML,
    "auto_explain": HEAD + MESSAGE.replace("\n", "\n\t") + TEXT.replace("\n", "\n\t"),
    "auto_explain in JSON": f"{HEAD}duration: 812.406 ms  plan:\n\t" + JSON.replace("\n", "\n\t"),
    "auto_explain in JSON on the same line": f"{HEAD}duration: 812.4 ms  plan: {JSON}",
    "auto_explain in csvlog": csvlog(MESSAGE + TEXT),
    "auto_explain JSON in csvlog": csvlog("duration: 812.4 ms  plan:\n" + JSON),
    "auto_explain in jsonlog": json.dumps({"pid": 24667, "message": MESSAGE + TEXT}) + "\n",
    "auto_explain in syslog": "\n".join(
        PREFIX.format(n) + ("#011" if n else "") + line
        for n, line in enumerate((MESSAGE + TEXT).splitlines())),
    "auto_explain in a container": "\n".join(
        json.dumps({"log": line + "\n", "stream": "stderr"})
        for line in (HEAD + MESSAGE + TEXT.replace("\n", "\n\t")).splitlines()),
    "auto_explain in Kubernetes": "\n".join(
        f"2026-03-01T10:00:01.123456789Z stderr F {line}"
        for line in (HEAD + MESSAGE + TEXT.replace("\n", "\n\t")).splitlines()),
}  # fmt: skip


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
    [(JSON[: JSON.index("Shared Read", 900)], "end"), (JSON[JSON.index("Plans") - 3:], "beginning"),
     (JSON[JSON.index('"Plans"') - 30:], "beginning"), ("\n".join(LINES[2:]), "beginning")],
)  # fmt: skip
def test_a_plan_that_was_cut_off_says_so(source, missing):
    _, facts, evidence = plan.examine(plan.read(source))
    assert missing in facts["cut_off"]
    assert evidence[0].probe == "explain/seq-scan-discards"


def test_what_is_left_of_a_plan_is_no_pass():
    text = "  ->  Index Scan using a on t  (cost=0.4..8.4 rows=1 width=4) (actual time=0.1..0.1 "
    assert found(text + "rows=1 loops=1)\n")["plan"] == "unknown"


TREE = """\
-> Limit: 20 row(s)  (cost=6123 rows=20) (actual time=184..184 rows=20 loops=1)
    -> Sort: parcel.due DESC, limit input to 20 row(s) per chunk  (cost=6123 rows=59800) (actual time=184..184 rows=20 loops=1)
        -> Filter: ((parcel.state = 'open') and (parcel.note like '%z%'))  (cost=6123 rows=59800) (actual time=0.05..179 rows=310 loops=1)
            -> Table scan on parcel  (cost=6123 rows=59800) (actual time=0.04..161 rows=60000 loops=1)
"""  # noqa: E501
ITERATORS = {
    "query": "/* select#1 */ select 1",
    "query_plan": {
        "operation": "Limit: 20 row(s)", "access_type": "limit", "actual_rows": 20.0,
        "actual_loops": 1, "actual_last_row_ms": 184.0, "inputs": [{
            "operation": "Sort: parcel.due DESC", "access_type": "sort", "actual_rows": 20.0,
            "actual_loops": 1, "actual_last_row_ms": 184.0, "inputs": [{
                "operation": "Filter: ((parcel.state = 'open') and (parcel.note like '%z%'))",
                "condition": "((parcel.state = 'open') and (parcel.note like '%z%'))",
                "access_type": "filter", "actual_rows": 310.0, "actual_loops": 1,
                "actual_last_row_ms": 179.0, "inputs": [{
                    "operation": "Table scan on parcel", "table_name": "parcel",
                    "access_type": "table", "actual_rows": 60000.0, "actual_loops": 1,
                    "actual_last_row_ms": 161.0}]}]}]},
}  # fmt: skip
MARIADB = {"query_block": {"select_id": 1, "r_loops": 1, "r_total_time_ms": 184.0, "filesort": {
    "sort_key": "parcel.due desc", "r_loops": 1, "r_total_time_ms": 5.0, "r_output_rows": 20,
    "temporary_table": {"nested_loop": [{"table": {
        "table_name": "parcel", "access_type": "ALL", "r_loops": 1, "rows": 59800,
        "r_rows": 60000, "filtered": 100, "r_filtered": 0.516667, "r_table_time_ms": 150.0,
        "r_other_time_ms": 29.0,
        "attached_condition": "parcel.state = 'open' and parcel.note like '%z%'"}}]}}}}  # fmt: skip
MYSQL_FORMS = {
    "tree": TREE,
    "tree in a frame": "+----+\n| EXPLAIN |\n+----+\n| " + TREE + " |\n+----+\n1 row in set",
    "tree in a record": "*************************** 1. row ***************************\nEXPLAIN: "
                        + TREE,
    "tree in batch mode": "EXPLAIN\n" + TREE.replace("\n", "\\n"),
    "tree in a driver's row": json.dumps([{"EXPLAIN": TREE}]),
    "tree, indentation lost": "\n".join(line.strip() for line in TREE.splitlines()),
    "tree collapsed": re.sub(r"\s+", " ", TREE),
    "tree as HTML": html.escape(TREE),
    "iterators in JSON": json.dumps(ITERATORS),
    "MariaDB's JSON": json.dumps(MARIADB),
    "MariaDB's JSON in a record": "*** 1. row ***\nANALYZE: " + json.dumps(MARIADB, indent=2),
}  # fmt: skip


@pytest.mark.parametrize("form", MYSQL_FORMS)
def test_the_finding_of_mysql_is_the_same_in_every_form(form):
    engine, facts, evidence = plan.examine(plan.read(MYSQL_FORMS[form]))
    said = {one.probe.removeprefix("explain/"): one for one in evidence}
    row = said["full-scan-discards"].rows[0]
    assert (engine, said["full-scan-discards"].verdict) == ("mysql", "fail")
    assert (row["removed_rows"], row["kept_rows"]) == (pytest.approx(59_690, abs=1), 310)
    assert row["try"] == "ALTER TABLE parcel ADD INDEX (state);"
    assert facts["execution_ms"] == 184


TABLE = """\
+----+-------------+-------+------------+-------+---------------+------+---------+------+--------+----------+----------------------------------------------------+
| id | select_type | table | partitions | type  | possible_keys | key  | key_len | ref  | rows   | filtered | Extra                                              |
+----+-------------+-------+------------+-------+---------------+------+---------+------+--------+----------+----------------------------------------------------+
|  1 | SIMPLE      | p     | NULL       | ALL   | NULL          | NULL | NULL    | NULL | 598000 |    11.11 | Using where; Using temporary; Using filesort       |
|  1 | SIMPLE      | d     | NULL       | ALL   | NULL          | NULL | NULL    | NULL |   3300 |    10.00 | Using where; Using join buffer (hash join)         |
|  1 | SIMPLE      | s     | NULL       | index | NULL          | s_at | 5       | NULL |  50000 |   100.00 | Using index                                        |
+----+-------------+-------+------------+-------+---------------+------+---------+------+--------+----------+----------------------------------------------------+
"""  # noqa: E501
CELLS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.splitlines()
    if line[0] == "|"
]
TABLES = {
    "frame": TABLE,
    "batch mode": "\n".join("\t".join(row) for row in CELLS),
    "records": "\n".join(
        f"*************************** {n}. row ***************************\n"
        + "\n".join(f"{name:>13}: {cell}" for name, cell in zip(CELLS[0], row, strict=True))
        for n, row in enumerate(CELLS[1:], 1)),
    "collapsed into one line": re.sub(r"\s+", " ", TABLE),
    "columns apart by spaces": "\n".join("   ".join(row) for row in CELLS),
    "columns apart by one space": "\n".join(" ".join(row) for row in CELLS),
    "CSV": "\n".join(",".join(f'"{cell}"' for cell in row) for row in CELLS),
}  # fmt: skip


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
