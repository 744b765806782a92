"""What a log knows besides time, on logs that real servers wrote while it happened."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from backend_performance.diagnosis.sqllog import reading, rows

from harness.servers.waiting import until

FORMS = ["csv", "json", "log"]
WAITING = "update parents set name = %s where id = %s"


def digest_of(file):
    return reading.read_part(reading.Part(file, reading.format_of(file, {})))


def read(what, file):
    return rows.rows(what, digest_of(file), {})


def run(connection, *statements, parameters=None):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, parameters)


@pytest.mark.parametrize("suffix", FORMS)
def test_a_lock_wait_names_who_waits_for_whom_and_how_long(postgres_log, tmp_path, suffix):
    def traffic(connection):
        with postgres_log.connect() as holder, postgres_log.connect() as waiter:
            run(holder, WAITING, parameters=("a", 1))
            holder_pid.append(holder.info.backend_pid)
            run(waiter, "set log_lock_waits = on", "set deadlock_timeout = '50ms'")
            thread = threading.Thread(
                target=run, args=(waiter, WAITING), kwargs={"parameters": ("b", 1)}
            )
            thread.start()
            log = postgres_log.folder / "all.log"
            waits = f"process {waiter.info.backend_pid} still waiting".encode()
            until(lambda: waits in log.read_bytes(), "the wait in the log")
            holder.commit()
            thread.join(30)
            waiter.commit()

    holder_pid: list[int] = []
    (wait,) = read("lock_waits", postgres_log.record(suffix, traffic, tmp_path / "a"))
    assert (wait["waits"], wait["deadlocks"], wait["holder_pid"]) == (1, 0, holder_pid[0])
    assert wait["wait_ms"] >= 50 and wait["lock"].startswith("ShareLock-on-transaction")
    assert wait["query_untrusted"].startswith("update parents set name =")
    assert wait["holder_query_untrusted"].startswith("update parents set name =")


@pytest.mark.parametrize("suffix", FORMS)
def test_temporary_files_plans_and_cancellations_belong_to_their_statements(
    postgres_log, tmp_path, suffix
):
    lookup = "select name from parents where id = %s"

    def traffic(connection):
        import psycopg

        run(connection, "set log_temp_files = 0", "set work_mem = '64kB'")
        run(
            connection,
            "select count(*) from (select g from generate_series(1, 60000) g order by g % 7) x",
        )
        run(
            connection,
            "reset work_mem",
            "load 'auto_explain'",
            "set auto_explain.log_min_duration = 0",
        )
        # A table that autovacuum has analyzed in time would be read whole either way.
        for setting, other in (("on", "off"), ("off", "on")):
            run(
                connection,
                f"set enable_seqscan = {other}",
                f"set enable_indexscan = {setting}",
                f"set enable_bitmapscan = {setting}",
            )
            run(connection, lookup, parameters=(7,))
        run(connection, "set auto_explain.log_min_duration = -1", "set statement_timeout = '50ms'")
        connection.commit()
        with suppress(psycopg.errors.QueryCanceled):
            run(connection, "select pg_sleep(30)")
        connection.rollback()
        run(connection, "set statement_timeout = 0")

    file = postgres_log.record(suffix, traffic, tmp_path / "a")
    written = read("temporary", file)[0]
    assert written["files"] >= 1 and "generate_series" in written["query_untrusted"]
    plans = {row["query_untrusted"]: row["plans"] for row in read("plans", file)}
    assert plans["select name from parents where id = ?"] == 2
    (cancelled,) = read("cancelled", file)
    assert (cancelled["cancelled"], cancelled["query_untrusted"]) == (1, "select pg_sleep(?)")


@pytest.mark.parametrize("suffix", FORMS)
def test_a_stampede_and_a_checkpoint_are_seen_at_their_moment(postgres_log, tmp_path, suffix):
    def traffic(connection):
        others = [postgres_log.connect(autocommit=True) for _ in range(8)]
        slow = "select pg_sleep(0.05), name from parents where id = 1"
        threads = [threading.Thread(target=run, args=(other, slow)) for other in others]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        for other in others:
            other.close()
        connection.commit()
        connection.autocommit = True
        run(connection, "update parents set name = name", "checkpoint")
        connection.autocommit = False

    digest = digest_of(postgres_log.record(suffix, traffic, tmp_path / "a"))
    burst = rows.rows("bursts", digest, {})[0]
    assert burst["query_untrusted"].startswith("select pg_sleep(?), name")
    assert 4 <= burst["in_a_second"] == burst["from_sessions"] <= 8
    assert any(minute.checkpoint_ms > 0 for minute in digest.tally.minutes.values())
    assert digest.tally.connects in (0, 8), "connections are logged only where the server does"


def test_the_slow_log_tells_lock_time_and_rows_examined(mariadb_log, tmp_path):
    def traffic(connection):
        with mariadb_log.connect() as holder, mariadb_log.connect() as waiter:
            run(holder, "lock tables children write")
            change = "update children set note = 'x' where id = 3"
            thread = threading.Thread(target=run, args=(waiter, change))
            thread.start()
            thread.join(0.4)
            run(holder, "unlock tables")
            thread.join(30)
            waiter.commit()
        run(connection, "select count(*) from children where note like '%zzz%'")

    digest = digest_of(mariadb_log.record("slow", traffic, tmp_path / "a"))
    locked = rows.rows("lock_time", digest, {})[0]
    assert locked["query_untrusted"] == "update children set note = ? where id = ?"
    assert locked["lock_ms"] >= 200
    counted = {row["query_untrusted"]: row for row in rows.rows("rows_examined", digest, {})}
    count = counted["select count(*) from children where note like ?"]
    assert (count["rows_sent"], count["rows_examined"]) == (1, 60)
