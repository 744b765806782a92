"""What waits for what, what a timeout bounds, and what ends a session."""

from __future__ import annotations

import time

import pytest

psycopg = pytest.importorskip("psycopg")

from tests.knowledge.behaviour.sessions import (  # noqa: E402
    in_background,
    until,
    value,
    waits_for_lock,
)

TABLE = "CREATE TABLE orders (id int PRIMARY KEY, note text)"


def test_a_try_with_lock_timeout_stops_readers_until_it_fails(connect):
    owner = connect(TABLE)
    connect("BEGIN", "SELECT count(*) FROM orders")
    migration = connect("SET lock_timeout = '1s'")
    trying = in_background(migration.execute, "ALTER TABLE orders ADD COLUMN a int")
    until(waits_for_lock(owner, migration))
    reader = connect("SET lock_timeout = '100ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        reader.execute("SELECT count(*) FROM orders")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        trying.result()
    assert value(reader, "SELECT count(*) FROM orders") == 0


def test_a_try_with_nowait_never_queues(connect):
    connect(TABLE)
    connect("BEGIN", "SELECT count(*) FROM orders")
    migration = connect("BEGIN")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        migration.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE NOWAIT")
    reader = connect("SET lock_timeout = '100ms'")
    assert value(reader, "SELECT count(*) FROM orders") == 0


def test_lock_timeout_counts_for_each_partition_anew(connect):
    owner = connect(
        "CREATE TABLE event (id int, day int) PARTITION BY LIST (day)",
        "CREATE TABLE event_1 PARTITION OF event FOR VALUES IN (1)",
        "CREATE TABLE event_2 PARTITION OF event FOR VALUES IN (2)",
    )
    first = connect("BEGIN", "SELECT count(*) FROM event_1")
    second = connect("BEGIN", "SELECT count(*) FROM event_2")
    migration = connect("SET lock_timeout = '1s'")
    started = time.monotonic()
    trying = in_background(migration.execute, "ALTER TABLE event ADD COLUMN a int")
    until(waits_for_lock(owner, migration))
    time.sleep(0.7)
    first.execute("COMMIT")
    time.sleep(0.7)
    second.execute("COMMIT")
    trying.result()
    assert time.monotonic() - started > 1.2


@pytest.fixture
def vacuumed(connect):
    """A table on which a very slow autovacuum is running."""
    owner = connect(
        "CREATE TABLE busy (id int, filler text) WITH (autovacuum_vacuum_threshold = 1,"
        " autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 100,"
        " autovacuum_vacuum_cost_limit = 1)",
        "INSERT INTO busy SELECT n, repeat('x', 500) FROM generate_series(1, 5000) n",
        "DELETE FROM busy WHERE id % 2 = 0",
    )
    running = "SELECT count(*) FROM pg_stat_progress_vacuum WHERE relid = 'busy'::regclass"
    until(lambda: value(owner, running), 60)
    return lambda: value(owner, running)


def test_lock_timeout_below_deadlock_timeout_never_gets_past_autovacuum(connect, vacuumed):
    migration = connect("SET lock_timeout = '100ms'")  # deadlock_timeout is 200 ms here
    for _ in range(3):
        with pytest.raises(psycopg.errors.LockNotAvailable):
            migration.execute("ALTER TABLE busy ADD COLUMN a int")
    assert vacuumed()


def test_lock_timeout_above_deadlock_timeout_cancels_autovacuum(connect, vacuumed):
    migration = connect("SET lock_timeout = '5s'")
    migration.execute("ALTER TABLE busy ADD COLUMN a int")


def test_cancel_does_nothing_to_an_idle_transaction_and_terminate_ends_it(connect):
    owner = connect(TABLE)
    idle = connect("BEGIN", "INSERT INTO orders VALUES (1)")
    pid = idle.info.backend_pid
    state = "SELECT coalesce(max(state), 'gone') FROM pg_stat_activity WHERE pid = %s"
    assert value(owner, "SELECT pg_cancel_backend(%s)", pid) is True
    time.sleep(0.3)
    assert value(owner, state, pid) == "idle in transaction"
    assert value(owner, "SELECT pg_terminate_backend(%s)", pid) is True
    until(lambda: value(owner, state, pid) == "gone")


def test_cancelling_the_waiting_alter_lets_readers_go_on(connect):
    owner = connect(TABLE)
    connect("BEGIN", "SELECT count(*) FROM orders")
    migration = connect()
    trying = in_background(migration.execute, "ALTER TABLE orders ADD COLUMN a int")
    until(waits_for_lock(owner, migration))
    reader = connect()
    reading = in_background(reader.execute, "SELECT count(*) FROM orders")
    until(waits_for_lock(owner, reader))
    owner.execute("SELECT pg_cancel_backend(%s)", [migration.info.backend_pid])
    assert reading.result(5).fetchone() == (0,)
    with pytest.raises(psycopg.errors.QueryCanceled):
        trying.result()


def test_a_transaction_that_only_read_holds_its_locks_and_not_the_horizon(connect):
    owner = connect(TABLE)
    idle = connect("BEGIN", "SELECT count(*) FROM orders")
    holds = (
        "SELECT num_nonnulls(backend_xid, backend_xmin) > 0 FROM pg_stat_activity WHERE pid = %s"
    )
    assert value(owner, holds, idle.info.backend_pid) is False
    idle.execute("INSERT INTO orders VALUES (1)")
    assert value(owner, holds, idle.info.backend_pid) is True


def test_a_repeatable_read_transaction_holds_the_horizon_by_reading(connect):
    owner = connect(TABLE)
    idle = connect("BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM orders")
    holds = "SELECT backend_xmin IS NOT NULL FROM pg_stat_activity WHERE pid = %s"
    assert value(owner, holds, idle.info.backend_pid) is True
