"""What is planted for a probe: tables, traffic and sessions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from harness.servers.waiting import until

psycopg = pytest.importorskip("psycopg")

PARENT = (
    "create table parent (id int primary key); insert into parent select generate_series(1, 100)"
)
CHILD = (
    "create table child (id int primary key, parent_id int references parent, note text);"
    "insert into child select g, g % 100 + 1, 'x' from generate_series(1, 12000) g; analyze"
)
WIDE = (
    "create table wide (id int primary key, a int, b int, note text);"
    "insert into wide select g, g, g % 7, md5(g::text) from generate_series(1, 60000) g;"
    "analyze wide"
)
LARGE = (
    WIDE,
    "insert into wide select g, g, g, md5(g::text) from generate_series(60001, 250000) g",
)
#: A thousand blocks that are read in a millisecond: each holds a dozen rows.
SPARSE = (
    "create table wide (id int primary key, a int, b int, note text) with (fillfactor = 10);"
    "insert into wide select g, g, g % 7, md5(g::text) from generate_series(1, 12000) g;"
    "analyze wide",
)
NO_AUTOVACUUM = "alter table child set (autovacuum_enabled = off)"


def refused(function: str) -> str:
    """A hardened server: nobody but its owner may call this function of the catalogue."""
    return f"revoke execute on function pg_catalog.{function} from public"


def times(count: int, *statements: str) -> Callable[[Any], None]:
    """Run statements often enough to be recorded, in a session that then ends."""

    def traffic(database: Any) -> None:
        with database.session() as connection:
            for _ in range(count):
                for statement in statements:
                    connection.execute(statement)

    return traffic


def inserts_with_a_trigger(database: Any) -> None:
    """Each of a hundred inserts counts a large table in a trigger."""
    body = "begin perform count(*) from wide; return new; end"
    with database.session() as connection:
        connection.execute("create table seen (n bigint)")
        connection.execute(
            f"create function count_wide() returns trigger language plpgsql as '{body}'"
        )
        connection.execute(
            "create trigger count_wide before insert on seen"
            " for each row execute function count_wide()"
        )
        for _ in range(100):
            connection.execute("-- one more\n/* of many */ insert into seen values (1)")


#: Version 17 moved the figures of the checkpointer into a view of its own.
FORGET_CHECKPOINTS = (
    "select pg_stat_reset_shared(case when current_setting('server_version_num')::int < 170000"
    " then 'bgwriter' else 'checkpointer' end)"
)
REQUESTED_BEFORE_17 = "select checkpoints_req from pg_stat_bgwriter"
REQUESTED = "select num_requested from pg_stat_checkpointer"


def requested_checkpoints(database: Any) -> int:
    with database.session() as connection:
        old = connection.info.server_version < 170000
        (count,) = connection.execute(REQUESTED_BEFORE_17 if old else REQUESTED).fetchone()
    return int(count)


def twelve_checkpoints(database: Any) -> None:
    """The checkpointer answers a CHECKPOINT before it reports it, so one of before may count."""
    times(12, "checkpoint")(database)
    until(lambda: requested_checkpoints(database) >= 12, "the twelfth checkpoint to be reported")


def no_checkpoints(database: Any) -> None:
    """A checkpoint of an earlier test may be reported after the figures were forgotten."""

    def forgotten() -> bool:
        database.execute(FORGET_CHECKPOINTS)
        return requested_checkpoints(database) == 0

    until(forgotten, "the last checkpoint to be reported")


def spill(database: Any) -> None:
    """Sort more than fits into memory; the rest only shows that the server is in use."""
    sort = "select count(*) from (select 1 from wide order by note offset 0) s"
    times(1, "set work_mem = '64kB'", *[sort] * 8, *["select 1"] * 100)(database)


def look_ups(database: Any) -> None:
    """The pattern: a list, then one lookup for each of its rows."""
    with database.session() as connection:
        for _ in range(5):
            rows = connection.execute("select id from parent order by id limit 40").fetchall()
            for row in rows:
                connection.execute("select note from child where parent_id = %s limit 1", row)


@contextmanager
def open_transaction(database: Any) -> Iterator[None]:
    with database.session("begin", "select 1"):
        time.sleep(1.1)
        yield


@contextmanager
def other_session(database: Any) -> Iterator[None]:
    with database.session("select 1"):
        yield


def own_setting(text: str) -> Callable[[Any], None]:
    """Give the database a setting of its own; roles are shared by all databases of the server."""

    def traffic(database: Any) -> None:
        with database.session() as connection:
            (name,) = connection.execute("select current_database()").fetchone()
            connection.execute(f'alter database "{name}" set {text}')

    return traffic


@contextmanager
def busy_session(database: Any) -> Iterator[None]:
    with psycopg.connect(database.dsn("postgres"), autocommit=True) as busy:

        def work() -> None:
            with suppress(psycopg.errors.QueryCanceled):
                busy.execute("select pg_sleep(20)")

        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.3)
        yield
        busy.cancel()
        thread.join()


@contextmanager
def queue(database: Any) -> Iterator[None]:
    """One holds the lock, two wait behind one another."""
    with database.session("begin", "lock table parent") as holder:
        waiters = [psycopg.connect(database.dsn("postgres"), autocommit=True) for _ in range(2)]
        for waiter in waiters:
            waiter.pgconn.send_query(b"lock table parent; select 1")
        waiters[0].pgconn.flush(), waiters[1].pgconn.flush()
        time.sleep(1.3)
        yield
        holder.execute("rollback")
    for waiter in waiters:
        waiter.close()


@contextmanager
def prepared(database: Any) -> Iterator[None]:
    with database.session("begin", "select txid_current()", "prepare transaction 'forgotten'"):
        pass
    time.sleep(1.1)
    yield
    database.execute("rollback prepared 'forgotten'")


def failed_build(database: Any) -> None:
    with pytest.raises(psycopg.Error):
        database.execute("create unique index concurrently broken on child (parent_id)")


def many_sessions(database: Any) -> None:
    """Connect for one statement, again and again; a session counts when it has ended."""
    for _ in range(30):
        times(1, "select 1")(database)
    time.sleep(0.5)


TENANT = "create function tenant() returns int language sql stable as 'select 3'"
RLS = "alter table wide enable row level security; analyze wide"
FK = (PARENT, CHILD)
INDEXED = (*FK, "create index on child (parent_id)")
HUNDRED = times(100, "select 1")
