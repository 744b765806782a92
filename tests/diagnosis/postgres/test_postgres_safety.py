"""Probes do no harm: they write nothing, wait for nothing, show no secret and obey no text."""

from __future__ import annotations

import json
import re
import threading
import time
from typing import Any

import pytest
from backend_performance.diagnosis.postgres.session import connect
from backend_performance.diagnosis.probes import catalog
from backend_performance.diagnosis.trouble import NoAnswer

from harness.servers.engines import require_or_skip
from harness.servers.waiting import PATIENCE
from tests.diagnosis.postgres.safety import TABLES

psycopg = pytest.importorskip("psycopg")


SNAPSHOT = (
    "select md5(string_agg(t::text, '' order by t::text)) from (select *, xmin from pg_class) t",
    "select md5(string_agg(t::text, '' order by t::text)) from (select *, xmin from pg_authid) t",
    "select md5(string_agg(t::text, '' order by t::text)) from pg_db_role_setting t",
    "select md5(string_agg(t::text, '' order by t::text)) from pg_stat_user_tables t",
    "select md5(string_agg(t::text, '' order by t::text)) from pg_sequences t",
    "select md5(string_agg(name || setting, '' order by name)) from pg_settings",
    "select pg_current_wal_insert_lsn()::text",
    "select txid_current_if_assigned()::text",
)


def snapshot(database: Any) -> list[Any]:
    with database.session() as connection:
        return [connection.execute(sql).fetchone() for sql in SNAPSHOT]


def test_the_whole_catalogue_as_superuser_changes_nothing(new_database):
    database = new_database(*TABLES, "vacuum analyze", "checkpoint")
    # The first reader of a page may clear away what earlier writers left there.
    snapshot(database)
    database.run("postgres", allow_superuser=True)
    before = snapshot(database)
    run = database.run("postgres", allow_superuser=True, parameters={"pool_total": 10})
    assert len(run.evidence) == len(catalog.load("postgres"))
    assert snapshot(database) == before


def test_probes_do_not_appear_among_the_statements_they_read(new_database):
    require_or_skip("pg_stat_statements")
    database = new_database(*TABLES)
    for _ in range(3):
        database.run()
    with database.session() as connection:
        recorded = connection.execute(
            "select query from pg_stat_statements where query ~ '^ *SET '"
        ).fetchall()
    assert recorded == [], "no statement of ours stands among those we read"
    for _ in range(3):
        idle = database.ask("statements-by-total-time", thresholds={"calls < 100": "calls < 30"})
        assert idle.verdict == "unknown", "what is recorded came from us"
    evidence = database.ask(
        "statements-by-total-time", thresholds={"window_calls < 100": "calls < 0"}
    )
    assert "backend-performance" not in json.dumps(evidence.to_json())


@pytest.mark.parametrize(
    "sql",
    [
        "create table written (id int)",
        "insert into parent values (default)",
        "with w as (insert into parent values (default) returning id) select * from w",
        "select 1; commit; insert into parent values (default)",
        "select 1; commit; begin read write; insert into parent values (default)",
        "select nextval('parent_id_seq')",
        "select * from parent for update",
        "select write_something()",
        "explain analyze insert into parent values (default)",
        "do $$ begin insert into parent values (default); end $$",
    ],
)
def test_a_write_is_refused_by_the_session_alone_and_by_the_text(new_database, sql):
    database = new_database(
        *TABLES,
        "create function write_something() returns int language sql as "
        "'insert into public.parent values (default) returning id'",
    )
    with connect(database.dsn("postgres")) as session:
        if "write_something" not in sql:
            with pytest.raises(NoAnswer, match="refused before it was sent"):
                session.rows(sql)
        with pytest.raises(NoAnswer):  # past the first guard
            session._ask(sql, rollback=False)
    with database.session() as connection:
        assert connection.execute("select count(*), max(id) from parent").fetchone() == (100, 100)
        assert connection.execute("select to_regclass('written')").fetchone() == (None,)


