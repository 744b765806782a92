"""The runbooks end their incidents: each fault is planted, then the blocks are pasted."""

from __future__ import annotations

import re
import subprocess
from contextlib import ExitStack, closing

import pytest

psycopg = pytest.importorskip("psycopg")
pymysql = pytest.importorskip("pymysql")

from harness.measuring.statements import split  # noqa: E402
from tests.knowledge.behaviour.paste import paste  # noqa: E402
from tests.knowledge.behaviour.sessions import (  # noqa: E402
    in_background,
    until,
    value,
    waits_for_lock,
)
from tests.knowledge.code_blocks import blocks_of  # noqa: E402

INCIDENTS = "references/runbooks-database.md"
CHANGES = "references/runbooks-database-changes.md"
MYSQL = "references/runbooks-mysql.md"
TABLE = "CREATE TABLE orders (id int PRIMARY KEY, title text, note text, customer_id int)"


@pytest.mark.parametrize("place", [f"{INCIDENTS}#first-minute", f"{INCIDENTS}#who-blocks"])
def test_the_expected_output_has_the_columns_of_the_statement(connect, place):
    head = blocks_of(place, "text")[0].code.splitlines()[0]
    cursor = connect().execute(blocks_of(place)[0].code)
    assert [name.strip() for name in head.split("|")] == [c.name for c in cursor.description]


def test_a_migration_behind_an_idle_transaction(connect):
    owner = connect(TABLE)
    idle = connect("BEGIN", "INSERT INTO orders VALUES (1)", application_name="web")
    migration = connect(application_name="migration")
    trying = in_background(migration.execute, "ALTER TABLE orders ADD COLUMN a int")
    until(waits_for_lock(owner, migration))
    readers = [connect() for _ in range(3)]
    reading = [in_background(r.execute, "SELECT count(*) FROM orders") for r in readers]
    for reader in readers:
        until(waits_for_lock(owner, reader))

    assert paste(owner, f"{INCIDENTS}#first-minute")[0]["waiting_for"] == "Lock:relation"
    first, second = paste(owner, f"{INCIDENTS}#who-blocks")
    assert (first["application_name"], second["application_name"]) == ("web", "migration")
    assert second["blocks"] > first["blocks"]
    owner.execute(second["way_out"])
    assert [each.result(5).fetchone() for each in reading] == [(0,)] * 3
    with pytest.raises(psycopg.errors.QueryCanceled):
        trying.result(5)
    owner.execute(first["way_out"])
    migration.execute("ALTER TABLE orders ADD COLUMN a int")
    with pytest.raises(psycopg.OperationalError):
        idle.execute("COMMIT")


@pytest.fixture
def full_server():
    from harness.servers.engines import require_or_skip
    from harness.servers.postgres import postgres_server

    require_or_skip("postgres")
    settings = {"max_connections": "8", "superuser_reserved_connections": "2"}
    with postgres_server(settings) as running:
        yield running


def test_too_many_clients(full_server):
    with ExitStack() as stack:
        enter = stack.enter_context
        with closing(psycopg.connect(full_server.superuser_dsn, autocommit=True)) as admin:
            admin.execute("CREATE ROLE app LOGIN")
        app = full_server.dsn("app")
        for _ in range(6):
            enter(closing(psycopg.connect(app, application_name="web", autocommit=True)))
        with pytest.raises(psycopg.OperationalError, match="reserved"):
            psycopg.connect(app)
        admin = enter(closing(psycopg.connect(full_server.superuser_dsn, autocommit=True)))
        most = paste(admin, f"{INCIDENTS}#too-many-clients")[0]
        assert (most["application_name"], most["state"], most["count"]) == ("web", "idle", 6)
        end = blocks_of(f"{INCIDENTS}#too-many-clients")[1].code
        assert value(admin, end) == 0  # nobody has been idle for a minute
        assert value(admin, end.replace("1 min", "0 s")) == 6
        enter(closing(until(lambda: _connected(app))))


