"""The analytics service's ledger in MariaDB, with sessions that hold and wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from harness.servers.mariadb import MariadbServer

_SCHEMA = Path(__file__).parent / "ledger.sql"


@contextmanager
def running(server: MariadbServer) -> Iterator[str]:
    """Yield the probing role's address while sessions hold, wait and idle."""
    import pymysql

    def connect(**options: Any) -> Any:
        options = {"unix_socket": str(server.socket), "user": "root", **options}
        connection = pymysql.connect(**options)
        stack.callback(lambda: _close(connection))
        return connection

    with ExitStack() as stack:
        admin = connect(autocommit=True)
        with admin.cursor() as cursor:
            for statement in _SCHEMA.read_text(encoding="utf-8").split(";\n"):
                if statement.strip():
                    cursor.execute(statement)
        _past_traffic(connect(autocommit=True, database="ledger"))
        _peak(server)
        for _ in range(4):
            connect(database="ledger", autocommit=True)
        # The first to close, so that those who wait for it end before they are closed.
        stack.callback(_close, _present(connect))
        yield f"mysql://probe:ledger-5d1c@127.0.0.1:{server.port}/ledger"


def _close(connection: Any) -> None:
    with suppress(Exception):
        connection.close()


def _past_traffic(app: Any) -> None:
    with app.cursor() as cursor:
        for n in range(60):
            cursor.execute(f"select id, total from invoices where number = {100000 + n}")
            cursor.fetchall()
            cursor.execute(f"select name from currencies where rate > {n}")
            cursor.fetchall()
        for _ in range(30):
            cursor.execute("select note, count(*) from invoice_lines group by note")
            cursor.fetchall()
            cursor.execute("select id from invoices order by rand() limit 3")
            cursor.fetchall()
        for n in range(200):
            cursor.execute(f"update page_counters set hits = hits + 1 where id = {1 + n % 50}")
            cursor.execute(f"insert into usage_log values ({n}, 'x')")


def _peak(server: MariadbServer) -> None:
    """Use every connection that the server allows, once."""
    import pymysql

    kept = []
    with suppress(pymysql.err.OperationalError):
        while len(kept) < 200:
            kept.append(pymysql.connect(unix_socket=str(server.socket), user="app", password="a"))
    for each in kept:
        each.close()
    time.sleep(0.3)


def _present(connect: Any) -> Any:
    """Return a session with an open transaction: an UPDATE and an ALTER wait for its locks."""
    holder = connect(database="ledger")
    with holder.cursor() as cursor:
        cursor.execute("update invoices set total = total + 1 where id = 5")
        cursor.execute("select name from currencies limit 1")
    for statement in (
        "update invoices set total = 0 where id = 5",
        "alter table currencies add column sign varchar(3)",
    ):
        waiter = connect(database="ledger", autocommit=True)
        threading.Thread(target=_wait, args=(waiter, statement), daemon=True).start()
    time.sleep(1)
    return holder


def _wait(connection: Any, statement: str) -> None:
    with suppress(Exception), connection.cursor() as cursor:
        cursor.execute(statement)
