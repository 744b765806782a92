"""`explain --run` on a hostile database: what a name hides, and what hides from the reader.

A read-only transaction stops no function that writes over a connection of its own, as those here
do with dblink: each call adds a row to `written`.
"""

from __future__ import annotations

import pytest
from backend_performance.diagnosis import CannotRun
from backend_performance.diagnosis.postgres.run import explain_postgres

from harness.servers.engines import require_or_skip
from harness.servers.postgres import postgres_server

pytestmark = pytest.mark.server
psycopg = pytest.importorskip("psycopg")
LONG = "f" * 63
#: Names of functions with an effect, as a statement may spell them.
#: What many an application has.
ORDINARY = (
    "create extension dblink",
    "create type mood as enum ('a')",
    "create domain positive as int check (value > 0)",
    "create table plain (n serial primary key, name text not null default 'a' check (name <> ''),"
    " m mood, d positive, at timestamptz default now(),"
    " half int generated always as (n / 2) stored)",
    "create table part (n int, at date) partition by range (at)",
    "create table part_1 partition of part for values from ('2026-01-01') to ('2027-01-01')",
    "create index on plain (lower(name))",
    "alter table plain enable row level security",
    "create policy p on plain using (name = current_user or n > 0)",
    "create view quiet as select name, count(*) as n from plain group by name",
    "create materialized view stored as select random() as n",
    "create function touch() returns trigger language plpgsql as 'begin return new; end'",
    "create trigger t before insert on plain for each row execute function touch()",
    "create function unused() returns int language sql as 'select 1'",
    "create operator === (function = int4eq, leftarg = int, rightarg = int)",
    "grant select on all tables in schema public to app",
)
SPELLED = ("side", LONG, "Ä", "x\u00a0y", "s\N{FOX FACE}", "a$b")
NAMED = tuple(
    f"create function \"{name}\"() returns int immutable language sql as 'select effect()'"
    for name in SPELLED
)
SETUP = (
    "create role app login",
    "create table written (n int)",
    "create extension dblink",
    "create function effect() returns int immutable language plpgsql security definer"
    " set search_path = pg_catalog, public as $$ begin"
    " perform dblink_exec(format('dbname=%s user=postgres host=%s port=%s', current_database(),"
    " split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port')),"
    " 'insert into public.written values (1)'); return 1; end $$",
    *NAMED,
    "create function pair(a int, b int) returns int immutable language sql as 'select effect()'",
    "create function same(a varchar, b varchar) returns bool immutable language sql as"
    " 'select effect() = 1'",
    "create aggregate total(int) (sfunc = pair, stype = int, initcond = '0')",
    "create function eqside(int, int) returns bool immutable language sql as 'select effect() = 1'",
    "create operator === (function = eqside, leftarg = int, rightarg = int)",
    "create operator = (function = same, leftarg = varchar, rightarg = varchar)",
    "create type mood as enum ('a')",
    "create function mood_of(int) returns mood immutable language sql as"
    " $$ select case effect() when 1 then 'a'::mood end $$",
    "create cast (int as mood) with function mood_of(int) as implicit",
    "create domain checked as int check (side() = value)",
    "create function shouts() returns int language sql as 'select side()'",
    "create domain loud as int check (pg_logical_emit_message(false, 'a', 'b') is not null)",
    "create table plain (n int)",
    "create table indexed (n int)",
    "create index on indexed ((n + side()))",
    "create table made (n int, m int generated always as (n + side()) stored)",
    "create table held (n int check (n > side()))",
    "create table counted (n int, m int)",
    "create statistics seen on (n + side()), m from counted",
    "create table guarded (n int)",
    "create policy p on guarded using (side() = 1)",
    "alter table guarded enable row level security",
    "create table feeling (m mood)",
    "create table domained (n checked)",
    "create view sends as select pg_logical_emit_message(false, 'a', 'b') as n",
    "create view deeper as select n from sends",
    "create materialized view stored as select shouts() as n",
    "create foreign data wrapper nowhere",
    "create server far foreign data wrapper nowhere",
    "create foreign table remote (n int) server far",
    "grant select on all tables in schema public to app",
)


@pytest.fixture(scope="module")
def server():
    require_or_skip("postgres")
    with postgres_server() as running:
        with psycopg.connect(running.dsn(), autocommit=True) as connection:
            known = "select from pg_available_extensions where name = 'dblink'"
            if connection.execute(known).fetchone() is None:
                pytest.skip("this PostgreSQL brings no dblink")
            for statement in SETUP:
                connection.execute(statement)
            connection.execute("truncate written")
            connection.execute("create database ordinary")
        with psycopg.connect(running.dsn(database="ordinary"), autocommit=True) as connection:
            for statement in ORDINARY:
                connection.execute(statement)
        yield running


