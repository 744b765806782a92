"""What is planted for a probe: tables, traffic and sessions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

from tests.diagnosis.mysql.mysql_servers import Database, pymysql

DIGITS = "(select 0 d union select 1 union select 2 union select 3 union select 4 union select 5" \
    " union select 6 union select 7 union select 8 union select 9)"  # fmt: skip


def numbers(digits: int) -> str:
    """Rows with the numbers below a power of ten, in a column n."""
    names = "abcdefgh"[:digits]
    total = " + ".join(f"{name}.d * {10**place}" for place, name in enumerate(names))
    tables = ", ".join(f"{DIGITS} {name}" for name in names)
    return f"(select {total} as n from {tables}) numbers"


COUNTER = "create table counter (n int); insert into counter values (1)"
ONE = "create table one (id int primary key); insert into one values (1)"
WIDE = (
    "create table wide (id int primary key, a int, b int, note text);"
    f"insert into wide select n, n, n % 7, sha2(n, 224) from {numbers(4)};"
    f"insert into wide select n + 10000, n, n % 7, sha2(n, 224) from {numbers(4)};"
    "analyze table wide"
)
PARENT = f"create table parent (id int primary key); insert into parent select n from {numbers(2)}"
CHILD = (
    "create table child (id int primary key, parent_id int, note text, key (parent_id));"
    f"insert into child select n, n % 100, 'x' from {numbers(3)}"
)
PLAIN = "create table plain (id int primary key auto_increment, a int)"


def times(count: int, *statements: str) -> Callable[[Database], None]:
    def traffic(database: Database) -> None:
        with database.session() as cursor:
            for _ in range(count):
                for statement in statements:
                    cursor.execute(statement)
                    cursor.fetchall()

    return traffic


def look_ups(database: Database) -> None:
    """The pattern: a list, then one lookup for each of its rows."""
    with database.session() as cursor:
        for _ in range(5):
            cursor.execute("select id from parent order by id limit 40")
            for (parent,) in cursor.fetchall():
                cursor.execute("select note from child where parent_id = %s limit 1", (parent,))


def to_disk(database: Database) -> None:
    """MySQL 8 keeps such a table in memory, unless it uses the engine of old."""
    old = (
        ("set internal_tmp_mem_storage_engine = MEMORY",)
        if database.server.flavour == "mysql"
        else ()
    )
    with database.session(*old) as cursor:
        for _ in range(100):
            cursor.execute("select note, count(*) from child group by note")


@contextmanager
def open_transaction(database: Database) -> Iterator[None]:
    with database.session("begin", "select * from one"):
        time.sleep(2.1)
        yield


@contextmanager
def old_versions_kept(database: Database) -> Iterator[None]:
    """An open view of the past, while each of many transactions leaves an old row version."""
    with database.session("start transaction with consistent snapshot", "select * from one"):
        times(300, "update counter set n = n + 1")(database)
        with database.session("select 1"):
            yield


@contextmanager
def other_session(database: Database) -> Iterator[None]:
    with database.session("select 1"):
        yield


def queue(held: str, wanted: str) -> Callable[[Database], AbstractContextManager]:
    """One session holds the lock, another waits for it."""

    @contextmanager
    def during(database: Database) -> Iterator[None]:
        def wait() -> None:
            with suppress(pymysql.Error), database.session(wanted):
                pass

        with database.session("begin", held) as holder:
            waiter = threading.Thread(target=wait)
            waiter.start()
            time.sleep(2.3)
            yield
            holder.execute("rollback")
        waiter.join()

    return during


ROW_QUEUE = queue("update one set id = 2", "update one set id = 3")
TABLE_QUEUE = queue("select * from one", "alter table one add column b int")


HUNDRED = times(100, "select id from one where id = 1")
FULL = times(100, "select id from wide where note = 'y'")
NO_WEEK = {"uptime_days < 7": "uptime_days < 0"}
