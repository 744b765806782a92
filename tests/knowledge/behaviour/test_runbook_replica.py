"""A replica that lags: the runbook's blocks name the cause, and its statements end it."""

from __future__ import annotations

from contextlib import ExitStack, closing

import pytest

psycopg = pytest.importorskip("psycopg")

from tests.knowledge.behaviour.paste import paste  # noqa: E402
from tests.knowledge.behaviour.sessions import until, value  # noqa: E402

pytestmark = pytest.mark.server
PLACE = "references/runbooks-database.md#replica-lag"


@pytest.fixture(scope="module")
def pair():
    """Connections to a primary and to its replica, in one function each."""
    from harness.servers.engines import require_or_skip
    from harness.servers.postgres import postgres_server
    from harness.servers.standby import postgres_standby

    installation = require_or_skip("postgres")
    if not (installation.bin / "pg_basebackup").is_file():
        pytest.skip("this installation has no pg_basebackup")
    settings = {"wal_level": "replica", "max_wal_senders": "4", "hot_standby_feedback": "off"}
    with (
        postgres_server(settings) as primary,
        postgres_standby(primary, "copy") as replica,
        ExitStack() as stack,
    ):

        def connect(server):
            opened = psycopg.connect(server.superuser_dsn, autocommit=True)
            return stack.enter_context(closing(opened))

        yield lambda: connect(primary), lambda: connect(replica)


def sent(primary):
    rows = paste(primary, PLACE)
    return rows[0] if rows else None


def unreplayed(primary):
    """Return the bytes that wait on the replica; None until it has reported for the first time."""
    row = sent(primary)
    return row and row["unreplayed"]


def replay(replica):
    return paste(replica, PLACE, 1)[0][0]


def test_a_paused_replica(pair):
    primary, replica = (connect() for connect in pair)
    until(lambda: unreplayed(primary) is not None)
    replica.execute("SELECT pg_wal_replay_pause()")
    until(lambda: replay(replica)["paused"])
    primary.execute("CREATE TABLE written AS SELECT generate_series(1, 1000) n")
    until(lambda: unreplayed(primary) > 0)
    replica.execute("SELECT pg_wal_replay_resume()")
    until(lambda: unreplayed(primary) == 0)
    assert value(replica, "SELECT count(*) FROM written") == 1000


@pytest.mark.parametrize(
    ("table", "changes", "waits_at"),
    [
        ("cleaned", ("DELETE FROM cleaned", "VACUUM cleaned"), "RecoveryConflictSnapshot"),
        ("locked", ("DROP TABLE locked",), "relation"),
    ],
)
def test_a_query_that_holds_replay(pair, table, changes, waits_at):
    primary, replica = (connect() for connect in pair)
    replica.execute("ALTER SYSTEM SET max_standby_streaming_delay = '-1'")
    replica.execute("SELECT pg_reload_conf()")
    primary.execute(f"CREATE TABLE {table} AS SELECT generate_series(1, 1000) n")
    reader = pair[1]()
    until(lambda: value(replica, f"SELECT to_regclass('{table}') IS NOT NULL"))
    reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    until(lambda: value(reader, f"SELECT count(*) FROM {table}") == 1000)
    for change in changes:
        primary.execute(change)
    until(lambda: replay(replica)["wait_event"] == waits_at)
    assert unreplayed(primary) > 0
    _, oldest = paste(replica, PLACE, 1)
    holder = oldest[0]["pid"]
    assert holder == reader.info.backend_pid
    assert value(replica, "SELECT pg_terminate_backend(%s)", holder)
    until(lambda: unreplayed(primary) == 0)