def test_a_prepared_transaction_blocks_without_a_row_and_is_listed_by_the_horizon(connect):
    owner = connect(TABLE)
    connect("BEGIN", "INSERT INTO orders VALUES (1)", "PREPARE TRANSACTION 'forgotten'")
    with ExitStack() as stack:
        stack.callback(_roll_back_prepared, owner)
        migration = connect()
        trying = in_background(migration.execute, "ALTER TABLE orders ADD COLUMN a int")
        until(waits_for_lock(owner, migration))
        assert paste(owner, f"{INCIDENTS}#who-blocks") == []
        held = paste(owner, f"{INCIDENTS}#vacuum-removes-nothing")
        assert "prepared forgotten" in {row["holder"] for row in held}
    trying.result(5)


def _connected(dsn):
    try:
        return psycopg.connect(dsn)
    except psycopg.OperationalError:
        return None


@pytest.mark.parametrize("kind", ["session", "prepared"])
def test_a_pinned_horizon(connect, kind):
    owner = connect(TABLE, "INSERT INTO orders SELECT n FROM generate_series(1, 100) n")
    if kind == "session":
        connect("BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM orders")
    else:
        connect("BEGIN", "CREATE TABLE elsewhere (id int)", "PREPARE TRANSACTION 'forgotten'")
    with ExitStack() as stack:
        if kind == "prepared":  # it outlives its session, and would hold up the tests that follow
            stack.callback(_roll_back_prepared, owner)
        owner.execute("DELETE FROM orders")
        owner.execute("VACUUM orders")
        assert _dead_rows_left(owner)

        name = until(lambda: _first_holder(owner, kind))
        if kind == "session":
            owner.execute(f"SELECT pg_terminate_backend({name})")
        else:
            owner.execute(f"ROLLBACK PREPARED '{name}'")
        until(lambda: owner.execute("VACUUM orders") and not _dead_rows_left(owner))


def test_what_holds_nothing_here_is_not_listed_as_a_holder(connect, server):
    owner = connect(TABLE, "INSERT INTO orders SELECT n FROM generate_series(1, 100) n")
    with closing(psycopg.connect(server.superuser_dsn, autocommit=True)) as elsewhere:
        elsewhere.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        elsewhere.execute("SELECT count(*) FROM pg_class")
        owner.execute("DELETE FROM orders")
        until(lambda: owner.execute("VACUUM orders") and not _dead_rows_left(owner))
        held = paste(owner, f"{INCIDENTS}#vacuum-removes-nothing")
        assert f"session {elsewhere.info.backend_pid}" not in {row["holder"] for row in held}


def _first_holder(owner, kind):
    """Its name once the first row is of that kind: an ANALYZE may be there for a moment."""
    found, name = paste(owner, f"{INCIDENTS}#vacuum-removes-nothing")[0]["holder"].split()
    return name if found == kind else None


def _roll_back_prepared(owner):
    for (name,) in owner.execute("SELECT gid FROM pg_prepared_xacts").fetchall():
        owner.execute(f"ROLLBACK PREPARED '{name}'")


def test_a_logical_slot_is_among_what_holds_the_horizon(connect):
    owner = connect("SELECT pg_create_logical_replication_slot('forgotten', 'pgoutput')")
    try:
        held = paste(owner, f"{INCIDENTS}#vacuum-removes-nothing")
        assert ("slot forgotten", "INACTIVE logical") in {(r["holder"], r["what"]) for r in held}
    finally:
        owner.execute("SELECT pg_drop_replication_slot('forgotten')")


def _dead_rows_left(owner):
    """Plain VACUUM truncates a table of which no row is left, unless somebody needs one."""
    return value(owner, "SELECT pg_relation_size('orders')") > 0