def written(server) -> int:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        (count,) = connection.execute("select count(*) from written").fetchone()
    return int(count)


@pytest.mark.parametrize("analyze", [False, True], ids=["plan", "analyze"])
@pytest.mark.parametrize(
    "sql",
    [
        "select total(n) from plain",
        "select 1 where 'a'::varchar = 'b'::varchar",
        "select 1 where 'a'::varchar in ('b'::varchar)",
        "select 1 ===-2",
        "select 1 ===/* a */ 2",
        "select 1::mood",
        "select m = 1 from feeling",
        "select 1::checked",
        "select n from domained",
        "select n from indexed",
        "select n from made",
        "select n from held",
        "select n from counted",
        "select n from guarded",
        "select n from remote",
        "select a$x$, side() as b$x$ from (select 1 as a$x$) as s",
        "select 1 -- a\r, side()\n",
        "select $é$ ' $é$, side(), '...'",
        f"select {LONG}ffff()",
        "select Ä()",
        "select x\u00a0y()",
        "select s\N{FOX FACE}()",
        "select a$b()",
        "select 'x' where length(table_to_xml_and_xmlschema('deeper', true, true, '')::text) > 1",
    ],
)
def test_what_a_statement_brings_along_is_refused_on_a_primary(server, sql, analyze):
    with pytest.raises(CannotRun, match="refused before it was sent"):
        explain_postgres(server.url("app"), sql, analyze=analyze)
    assert written(server) == 0


@pytest.mark.parametrize(
    "sql",
    ["select n from sends", "select n from deeper", "select 1::loud", "select n from remote"],
)
def test_what_is_volatile_never_runs_however_deep_it_lies(server, sql):
    with pytest.raises(CannotRun, match="refused before it was sent"):
        explain_postgres(server.url("app"), sql, analyze=True, allow_functions=True)


@pytest.mark.parametrize("analyze", [False, True], ids=["plan", "analyze"])
def test_many_names_hide_no_function(server, analyze):
    many = ", ".join(f"1 as a{number}" for number in range(3_000))
    with pytest.raises(CannotRun, match="names"):
        explain_postgres(server.url("app"), f"select side(), {many}", analyze=analyze)
    assert written(server) == 0


def test_many_functions_hide_no_other(server):
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(
            "do $$ begin for i in 1..1100 loop execute format('create schema s%s', i);"
            " execute format('create function s%s.z() returns int volatile language internal"
            " as ''pg_backend_pid''', i); end loop; end $$"
        )
        connection.execute("create schema zz")
        connection.execute(
            "create function zz.z() returns int immutable language sql as 'select effect()'"
        )
        connection.execute("grant usage on schema zz to app")
    with pytest.raises(CannotRun, match="more than"):
        explain_postgres(server.url("app"), "select zz.z()")
    assert written(server) == 0


def test_our_own_questions_call_nothing_of_the_application(server):
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("create database hostile")
    with psycopg.connect(server.dsn(database="hostile"), autocommit=True) as connection:
        for statement in (
            *SETUP[1:4],
            "create schema evil",
            "create function evil.current_setting(text) returns text immutable language sql as"
            " 'select pg_catalog.current_setting($1) where public.effect() = 1'",
            "create function evil.set_config(text, text, bool) returns text language sql as"
            " 'select pg_catalog.set_config($1, $2, $3) where public.effect() = 1'",
            "grant usage on schema evil to app",
            "alter database hostile set search_path = evil, pg_catalog, public",
            "truncate written",
        ):
            connection.execute(statement)
    assert explain_postgres(server.url("app", "hostile"), "select 1")
    with psycopg.connect(server.dsn(database="hostile"), autocommit=True) as connection:
        assert connection.execute("select count(*) from public.written").fetchone() == (0,)


@pytest.mark.parametrize("analyze", [False, True], ids=["plan", "analyze"])
@pytest.mark.parametrize(
    "sql",
    [
        "select name, count(*) from plain where lower(name) like 'a%' group by name",
        "select q.n from quiet q join plain using (name) where q.n between 1 and 2",
        "select n, half, m, d from plain where m = 'a' and d in (1, 2) order by at",
        "select count(*) from part where at > '2026-02-01'",
        "select n from stored",
        "select relname from pg_stat_user_tables",
        "select table_name from information_schema.tables",
    ],
)
def test_plain_statements_run(server, sql, analyze):
    assert explain_postgres(server.url("app", "ordinary"), sql, analyze=analyze)
