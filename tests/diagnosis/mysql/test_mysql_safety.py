"""The MySQL probes do no harm: nothing is written, awaited, shown or obeyed that must not be."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from backend_performance.diagnosis import CannotRun
from backend_performance.diagnosis.mysql import session as mysql_session
from backend_performance.diagnosis.mysql.session import connect
from backend_performance.diagnosis.probes import catalog
from backend_performance.diagnosis.trouble import NoAnswer

from harness.servers.engines import require_or_skip
from harness.servers.waiting import PATIENCE
from tests.diagnosis.mysql.mysql_servers import Database, make_database, mariadb
from tests.diagnosis.mysql.safety import TABLES
from tests.probe_cases import find

#: What the session itself and the looking in between send.
HARMLESS = (
    "com_select",
    "com_set_option",
    "com_show_grants",
    "com_show_status",
    "com_show_variables",
)


LOOKS = (
    "select * from mysql.user order by user, host",
    "select table_schema, table_name, create_time, auto_increment, checksum"
    " from information_schema.tables where table_schema not in"
    " ('performance_schema', 'information_schema', 'sys') order by 1, 2",
    "select table_schema, table_name, index_name, column_name from information_schema.statistics"
    " order by 1, 2, 3, 4",
)


def snapshot(database: Database, *further: str) -> tuple[list[Any], dict[str, int], dict[str, str]]:
    with database.session() as cursor:
        looked = []
        for sql in (*LOOKS, *further):
            cursor.execute(sql)
            looked.append(cursor.fetchall())
        cursor.execute("show global variables")
        moving = ("timestamp", "pseudo_thread_id")
        variables = {
            name: value
            for name, value in cursor.fetchall()
            if "gtid" not in name and name not in moving
        }
        cursor.execute("show global status like 'Com\\_%'")
        counted = {name.lower(): int(value) for name, value in cursor.fetchall() if value.isdigit()}
        return looked, counted, variables


def counts_of_writes(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    changed = {name: after[name] - before.get(name, 0) for name in after}
    return {n: d for n, d in changed.items() if d and not n.startswith(HARMLESS)}


def test_the_whole_catalogue_as_root_changes_nothing(new_schema):
    database = new_schema(*TABLES)
    database.run("root", allow_superuser=True)
    before = snapshot(database)
    run = database.run("root", allow_superuser=True, parameters={"pool_total": 10})
    after = snapshot(database)
    assert len(run.evidence) == len(catalog.load("mysql"))
    assert not [one for one in run.evidence if "error" in one.reason]
    assert after[0] == before[0] and after[2] == before[2]
    assert counts_of_writes(before[1], after[1]) == {}


@pytest.mark.server
def test_nothing_reaches_the_binary_log():
    require_or_skip("mariadb")
    with mariadb({"performance-schema": "ON", "log-bin": "changes", "server-id": "1"}) as server:
        database = make_database(server, *TABLES)
        place = ("show master status", "select @@global.gtid_binlog_pos, @@global.gtid_current_pos")
        before = snapshot(database, *place)
        database.run("root", allow_superuser=True)
        database.run()
        assert snapshot(database, *place)[0] == before[0]
        database.execute("insert into parent (note) values ('d')")
        assert snapshot(database, *place)[0] != before[0], "a change would have been seen"


WRITES = (
    "insert into parent (note) values ('d')",
    "update parent set note = 'd'",
    "delete from parent",
    "replace into parent values (1, 'd')",
    "truncate table parent",
    "drop table child",
    "alter table parent add column d int",
    "create table written (id int)",
    "create index written on parent (note)",
    "select 1; insert into parent (note) values ('d')",
    "select 1; set session transaction read write; insert into parent (note) values ('d')",
    "call write_something()",
    "select write_function()",
    "select * from parent for update",
)


TEXT_ONLY = (
    "select * from parent into outfile '/tmp/written'",
    "select 1 /*!50000 into outfile '/tmp/written' */",
    "set session transaction read write",
    "set session max_statement_time = 0",
    "select sleep(60)",
    "select get_lock('a', 60)",
    "select benchmark(1000000000, sha2('a', 512))",
    "select load_file('/etc/passwd')",
    "lock tables parent write",
    "flush tables with read lock",
    "kill 1",
    "select @a := 1",
    "begin",
)


@pytest.mark.parametrize("sql", WRITES)
def test_a_write_is_refused_by_the_session_alone_and_by_the_text(new_schema, sql):
    database = new_schema(*TABLES)
    with database.session() as cursor:
        cursor.execute("create procedure write_something() insert into parent (note) values ('p')")
        cursor.execute(
            "create function write_function() returns int not deterministic modifies sql data"
            " begin insert into parent (note) values ('f'); return 1; end"
        )
    with connect(database.dsn("root")) as session:
        if "write_function" not in sql:
            with pytest.raises(NoAnswer, match="refused before it was sent"):
                session.rows(sql)
        if "for update" not in sql:  # past the first guard; a lock that ends at once harms nobody
            with pytest.raises(NoAnswer):
                session._ask(sql)
    with database.session() as cursor:
        cursor.execute("select id, note from parent order by id")
        assert cursor.fetchall() == ((1, "a"), (2, "b"), (3, "c"))
        cursor.execute("show tables")
        assert [name for (name,) in cursor.fetchall()] == ["child", "parent"]


@pytest.mark.parametrize("sql", TEXT_ONLY)
def test_what_a_read_only_session_would_let_pass_is_refused_by_the_text(new_schema, sql):
    with (
        connect(new_schema().dsn()) as session,
        pytest.raises(NoAnswer, match="refused before it was sent"),
    ):
        session.rows(sql)


def test_the_session_has_its_limits(new_schema):
    database = new_schema()
    limit = {"mariadb": "max_statement_time", "mysql": "max_execution_time"}
    name = limit[database.server.flavour]
    with connect(database.dsn(), {"pool_total": 7}) as session:
        (row,) = session.rows(
            f"select @@session.{name} as statement_limit, @@session.lock_wait_timeout as a,"
            " @@session.innodb_lock_wait_timeout as b, @backend_performance_pool_total as pool"
        )
    assert float(row["statement_limit"]) in (5.0, 5000.0)
    assert (row["a"], row["b"], row["pool"]) == (1, 1, 7)


def test_a_locked_table_keeps_no_probe_waiting(new_schema):
    database = new_schema(*TABLES)
    with database.session("lock tables parent write, child write"):
        began = time.monotonic()
        run = database.run()
        assert time.monotonic() - began < PATIENCE
    assert [one.probe for one in run.evidence if "stopped by" in one.reason] == []


def test_a_probe_that_must_wait_says_so_in_time(new_schema):
    database = new_schema(*TABLES)
    probe = find("mysql", "storage-engines")
    waiting = replace(probe, sql=f"select note from {database.name}.parent limit 1")
    with database.session("lock tables parent write"):
        began = time.monotonic()
        (evidence,) = database.run("root", probes=(waiting,), allow_superuser=True).evidence
        assert time.monotonic() - began < PATIENCE
    assert evidence.verdict == "unknown"
    assert "the lock limit of 1 s" in evidence.reason


def test_a_statement_without_end_is_stopped_and_says_so(new_schema, monkeypatch):
    short = {
        "mariadb": "SET SESSION max_statement_time = 0.3",
        "mysql": "SET SESSION max_execution_time = 300",
    }
    monkeypatch.setattr(mysql_session, "_STATEMENT_LIMIT", short)
    database = new_schema(*TABLES)
    numbers = " union all ".join("select 1" for _ in range(40))
    crossed = ", ".join(f"({numbers}) t{n}" for n in range(8))
    sql = f"select count(*) as n from {crossed} limit 1"
    endless = replace(find("mysql", "storage-engines"), sql=sql)
    (evidence,) = database.run(probes=(endless,)).evidence
    assert evidence.verdict == "unknown" and "the statement limit" in evidence.reason


def test_the_budget_of_time_ends_the_run(new_schema):
    database = new_schema(*TABLES)
    with pytest.raises(CannotRun, match="--timeout"):
        database.run(timeout=1e-9)


def test_a_session_that_is_ended_leaves_the_rest_unknown(new_schema, monkeypatch):
    database = new_schema(*TABLES)
    asked = []
    original = mysql_session.Session.rows

    def rows(session: Any, sql: str) -> Any:
        asked.append(sql)
        if len(asked) == 6:
            with database.session() as cursor:
                cursor.execute(f"kill {session._connection.thread_id()}")
        return original(session, sql)

    monkeypatch.setattr(mysql_session.Session, "rows", rows)
    run = database.run()
    gone = [one for one in run.evidence if "connection to the server was lost" in one.reason]
    assert len(run.evidence) == len(catalog.load("mysql")) and len(gone) >= 8
    assert {one.verdict for one in gone} == {"unknown"}