def test_a_slot_that_nobody_reads(connect):
    owner = connect()
    owner.execute("SELECT pg_create_physical_replication_slot('abandoned', true)")
    wal, slots, archiver, temporary = paste(owner, f"{INCIDENTS}#disk-full")
    assert (slots[0]["slot_name"], slots[0]["active"]) == ("abandoned", False)
    assert wal and archiver == [{"fails_now": None}] and temporary
    owner.execute("SELECT pg_drop_replication_slot('abandoned')")


def test_a_missing_synchronous_standby(full_server):
    with ExitStack() as stack:
        admin, writer = (
            stack.enter_context(
                closing(psycopg.connect(full_server.superuser_dsn, autocommit=True))
            )
            for _ in range(2)
        )
        admin.execute("ALTER SYSTEM SET synchronous_standby_names = 'gone'")
        admin.execute("SELECT pg_reload_conf()")
        until(lambda: value(admin, "SHOW synchronous_standby_names") == "gone")
        writing = in_background(writer.execute, "CREATE TABLE written (id int)")

        def hangs() -> bool:
            # Commits begin to wait when the checkpointer has read the setting, after this session.
            nonlocal writing
            if writing.done():
                writing = in_background(writer.execute, "INSERT INTO written VALUES (1)")
            rows = paste(admin, f"{INCIDENTS}#first-minute")
            return any(row["waiting_for"] == "IPC:SyncRep" for row in rows)

        until(hangs)
        standbys, _ = paste(admin, f"{INCIDENTS}#commits-hang")
        assert standbys == []
        paste(admin, f"{INCIDENTS}#commits-hang", 1)
        writing.result(10)


def test_traffic_is_let_in_by_steps_after_a_failover(connect, server):
    owner = connect("CREATE ROLE stepped LOGIN")
    with ExitStack() as stack:
        enter = stack.enter_context
        stack.callback(owner.execute, "DROP ROLE stepped")
        first = enter(closing(psycopg.connect(server.dsn("stepped"), autocommit=True)))
        block = blocks_of(f"{INCIDENTS}#after-a-failover")[0].code
        limit, end = split(re.sub(r"\bapp\b", "stepped", block).replace("LIMIT 10", "LIMIT 1"))
        owner.execute(limit)
        assert value(owner, end) == 1
        with pytest.raises(psycopg.OperationalError):
            first.execute("SELECT 1")
        enter(closing(until(lambda: _connected(server.dsn("stepped")))))
        with pytest.raises(psycopg.OperationalError, match="too many connections for role"):
            psycopg.connect(server.dsn("stepped"))
        owner.execute("ALTER ROLE stepped CONNECTION LIMIT -1")
        enter(closing(psycopg.connect(server.dsn("stepped"))))


def test_a_failed_unique_build(connect):
    owner = connect(TABLE, "INSERT INTO orders VALUES (1, 'a', '', 7), (2, 'a', '', 7)")
    build = blocks_of(f"{CHANGES}#build-an-index")[1].code
    statements = split(build.replace("CREATE INDEX", "CREATE UNIQUE INDEX"))
    with pytest.raises(psycopg.errors.UniqueViolation):
        for statement in statements:
            owner.execute(statement)
    assert owner.execute(statements[-1]).fetchone() == (False, False)
    paste(owner, f"{CHANGES}#build-an-index", 3)
    assert paste(owner, f"{CHANGES}#build-an-index", 1) == [
        {"indisvalid": True, "indisready": True}
    ]


def test_the_loop_migrates_beside_an_open_reader_without_a_queue(connect, server):
    owner = connect(TABLE)
    holder = connect("BEGIN", "SELECT count(*) FROM orders")
    loop, _ = blocks_of(f"{CHANGES}#migrate-without-a-queue", "bash")
    psql = server.installation.bin / "psql"
    if not psql.is_file():
        pytest.skip("this installation has no psql")
    program = loop.code.replace("psql ", f"{psql} ", 1)
    program = re.sub(r"sleep \S+ *.*", "sleep 0.2", program)
    address = f"postgresql://postgres@{server.host}:{server.port}/{owner.info.dbname}"
    loop_process = subprocess.Popen(
        ["bash", "-c", program],
        env={"DATABASE_URL": address, "PATH": "/usr/bin:/bin"},
        stderr=subprocess.PIPE,
        text=True,
    )
    reader = connect("SET lock_timeout = '100ms'")
    for _ in range(50):
        reader.execute("SELECT count(*) FROM orders")
    holder.execute("COMMIT")
    _, errors = loop_process.communicate(timeout=60)
    assert loop_process.returncode == 0, errors
    assert value(
        owner, "SELECT count(*) FROM information_schema.columns WHERE column_name = 'carrier'"
    )


