"""`explain --run`: nothing that planning or running executes writes, nothing pins the server."""

from __future__ import annotations

import pytest
from backend_performance.diagnosis import CannotRun
from backend_performance.diagnosis.postgres.run import explain_postgres

from harness.servers.engines import require_or_skip
from harness.servers.postgres import postgres_server

pytestmark = pytest.mark.server
psycopg = pytest.importorskip("psycopg")
#: A function that writes though it is declared IMMUTABLE, as dblink does: by another session.
SETUP = (
    "create role app login",
    "create table written (n int)",
    "grant all on written to app",
    "create sequence counted",
    "grant all on counted to app",
    "create function side() returns int immutable language plpgsql as $$ begin"
    " perform nextval('counted'); return 1; end $$",
    "create function reads() returns int stable language sql as 'select 1'",
    "create function moves() returns int language sql as 'select nextval(''counted'')::int'",
    "create view hidden as select side() as n",
    "create view deeper as select n from hidden",
    "create function eqside(int, int) returns bool immutable language plpgsql as $$ begin"
    " perform nextval('counted'); return true; end $$",
    "create operator === (function = eqside, leftarg = int, rightarg = int)",
    "grant select on hidden, deeper to app",
)


@pytest.fixture(scope="module")
def server():
    require_or_skip("postgres")
    with postgres_server() as running:
        with psycopg.connect(running.dsn(), autocommit=True) as connection:
            for statement in SETUP:
                connection.execute(statement)
        yield running


def counted(server) -> int:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        (value,) = connection.execute("select last_value from counted").fetchone()
    return int(value)


@pytest.mark.parametrize("analyze", [False, True], ids=["plan", "analyze"])
@pytest.mark.parametrize(
    "sql",
    [
        "select side()",
        "select public.side()",
        'select "side"()',
        "select n from hidden",
        "select n from deeper where n = 1",
        "select 1 === 2",
        "select reads()",
        "select moves()",
    ],
)
def test_functions_of_the_application_are_refused_on_a_primary(server, sql, analyze):
    before = counted(server)
    with pytest.raises(CannotRun, match="it may call"):
        explain_postgres(server.url("app"), sql, analyze=analyze)
    assert counted(server) == before


def test_they_are_planned_when_somebody_means_it_and_volatile_ones_never_run(server):
    assert explain_postgres(server.url("app"), "select reads()", allow_functions=True)
    assert explain_postgres(server.url("app"), "select moves()", allow_functions=True)
    with pytest.raises(CannotRun, match="VOLATILE"):
        explain_postgres(server.url("app"), "select moves()", analyze=True, allow_functions=True)


@pytest.mark.parametrize("analyze", [False, True], ids=["plan", "analyze"])
@pytest.mark.parametrize(
    "sql",
    [
        "select lower('A'), now(), random(), count(*) from written where n + 1 > 2",
        "select n from written order by n limit 5",
        "select coalesce(max(n), 0), pg_relation_size('written') from written",
    ],
)
def test_what_only_reads_is_planned(server, sql, analyze):
    assert explain_postgres(server.url("app"), sql, analyze=analyze)


@pytest.mark.parametrize(
    "sql",
    [
        "select pg_sleep(1)",
        "select pg_logical_emit_message(true, 'a', 'b')",
        "select pg_catalog.pg_stat_reset()",
        'select U&"pg_sl\\0065ep"(9)',
        "select 1 " + "/*" * 500_000 + "*/" * 500_000,
    ],
)
def test_what_never_only_reads_is_refused_before_it_is_sent(server, sql):
    with pytest.raises(CannotRun, match="refused before it was sent"):
        explain_postgres(server.url("app"), sql, analyze=True)
