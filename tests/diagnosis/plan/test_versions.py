"""The same statement in all four formats of each PostgreSQL at hand: the findings are the same."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from backend_performance.diagnosis import plan

from harness.servers.postgres import installations, postgres_server

SCHEMA = """
create table depot (id int primary key, region int, name text);
insert into depot select g, g % 10, 'depot ' || g from generate_series(1, 2000) g;
create table parcel (id int, depot int, state text, weight numeric, note text)
    partition by range (id);
create table parcel_1 partition of parcel for values from (0) to (40000);
create table parcel_2 partition of parcel for values from (40000) to (80000);
insert into parcel select g, g % 2000, 'state ' || g % 5, g % 97, md5(g::text)
    from generate_series(0, 79999) g;
create index parcel_depot on parcel (depot);
create table scan (parcel int, at timestamp);
insert into scan select g % 80000, now() from generate_series(1, 50000) g;
create table child (id int primary key, depot int references depot on delete cascade);
insert into child select g, g from generate_series(1, 2000) g;
analyze;
set max_parallel_workers_per_gather = 0; set jit = off;
"""
#: settings, statement
STATEMENTS = {
    "partitions": ("", "select * from parcel where state = 'state 3' and weight = 5"),
    "parallel": ("set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0;"
                 "set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0",
                 "select count(*) from parcel where note like '%abc%'"),
    "sort on disk": ("set work_mem = '64kB'", "select * from parcel order by note"),
    "hash on disk": ("set work_mem = '64kB'; set enable_mergejoin = off; set enable_nestloop = off",
                     "select count(*) from parcel p join scan s on s.parcel = p.id"),
    "aggregate on disk": ("set work_mem = '64kB'; set enable_sort = off",
                          "select note, count(*) from parcel group by note"),
    "incremental sort": ("set enable_seqscan = off",
                         "select * from parcel order by depot, note limit 50000"),
    "memoize": ("set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off",
                "select count(*) from parcel p join depot d on d.id = p.depot"),
    "subplan": ("", "select id, (select count(*) from parcel where depot = d.id) from depot d"),
    "initplan": ("", "select * from parcel where weight > (select avg(weight) from parcel)"),
    "cte": ("", "with busy as materialized (select depot, count(*) n from parcel group by depot)"
                " select * from busy b join depot d on d.id = b.depot where n > 90"),
    "recursion": ("", "with recursive t(n) as (select 1 union all select n + 1 from t where n < 9)"
                      " select * from t"),
    "offset": ("", "select * from parcel order by id limit 20 offset 50000"),
    "bitmap": ("set work_mem = '64kB'; set enable_seqscan = off; set enable_indexscan = off",
               "select sum(weight) from parcel where depot < 1900"),
    "bitmap and": ("set enable_seqscan = off; set enable_indexscan = off",
                   "select * from depot where id < 100 or id between 500 and 550"),
    "triggers": ("", "delete from depot where id > 1900"),
    "merge join": ("set enable_hashjoin = off; set enable_nestloop = off",
                   "select count(*) from parcel p left join scan s on s.parcel = p.id"),
    "set operation": ("", "select depot from parcel except select id from depot where id < 50"),
    "window": ("", "select *, rank() over (partition by depot order by weight) from parcel"),
    "functions": ("", "select * from generate_series(1, 100000) g, unnest(array[1, 2]) u"),
    "never executed": ("", "select * from depot where id in (select id from child where id < 0)"),
    "jsonb and casts": ("", "select * from parcel where note::varchar(4) = 'abcd'"),
    "values": ("", "select * from (values (1, 'a'), (2, 'b: c')) v (a, b) where b ~ ': '"),
    "tid": ("", "select * from depot where ctid = '(0,1)'"),
    "quoted": ("", """select id as "odd name" from depot "D" where "D".name = 'it''s (a) --'"""),
}  # fmt: skip
FORMATS = ("text", "json", "yaml", "xml")


@pytest.fixture(scope="module", params=sorted({one.major for one in installations()}))
def connection(request) -> Iterator[object]:
    psycopg = pytest.importorskip("psycopg")
    installation = next(one for one in installations() if one.major == request.param)
    with (
        postgres_server(installation=installation) as server,
        psycopg.connect(server.superuser_dsn, autocommit=True) as connection,
    ):
        connection.execute(SCHEMA)
        yield connection


def options(connection: object) -> str:
    newest = connection.info.server_version >= 170000
    return "analyze, buffers, settings, wal" + (", memory, serialize" if newest else "")


def explained(connection: object, form: str, sql: str, asked: str) -> str:
    rows = connection.execute(f"explain ({asked}, format {form}) {sql}").fetchall()
    cells = [cell if isinstance(cell, str) else json.dumps(cell) for (cell,) in rows]
    return "\n".join(cells)


def shape(found: plan.Plan) -> list[tuple[object, ...]]:
    """What does not depend on the time a run takes, nor on which worker came first."""
    parallel = any(node.kind.startswith("Gather") for node in found.nodes)
    return [
        (node.path, node.kind, node.role if node.role in ("InitPlan", "SubPlan") else "",
         node.title, node.relation, node.index, node.access, node.planned_rows, node.cost,
         not parallel and node.loops, node.texts.get("Filter"), node.texts.get("Index Cond"),
         node.texts.get("Sort Key"), not parallel and round(node.removed),
         node.batches > 1, node.disk_kb > 0)
        for node in found.nodes
    ]  # fmt: skip


@pytest.mark.parametrize("name", STATEMENTS)
def test_all_formats_give_the_same_plan(connection, name):
    settings, sql = STATEMENTS[name]
    with connection.transaction(force_rollback=True):
        connection.execute(settings.replace("set ", "set local ") or "select 1")
        texts = {form: explained(connection, form, sql, options(connection)) for form in FORMATS}
    shapes = {}
    for form, text in texts.items():
        (found,) = plan.read(text).plans
        assert found.timed and found.planning_ms is not None
        assert (found.serialization_ms is None) == ("serialize" not in options(connection))
        shapes[form] = shape(found)
    for form in FORMATS[1:]:
        assert shapes[form] == shapes["text"], form


@pytest.mark.parametrize("name", STATEMENTS)
def test_estimates_alone_are_read_alike_and_never_pass(connection, name):
    settings, sql = STATEMENTS[name]
    with connection.transaction(force_rollback=True):
        connection.execute(settings.replace("set ", "set local ") or "select 1")
        readings = {
            form: plan.read(explained(connection, form, sql, "verbose")) for form in FORMATS
        }
        bare = plan.read(explained(connection, "text", sql, "costs off"))
    shapes = {form: shape(reading.plans[0]) for form, reading in readings.items()}
    assert shapes["json"] == shapes["text"] == shapes["yaml"] == shapes["xml"]
    assert [one[:7] for one in shape(bare.plans[0])] == [
        (*one[:4], one[4], *one[5:7]) for one in shapes["json"]
    ]
    for reading in (*readings.values(), bare):
        verdicts = {one.verdict for one in plan.examine(reading)[2]}
        assert "pass" not in verdicts and "unknown" in verdicts


SETTLED = ("partitions", "sort on disk", "hash on disk", "aggregate on disk", "offset", "triggers")


@pytest.mark.parametrize("name", SETTLED)
def test_text_and_json_give_the_same_findings(connection, name):
    settings, sql = STATEMENTS[name]
    found = {}
    with connection.transaction(force_rollback=True):
        connection.execute(settings.replace("set ", "set local ") or "select 1")
        for form in ("text", "json"):
            with connection.transaction(force_rollback=True):
                text = explained(connection, form, sql, "analyze, buffers")
            evidence = plan.examine(plan.read(text))[2]
            found[form] = {
                # Without VERBOSE the text form does not name a trigger's table.
                (one.probe, row.get("trigger") or row.get("relation"), row.get("try"))
                for one in evidence
                for row in one.rows
                if one.verdict == "fail" or one.probe.endswith("spill")
            }
    assert found["text"] == found["json"] != set()
