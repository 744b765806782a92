"""Behind a real PgBouncer the probes change nothing, and say which address to give."""

from __future__ import annotations

import time

import pytest
from backend_performance.diagnosis import CannotRun
from backend_performance.diagnosis.postgres.run import explain_postgres, run_postgres
from backend_performance.diagnosis.postgres.session import Session

from harness.servers.engines import require_or_skip
from harness.servers.pgbouncer import pgbouncer
from harness.servers.postgres import postgres_server

pytestmark = pytest.mark.server
psycopg = pytest.importorskip("psycopg")
STATE = (
    "select current_setting('statement_timeout') as statement_limit,"
    " current_setting('lock_timeout') as lock_limit,"
    " current_setting('idle_in_transaction_session_timeout') as idle_limit,"
    " current_setting('default_transaction_read_only') as read_only,"
    " current_setting('search_path') as path,"
    " current_setting('backend_performance.server_statement_timeout', true) as kept,"
    " (select count(*) from pg_prepared_statements) as prepared"
)


@pytest.fixture(scope="module")
def server():
    require_or_skip("postgres")
    require_or_skip("pgbouncer")
    with postgres_server() as running:
        with psycopg.connect(running.dsn(), autocommit=True) as connection:
            connection.execute("create role app login")
            connection.execute("create role probe login in role pg_monitor")
        yield running


def state(port: int) -> tuple:
    """What the application finds on the server's connection, which it shares."""
    dsn = f"host=127.0.0.1 port={port} user=app dbname=postgres"
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=None) as application:
        return application.execute(STATE).fetchone()


@pytest.mark.parametrize("ignored", ["", "options", "options,extra_float_digits"])
@pytest.mark.parametrize("mode", ["session", "transaction", "statement"])
def test_a_pooler_is_refused_and_keeps_nothing(server, mode, ignored):
    with pgbouncer(server, require_or_skip("pgbouncer"), mode, ignored) as port:
        before = state(port)
        # The role of the application: a connection that it really shares.
        dsn = f"postgresql://app@127.0.0.1:{port}/postgres"
        for _ in range(2):
            with pytest.raises(CannotRun, match="the address of the database server itself"):
                run_postgres(dsn)
        with pytest.raises(CannotRun, match="the address of the database server itself"):
            explain_postgres(dsn, "select 1")
        assert state(port) == before


@pytest.mark.parametrize("mode", ["session", "transaction"])
def test_a_role_whose_settings_are_those_of_the_options_hides_no_pooler(server, mode):
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("alter role app set default_transaction_read_only = on")
        connection.execute("select set_config('search_path', 'pg_catalog,pg_temp', false)")
        connection.execute("alter role app set search_path from current")
    try:
        with pgbouncer(server, require_or_skip("pgbouncer"), mode, "options") as port:
            before = state(port)
            dsn = f"postgresql://app@127.0.0.1:{port}/postgres"
            with pytest.raises(CannotRun, match="the address of the database server itself"):
                run_postgres(dsn)
            with pytest.raises(CannotRun, match="the address of the database server itself"):
                explain_postgres(dsn, "select 1")
            assert state(port) == before
    finally:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("alter role app reset all")


def test_a_session_that_is_limited_leaves_nothing_on_a_shared_connection(server):
    """Even past the refusal: limits end with the transaction, statements have no name."""
    with pgbouncer(server, require_or_skip("pgbouncer"), "transaction", "options") as port:
        before = state(port)
        dsn = f"host=127.0.0.1 port={port} user=app dbname=postgres"
        with psycopg.connect(
            dsn, row_factory=psycopg.rows.dict_row, prepare_threshold=None
        ) as connection:
            connection.read_only = True
            session = Session(connection, time.monotonic() + 60)
            session.limits({})
            (row,) = session.rows("select current_setting('statement_timeout') as limited")
            assert row == {"limited": "5s"}
            for _ in range(9):
                session.rows("select 1 as one")
        assert state(port) == before


def test_the_server_itself_still_answers(server):
    run = run_postgres(server.url("probe"), only=["wraparound"])
    assert run.evidence[0].verdict == "pass"