def test_the_session_has_its_limits(new_database):
    with connect(new_database().dsn(), {"pool_total": 7}) as session:
        (row,) = session.rows(
            "select current_setting('transaction_read_only') as read_only,"
            " current_setting('statement_timeout') as statement_limit,"
            " current_setting('lock_timeout') as lock_limit,"
            " current_setting('idle_in_transaction_session_timeout') as idle_limit,"
            " current_setting('application_name') as name,"
            " current_setting('search_path') as path,"
            " current_setting('backend_performance.pool_total') as pool"
        )
    assert row == {
        "read_only": "on",
        "statement_limit": "5s",
        "lock_limit": "200ms",
        "idle_limit": "10s",
        "name": "backend-performance-probe",
        "path": "pg_catalog,pg_temp",
        "pool": "7",
    }


def test_a_locked_table_keeps_no_probe_waiting(new_database):
    database = new_database(*TABLES, "vacuum analyze")
    with database.session("begin", "lock table child, parent in access exclusive mode"):
        started = time.monotonic()
        run = database.run("reader")
        assert time.monotonic() - started < PATIENCE
        verdicts = {one.probe: one.verdict for one in run.evidence}
        waited = [one for one in run.evidence if "lock timeout" in one.reason]
        assert verdicts["postgres/unindexed-foreign-keys"] == "pass"
        assert verdicts["postgres/table-bloat"] == "pass"
        assert waited == [], "no probe asks for a lock that waits"


def test_a_probe_that_must_wait_says_so_in_time(new_database):
    database = new_database(*TABLES)
    with database.session("begin", "lock table pg_catalog.pg_sequence in access exclusive mode"):
        started = time.monotonic()
        evidence = database.ask("sequences-near-end")
        assert time.monotonic() - started < PATIENCE
    assert evidence.verdict == "unknown"
    assert "lock timeout" in evidence.reason


def connections_taken(database: Any, **options: Any) -> int:
    """Return how many connections one run took at most."""
    from backend_performance.diagnosis.postgres import run as postgres

    original, seen = postgres.statement, [0]
    watcher = psycopg.connect(database.dsn("postgres"), autocommit=True)
    one_by_one = threading.Lock()

    def watch(probe: Any, row: Any) -> str:
        with one_by_one:
            (count,) = watcher.execute(
                "select count(*) from pg_stat_activity"
                " where application_name = 'backend-performance-probe'"
            ).fetchone()
            seen.append(count)
        return original(probe, row)

    with watcher, pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres, "statement", watch)
        found = database.run(**options).evidence
        assert not [one for one in found if "connection to the server was lost" in one.reason]
    return max(seen)


def test_a_run_takes_three_connections_at_most_and_one_where_there_are_few(new_database):
    database = new_database(*TABLES)
    assert connections_taken(database) == 3
    assert connections_taken(database, only=["wraparound"]) == 1
    database.execute("alter role probe connection limit 1")
    try:
        assert connections_taken(database) == 1
    finally:
        database.execute("alter role probe connection limit -1")


#: What a role may have set for its people, and would change what is asked or what is read.
ROLE_SETTINGS = (
    "search_path = hostile, pg_catalog",
    "default_transaction_read_only = off",
    "statement_timeout = 0",
    "datestyle = 'German'",
    "intervalstyle = 'iso_8601'",
    "bytea_output = 'escape'",
    "extra_float_digits = -15",
    "client_encoding = 'LATIN1'",
    "standard_conforming_strings = off",
    "timezone = 'Pacific/Kiritimati'",
    "transform_null_equals = on",
)


def test_the_settings_of_a_role_take_no_answer_away(new_database):
    database = new_database(*TABLES)
    for setting in ROLE_SETTINGS:
        database.execute(f"alter role probe set {setting}")
    try:
        found = database.run().evidence
    finally:
        database.execute("alter role probe reset all")
    refused = [each for each in found if re.search("SQLSTATE|cannot be read|form", each.reason)]
    assert refused == []