def test_the_holders_of_a_table_and_the_try_that_waits(connect, server):
    owner = connect(TABLE)
    holder = connect("BEGIN", "SELECT count(*) FROM orders")
    (found,) = paste(owner, f"{CHANGES}#migrate-without-a-queue")
    assert (found["pid"], found["backend_type"]) == (holder.info.backend_pid, "client backend")
    holder.execute("COMMIT")
    _, one_try = blocks_of(f"{CHANGES}#migrate-without-a-queue", "bash")
    psql = server.installation.bin / "psql"
    if not psql.is_file():
        pytest.skip("this installation has no psql")
    address = f"postgresql://postgres@{server.host}:{server.port}/{owner.info.dbname}"
    subprocess.run(
        ["bash", "-c", one_try.code.replace("psql ", f"{psql} ", 1)],
        env={"DATABASE_URL": address, "PATH": "/usr/bin:/bin"},
        check=True,
        timeout=30,
    )
    assert owner.execute("SELECT carrier FROM orders").fetchall() == []


def test_what_holds_an_index_build_up_is_listed(connect):
    owner = connect(TABLE, "CREATE TABLE elsewhere (id int)")
    writer = connect("BEGIN", "INSERT INTO orders VALUES (1)")
    snapshot = connect("BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM elsewhere")
    connect("BEGIN", "SELECT count(*) FROM orders")  # holds nothing up: it has no snapshot
    connect("BEGIN", "INSERT INTO orders VALUES (2)", "PREPARE TRANSACTION 'no session'")
    code = blocks_of(f"{CHANGES}#build-an-index")[0].code.replace("1 min", "-1 s")
    try:
        rows = owner.execute(code).fetchall()
    finally:
        _roll_back_prepared(owner)
    assert {(pid, has_snapshot, writes) for pid, _, has_snapshot, writes, *_ in rows} == {
        (writer.info.backend_pid, False, True),
        (snapshot.info.backend_pid, True, False),
    }


def test_attaching_an_index_waits_for_readers_of_the_table(connect):
    owner = connect(
        "CREATE TABLE event (id bigint, day date NOT NULL, kind text) PARTITION BY RANGE (day)",
        "CREATE TABLE event_2026_11 PARTITION OF event"
        " FOR VALUES FROM ('2026-11-01') TO ('2026-12-01')",
    )
    *statements, attach, valid = split(blocks_of(f"{CHANGES}#index-a-partitioned-table")[0].code)
    for statement in statements:
        owner.execute(statement)
    reader = connect("BEGIN", "SELECT count(*) FROM event")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        owner.execute(attach)
    assert not value(owner, valid)
    reader.execute("COMMIT")
    owner.execute(attach)
    assert value(owner, valid)


def test_the_backfill_stops_and_resumes(connect):
    owner = connect(
        TABLE, "INSERT INTO orders (id, title) SELECT n, 'title' FROM generate_series(1, 1000) n"
    )
    *prepare, call = split(blocks_of(f"{CHANGES}#fill-in-chunks")[0].code)
    for statement in prepare:
        owner.execute(statement)
    worker = connect()
    working = in_background(worker.execute, "CALL backfill(10, 0.02)")
    done = "SELECT count(*) FROM orders WHERE note = 'TITLE'"
    until(lambda: value(owner, done) > 0)
    paste(owner, f"{CHANGES}#fill-in-chunks", 1)
    working.result(10)
    assert 0 < value(owner, done) < 1000
    owner.execute("UPDATE backfill_state SET stop = false")
    owner.execute(call)
    assert value(owner, done) == 1000


