"""The text test: one statement, and it only reads."""

import pytest
from backend_performance.diagnosis.guards.reading_only import names, objection

READING = [
    "select 1",
    "SELECT 1;",
    "select 1; -- that was all",
    "with a as (select 1) select * from a",
    "values (1), (2)",
    "table orders",
    "select 'delete from t; drop table t'",
    'select "update" from t',
    "select $$ insert; $$, $tag$ ' $tag$",
    "/* insert /* nested */ ; */ select 1",
    "select E'it\\'s; delete'",
    "select n_tup_upd, last_vacuum from pg_stat_user_tables",
    "select * from t where a = $1 and b = $2",
]
REFUSED = [
    "",
    "-- nothing",
    "insert into t values (1)",
    "select 1; select 2",
    "select 1; commit; insert into t values (1)",
    "with d as (delete from t returning *) select * from d",
    "with d as (insert into t values (1) returning *) select * from d",
    "select * into t2 from t",
    "select * from t for update",
    "select * from t for no key update",
    "select * from t for share",
    "select nextval('s')",
    "select pg_catalog.\"nextval\"('s')",
    "select set_config('statement_timeout', '0', false)",
    "select pg_terminate_backend(1)",
    "select pg_advisory_lock(1)",
    "select lo_create(0)",
    "select pg_stat_reset()",
    "select dblink('host=other', 'drop table t')",
    "select pg_read_file('/etc/passwd')",
    "select pg_sleep(100)",
    "explain analyze delete from t",
    "explain select 1",
    "do $$ begin end $$",
    "copy t to program 'cat'",
    "set statement_timeout = 0",
    "select 'open",
    "select /* open",
    "lock table t",
    'select U&"pg_terminate_b\\0061ckend"(1)',
    "select u&'d\\0061t'",
    "select 1 " + "/*" * 500_000 + "*/" * 500_000,
    "select 1 " + "/*" * 11 + "*/" * 11,
    "select " + "1 + " * 50_000 + "1",
]


@pytest.mark.parametrize("sql", READING)
def test_a_reading_statement_is_let_through(sql):
    assert objection(sql) is None


@pytest.mark.parametrize("sql", REFUSED)
def test_anything_else_is_refused_with_a_reason(sql):
    assert objection(sql)


def test_the_names_of_a_statement_are_those_of_the_catalogue():
    sql = """select Lower(a), "Side"('x(y)'), s.f() /* g() */ from "T 1" -- h()"""
    assert names(sql) == {"select", "lower", "a", "Side", "s", "f", "from", "T 1"}
