"""Real servers that log every statement, and traffic whose faults are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from harness.servers.mariadb import MariadbServer, mariadb_server
from harness.servers.postgres import PostgresServer, postgres_server
from harness.servers.waiting import until

SECRET = "hunter2-of-the-customer"
SCHEMA = (
    "create table parents (id int primary key, name varchar(80))",
    "create table children (id int primary key, parent_id int, note varchar(80))",
)
#: Every lookup takes 4 ms, so that twenty are beyond the 50 ms of the rule on any machine.
SLOW = {"postgres": "(select pg_sleep(0.004)) is not null", "mariadb": "(select sleep(0.004)) = 0"}


@dataclass(frozen=True)
class LoggedPostgres:
    server: PostgresServer
    folder: Path
    name = "postgres"

    def connect(self, **options: Any) -> Any:
        import psycopg

        return psycopg.connect(self.server.dsn(), **options)

    def record(self, suffix: str, traffic: Callable[[Any], None], target: Path) -> Path:
        """Return a log file of nothing but what ``traffic`` did with a connection."""
        with self.connect() as connection:
            return _recorded(
                self.folder / f"all.{suffix}", target, connection, lambda: traffic(connection)
            )


@dataclass(frozen=True)
class LoggedMariadb:
    server: MariadbServer
    folder: Path
    name = "mariadb"

    def connect(self, **options: Any) -> Any:
        import pymysql

        return pymysql.connect(**self.server.parameters(), **options)

    def record(self, kind: str, traffic: Callable[[Any], None], target: Path) -> Path:
        with self.connect() as connection:
            return _recorded(
                self.folder / f"{kind}.log", target, connection, lambda: traffic(connection)
            )


def _recorded(log: Path, target: Path, connection: Any, traffic: Callable[[], None]) -> Path:
    begin, end = (f"mark-{uuid4().hex}" for _ in range(2))
    _mark(connection, begin)
    start = _position(log, begin)
    traffic()
    _mark(connection, end)
    stop = _position(log, end)
    with log.open("rb") as stream:
        stream.seek(start)
        target.write_bytes(stream.read(stop - start))
    return target


def _mark(connection: Any, text: str) -> None:
    connection.commit()
    with connection.cursor() as cursor:
        cursor.execute(f"select '{text}'")
    connection.commit()


def _position(log: Path, mark: str) -> int:
    """The end of the line that follows the mark, as soon as the server has written it."""

    def end() -> int:
        data = log.read_bytes() if log.exists() else b""
        found = data.find(mark.encode())
        return data.find(b"\n", found) + 1 if found >= 0 else 0

    until(end, f"{mark} in {log}")
    return end()


@contextmanager
def postgres() -> Iterator[LoggedPostgres]:
    settings = {
        "logging_collector": "on",
        "log_destination": "csvlog,jsonlog,stderr",
        "log_directory": "log",
        "log_filename": "all.log",
        "log_min_duration_statement": "0",
        "log_rotation_size": "0",
    }
    with postgres_server(settings) as server:
        logged = LoggedPostgres(server, server.directory / "data" / "log")
        _fill(logged)
        yield logged


@contextmanager
def mariadb() -> Iterator[LoggedMariadb]:
    settings = {
        "general-log": "1",
        "general-log-file": "general.log",
        "slow-query-log": "1",
        "slow-query-log-file": "slow.log",
        "long-query-time": "0",
        "log-output": "FILE",
    }
    with mariadb_server(settings) as server:
        logged = LoggedMariadb(server, server.directory / "data")
        _fill(logged)
        yield logged


def _fill(logged: Any) -> None:
    with logged.connect() as connection:
        with connection.cursor() as cursor:
            for statement in SCHEMA:
                cursor.execute(statement)
            for n in range(1, 61):
                cursor.execute("insert into parents values (%s, %s)", (n, f"{SECRET} {n}"))
                cursor.execute(
                    "insert into children values (%s, %s, %s)", (n, n % 20, f"{SECRET}'s \\ {n}")
                )
        connection.commit()


class Traffic:
    """What an application does in one transaction, by the name of its fault."""

    def __init__(self, engine: str, count: int = 25, comment: str = "") -> None:
        self.slow, self.count, self.comment = SLOW[engine], count, comment

    def run(self, connection: Any, sql: str, parameters: tuple = ()) -> list:
        with connection.cursor() as cursor:
            cursor.execute(sql + self.comment, parameters)
            return list(cursor.fetchall()) if cursor.description else []

    def n_plus_one(self, connection: Any) -> None:
        rows = self.run(connection, "select id from parents where name like %s", (f"{SECRET}%",))
        for (number,) in rows[: self.count]:
            self.run(
                connection,
                f"select note from children where id = %s and note <> %s and {self.slow}",
                (number, f"{SECRET} it's"),
            )
        connection.commit()

    def repeated(self, connection: Any) -> None:
        for _ in range(self.count):
            self.run(connection, f"select name from parents where id = %s and {self.slow}", (7,))
            self.run(connection, "select count(*) from children where id < %s", (5,))
        connection.commit()

    def write_loop(self, connection: Any) -> None:
        for n in range(self.count):
            self.run(
                connection,
                f"update children set note = %s where id = %s and {self.slow}",
                (f"{SECRET} {n}", n + 1),
            )
        connection.commit()

    def clean(self, connection: Any) -> None:
        for n in range(4):
            ids = [i for (i,) in self.run(connection, "select id from parents where id < %s", (9,))]
            marks = ", ".join(["%s"] * len(ids))
            self.run(connection, f"select * from children where parent_id in ({marks})", tuple(ids))
            self.run(connection, "select name from parents where id = %s", (n,))
            self.run(connection, "insert into children values (%s, 1, 'x')", (1000 + n,))
            self.run(connection, "delete from children where id = %s", (1000 + n,))
            self.run(connection, "select max(id) from children where parent_id > %s", (n,))
            connection.commit()