def test_a_mysql_migration_behind_a_sleeper(mariadb):
    owner = mariadb("CREATE TABLE item (id int PRIMARY KEY, name text)")
    sleeper = mariadb("BEGIN", "SELECT count(*) FROM item")
    migration = mariadb()
    trying = in_background(migration.execute, "ALTER TABLE item ADD COLUMN a int")
    (busy,) = split(blocks_of(f"{MYSQL}#first-minute")[0].code)
    wait = "Waiting for table metadata lock"
    until(lambda: wait in {row["state"] for row in _answer(owner, busy)})
    waiting, holding, holders = (
        split(block.code)
        for block in blocks_of(f"{MYSQL}#metadata-locks")
        if block.attributes["engine"] == "mariadb"
    )
    (waiter,) = _answer(owner, *waiting)
    assert waiter["id"] == migration.connection.thread_id() and "ALTER" in waiter["statement"]
    locks = {(row["table_name"], row["id"]) for row in _answer(owner, *holders)}
    assert ("item", sleeper.connection.thread_id()) in locks
    rows = until(lambda: _answer(owner, *holding), every=0.3)
    assert rows[0]["command"] == "Sleep" and rows[0]["id"] == sleeper.connection.thread_id()
    owner.execute(waiter["way_out"])
    with pytest.raises(pymysql.err.OperationalError):
        trying.result(10)
    owner.execute(rows[0]["way_out"])
    migration.execute("ALTER TABLE item ADD COLUMN a int")


def test_the_head_of_a_mysql_row_lock_chain_waits_for_nobody(mariadb):
    owner = mariadb(
        "CREATE TABLE item (id int PRIMARY KEY, n int)", "INSERT INTO item VALUES (1, 0), (2, 0)"
    )
    head = mariadb("BEGIN", "UPDATE item SET n = 1 WHERE id = 1")
    middle = mariadb("BEGIN", "UPDATE item SET n = 2 WHERE id = 2")
    waiting = in_background(middle.execute, "UPDATE item SET n = 2 WHERE id = 1")
    last = in_background(mariadb().execute, "UPDATE item SET n = 3 WHERE id = 2")
    statement = split(blocks_of(f"{MYSQL}#row-locks", engine="mariadb")[0].code)

    def both_block():
        found = {row["state"]: row for row in _answer(owner, *statement)}
        return found if len(found) == 2 else None

    found = until(both_block, every=0.3)
    assert found["RUNNING"]["blocker"] == head.connection.thread_id()
    assert found["LOCK WAIT"]["blocker"] == middle.connection.thread_id()
    owner.execute(found["RUNNING"]["way_out"])
    waiting.result(10)
    middle.execute("COMMIT")
    last.result(10)


@pytest.mark.server
def test_purging_binary_logs_keeps_the_named_file():
    from harness.servers.engines import require_or_skip
    from harness.servers.mariadb import mariadb_server

    require_or_skip("mariadb")
    with (
        mariadb_server({"log-bin": "changes"}) as running,
        pymysql.connect(**running.parameters()) as connection,
    ):
        owner = connection.cursor()
        owner.execute("FLUSH BINARY LOGS")
        names = [row["Log_name"] for row in _answer(owner, "SHOW BINARY LOGS")]
        assert len(names) > 1

        # MariaDB keeps a file until InnoDB has a checkpoint behind it: a moment after the flush.
        def kept() -> list[str]:
            owner.execute(f"PURGE BINARY LOGS TO '{names[-1]}'")
            return [row["Log_name"] for row in _answer(owner, "SHOW BINARY LOGS")]

        until(lambda: kept() == names[-1:])
        assert kept() == names[-1:]


def _answer(cursor, *statements):
    """Run statements; return the rows of the last as dictionaries."""
    for statement in statements:
        cursor.execute(statement)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
