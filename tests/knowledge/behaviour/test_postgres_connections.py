"""Who counts against max_connections, and what a write waits for without its standby."""

from __future__ import annotations

from contextlib import ExitStack, closing

import pytest

psycopg = pytest.importorskip("psycopg")

from tests.knowledge.behaviour.sessions import in_background, until, value  # noqa: E402


@pytest.fixture(scope="module")
def small_server():
    from harness.servers.engines import require_or_skip
    from harness.servers.postgres import postgres_server

    require_or_skip("postgres")
    settings = {
        "max_connections": "6",
        "superuser_reserved_connections": "1",
        "max_wal_senders": "4",
        "wal_level": "replica",
    }
    with postgres_server(settings) as running:
        yield running


def _superuser(server):
    """Return a superuser's session, once a slot is free: a session that ended keeps it a moment."""

    def connected():
        try:
            return psycopg.connect(server.superuser_dsn, autocommit=True)
        except psycopg.OperationalError:
            return None

    return until(connected)


def test_wal_senders_do_not_count_against_max_connections(small_server):
    with ExitStack() as stack:
        for _ in range(4):
            sender = psycopg.connect(
                small_server.superuser_dsn + " replication=true", autocommit=True
            )
            stack.enter_context(closing(sender))
        for _ in range(6):
            client = psycopg.connect(small_server.superuser_dsn, autocommit=True)
            stack.enter_context(closing(client))
        with pytest.raises(psycopg.OperationalError, match="too many clients|reserved"):
            psycopg.connect(small_server.superuser_dsn)


def test_the_last_slots_are_for_superusers(small_server):
    clients = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    with closing(_superuser(small_server)) as admin:
        until(lambda: value(admin, clients) == 1)
        admin.execute("CREATE ROLE app LOGIN")
        with ExitStack() as stack:
            for _ in range(4):
                stack.enter_context(closing(psycopg.connect(small_server.dsn("app"))))
            with pytest.raises(psycopg.OperationalError, match="reserved"):
                psycopg.connect(small_server.dsn("app"))
            stack.enter_context(closing(_superuser(small_server)))


def test_a_commit_waits_for_a_synchronous_standby_that_is_gone(small_server):
    with ExitStack() as stack:
        admin, writer = (
            stack.enter_context(
                closing(psycopg.connect(small_server.superuser_dsn, autocommit=True))
            )
            for _ in range(2)
        )
        writer.execute("CREATE TABLE IF NOT EXISTS written (id int)")
        admin.execute("ALTER SYSTEM SET synchronous_standby_names = 'gone'")
        admin.execute("SELECT pg_reload_conf()")
        until(lambda: value(admin, "SHOW synchronous_standby_names") == "gone")
        writing = in_background(writer.execute, "INSERT INTO written VALUES (1)")
        waits = "SELECT wait_event FROM pg_stat_activity WHERE pid = %s"
        until(lambda: value(admin, waits, writer.info.backend_pid) == "SyncRep")
        admin.execute("ALTER SYSTEM RESET synchronous_standby_names")
        admin.execute("SELECT pg_reload_conf()")
        writing.result(10)
        assert value(admin, "SELECT count(*) FROM written") == 1
