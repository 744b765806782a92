"""Each rule hits a real plan made for it and is silent on a good one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from backend_performance.commands.probe import main
from backend_performance.diagnosis import plan

BIG = (
    "create table big (id int primary key, a int, b int, c int, t text)",
    "insert into big select g, g % 1000, g, g % 1000, md5(g::text)"
    " from generate_series(1, 200000) g",
    "create index big_a on big (a)",
    "create table child (id int primary key, big_id int references big on delete cascade)",
    "insert into child select g, g from generate_series(1, 20000) g",
    "create table fresh (id int primary key, a int)",
    "insert into fresh select g, g from generate_series(1, 80000) g",
    "vacuum (analyze) big, child",
)
NO_JIT = "set jit = off"
SERIAL = "set max_parallel_workers_per_gather = 0"

#: rule, verdict, settings, statement
ON_A_SERVER = (
    ("seq-scan-discards", "fail", (NO_JIT, SERIAL), "select * from big where b = 5"),
    ("seq-scan-discards", "fail", (NO_JIT, "set min_parallel_table_scan_size = 0",
     "set parallel_setup_cost = 0"), "select * from big where b = 5"),
    ("index-discards", "judge", (NO_JIT, "set enable_seqscan = off", "set enable_bitmapscan = off"),
     "select * from big where a < 100 and b = 5"),
    ("estimate-off", "judge", (NO_JIT, SERIAL), "select * from big where a = c and b % 7 < 9"),
    ("estimate-off", "fail", (NO_JIT, SERIAL, "set enable_hashjoin = off",
     "set enable_mergejoin = off", "set enable_memoize = off"),
     "select count(*) from (select * from big where a = c and b % 7 = b % 7 and md5(t) > '') x"
     " join child on child.id = x.id"),
    ("index-only-heap-fetches", "judge", (NO_JIT, SERIAL, "set enable_seqscan = off",
     "set enable_bitmapscan = off"), "select count(id) from fresh where id > 0"),
    ("bitmap-lossy", "judge", (NO_JIT, SERIAL, "set work_mem = '64kB'", "set enable_seqscan = off",
     "set enable_indexscan = off"), "select sum(b) from big where a < 900"),
    ("offset-skips", "fail", (NO_JIT,), "select id from big order by id limit 20 offset 50000"),
    ("sort-for-limit", "judge", (NO_JIT, SERIAL), "select id from big order by t limit 20"),
    ("blocks-per-row", "judge", (NO_JIT, SERIAL), "select id from big where b = 77"),
    ("nested-loop-many", "judge", (NO_JIT, SERIAL, "set enable_hashjoin = off",
     "set enable_mergejoin = off", "set enable_memoize = off", "set enable_material = off"),
     "select count(*) from child join big on big.id = child.big_id"),
    ("nested-loop-many", "fail", (NO_JIT, SERIAL, "set enable_hashjoin = off",
     "set enable_mergejoin = off", "set enable_memoize = off", "set enable_material = off",
     "set enable_indexscan = off", "set enable_indexonlyscan = off", "set enable_bitmapscan = off"),
     "select count(*) from (select id from child where id <= 1200) c"
     " join (select big_id from child where id <= 1100) d on d.big_id = c.id"),
    ("correlated-subplan", "judge", (NO_JIT, SERIAL),
     "select id, (select count(*) from big where big.a = child.big_id) from child where id < 2000"),
    ("sort-spill", "judge", (NO_JIT, SERIAL, "set work_mem = '64kB'"),
     "select t from big order by t"),
    ("hash-spill", "judge", (NO_JIT, SERIAL, "set work_mem = '64kB'", "set enable_mergejoin = off",
     "set enable_nestloop = off"), "select count(*) from big x join big y on x.b = y.b"),
    ("hash-spill", "judge", (NO_JIT, SERIAL, "set work_mem = '64kB'", "set enable_sort = off"),
     "select b, count(*) from big group by b"),
    ("temp-io", "judge", (NO_JIT, SERIAL, "set work_mem = '64kB'"),
     "with x as materialized (select * from big) select count(*) from x"),
    ("jit-cost", "fail", ("set jit_above_cost = 0", "set jit_inline_above_cost = 0",
     "set jit_optimize_above_cost = 0", SERIAL), "select count(*), sum(a), max(t) from child"
     " join big on big.id = child.big_id where a + b + c > 1 and t > '0' and child.id < 1000"),
    ("trigger-time", "fail", (NO_JIT, SERIAL), "delete from big where id > 199800"),
)  # fmt: skip


@pytest.fixture(scope="module")
def big(server):
    pytest.importorskip("psycopg")
    from tests.diagnosis.postgres.postgres_databases import make_database

    return make_database(server, *BIG)


def ask(database: Any, settings: tuple[str, ...], sql: str, options: str = "") -> Any:
    with database.session("begin", *settings) as connection:
        wanted = f"explain (analyze, buffers, settings, format json{options}) {sql}"
        (result,) = connection.execute(wanted).fetchone()
        connection.execute("rollback")
    return result


@pytest.mark.parametrize(
    ("rule", "verdict", "settings", "sql"), ON_A_SERVER, ids=lambda part: str(part)[:30]
)
def test_a_rule_hits_a_real_plan(big, rule, verdict, settings, sql):
    found = ask(big, settings, sql)
    if rule == "jit-cost" and "JIT" not in found[0]:
        pytest.skip("this server was built without JIT")
    evidence = {one.probe: one for one in plan.examine(found)[2]}
    assert f"explain/{rule}" in evidence, (sorted(evidence), json.dumps(found)[:3000])
    # How long the compiler takes beside the statement depends on the machine's other work.
    expected = {verdict, "judge"} if rule == "jit-cost" else {verdict}
    assert evidence[f"explain/{rule}"].verdict in expected, evidence[f"explain/{rule}"]


@pytest.mark.parametrize(
    "sql",
    ["select * from big where id = 7", "select * from big where a = 7 limit 20",
     "select count(*) from child"],
)  # fmt: skip
def test_a_good_plan_passes(big, sql):
    _, facts, (evidence,) = plan.examine(ask(big, (NO_JIT,), sql))
    assert (evidence.probe, evidence.verdict) == ("explain/plan", "pass")
    assert facts["analyzed"]


def test_what_was_not_measured_is_unknown(big):
    with big.session() as connection:
        (estimated,) = connection.execute("explain (format json) select * from big").fetchone()
    (evidence,) = plan.examine(estimated)[2]
    assert evidence.verdict == "unknown" and "ANALYZE" in evidence.reason
    untimed = ask(big, (NO_JIT,), "select * from big where id = 7", ", timing off")
    unknown = {one.probe for one in plan.examine(untimed)[2] if one.verdict == "unknown"}
    assert "explain/estimate-off" in unknown and "explain/sort-spill" not in unknown


@pytest.mark.parametrize(
    ("sql", "options", "code", "says"),
    [
        ("select * from big where b = 5", ["--analyze"], 1, "seq-scan-discards"),
        ("select * from big where b = 5", [], 0, "was not run"),
        ("delete from big", ["--analyze"], 2, "SELECT"),
        ("with d as (delete from big returning *) select * from d", ["--analyze"], 2, "DELETE"),
        ("select 1; delete from big", ["--analyze"], 2, "more than one"),
        ("select * from no_such_table", ["--analyze"], 2, "SQLSTATE 42P01"),
        ("select * from big where b = $1", ["--analyze"], 2, "placeholders"),
        ("select 'hunter2'::int", ["--analyze"], 2, "SQLSTATE 22P02"),
    ],
)
def test_run_asks_a_server_only_for_what_reads(
    big, capsys, monkeypatch, tmp_path, sql, options, code, says
):
    file = tmp_path / "statement.sql"
    file.write_text(sql)
    monkeypatch.setenv("DSN", big.dsn("reader"))
    assert main(["explain", "--run", "--dsn-env", "DSN", str(file), *options]) == code
    captured = capsys.readouterr()
    assert says in captured.out + captured.err
    assert "hunter2" not in captured.out + captured.err
    with big.session() as connection:
        assert connection.execute("select count(*) from big").fetchone() == (200_000,)
