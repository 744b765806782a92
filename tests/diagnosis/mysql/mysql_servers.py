"""Servers of both flavours, databases made in a moment on them, and questions put to them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pymysql
from backend_performance.diagnosis import Evidence, Run
from backend_performance.diagnosis.mysql.run import run_mysql

from harness.servers.child import (
    foreground,
    free_port,
    run_step,
    temporary_directory,
    unprivileged_account,
)
from harness.servers.lookup import installed
from harness.servers.mariadb import SEARCH_PATH, answers, mariadb_server
from tests.probe_cases import find, with_thresholds

RECORDING = {"performance-schema": "ON"}
WELL_KEPT = RECORDING | {
    "innodb-doublewrite": "ON",
    "innodb-flush-log-at-trx-commit": "1",
    "innodb-buffer-pool-size": "256M",
    "innodb-log-file-size": "128M",
    "slow-query-log": "ON",
    "long-query-time": "0.5",
}
#: `probe` is as the help of the command says; `blind` sees no schema, `alone` no other session.
ROLES = (
    "create user probe@localhost, blind@localhost, alone@localhost, reader@localhost",
    "grant process on *.* to probe@localhost",
    "grant process on *.* to blind@localhost",
    "grant select on performance_schema.* to probe@localhost",
    "grant select on performance_schema.* to blind@localhost",
    "grant select on performance_schema.* to alone@localhost",
    "create user keeper@localhost identified by 'S3cret/p@ss word'",
    "grant process on *.* to keeper@localhost",
)
_numbers = count(1)


@dataclass(frozen=True)
class Server:
    """A running server and its flavour."""

    socket: Path
    flavour: str
    version: str

    def connection(self, **options: Any) -> Any:
        return pymysql.connect(
            unix_socket=str(self.socket), **{"user": "root", "autocommit": True} | options
        )


@dataclass(frozen=True)
class Database:
    """A schema of its own on a running server."""

    server: Server
    name: str

    def dsn(self, role: str = "probe", password: str = "") -> str:
        user = role + (f":{quote(password, safe='')}" if password else "")
        schema = "" if role == "blind" else self.name
        return f"mysql://{user}@localhost/{schema}?unix_socket={self.server.socket}"

    def execute(self, *statements: str) -> None:
        with self.session(*statements):
            pass

    @contextmanager
    def session(self, *statements: str, user: str = "root") -> Iterator[Any]:
        """Keep a session open that has run the statements."""
        with self.server.connection(user=user, database=self.name) as connection:
            cursor = connection.cursor()
            for statement in statements:
                for part in statement.split(";"):
                    cursor.execute(part)
            yield cursor

    def run(self, role: str = "probe", **options: Any) -> Run:
        return run_mysql(self.dsn(role), **options)

    def ask(
        self,
        probe: str,
        role: str = "probe",
        thresholds: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Evidence:
        """Return one probe's evidence; ``thresholds`` replaces text of its rules."""
        probes = (with_thresholds(find("mysql", probe), thresholds or {}),)
        (evidence,) = self.run(role, probes=probes, **options).evidence
        return evidence


def make_database(server: Server, *statements: str) -> Database:
    database = Database(server, f"shop_{next(_numbers)}")
    with server.connection() as connection:
        cursor = connection.cursor()
        cursor.execute(f"create database {database.name}")
        for role in ("probe", "alone", "reader", "keeper"):
            cursor.execute(f"grant select on {database.name}.* to {role}@localhost")
    database.execute(*statements)
    return database


@contextmanager
def mariadb(settings: Mapping[str, str]) -> Iterator[Server]:
    with mariadb_server(settings) as running:
        server = Server(running.socket, "mariadb", running.installation.version)
        with server.connection() as connection:
            for statement in ROLES:
                connection.cursor().execute(statement)
        yield server


def find_mysql() -> Path | None:
    """Oracle's server: Debian's stable release has none, so it may be named by a variable."""
    named = os.environ.get("MYSQLD")
    for binary in (Path(named) if named else None, installed("mysqld", path=SEARCH_PATH)):
        if binary and "MariaDB" not in _version(binary):
            return binary
    return None


def _version(binary: str | Path) -> str:
    done = subprocess.run([binary, "--no-defaults", "--version"], capture_output=True, text=True)
    return done.stdout


#: The same for Oracle's server, where the redo log has another name.
WELL_KEPT_MYSQL = {
    name: value for name, value in WELL_KEPT.items() if name not in ("innodb-log-file-size",)
} | {"innodb-redo-log-capacity": "256M"}
QUICK = {"innodb-doublewrite": "OFF", "innodb-flush-log-at-trx-commit": "0"}


@contextmanager
def mysql(binary: Path, settings: Mapping[str, str] = QUICK) -> Iterator[Server]:
    account = unprivileged_account("mysql")
    with temporary_directory("bp-o-", account) as directory:
        data = f"--datadir={directory / 'data'}"
        messages = os.environ.get("MYSQLD_MESSAGES")
        place = [data, "--secure-file-priv=NULL"]
        place += [f"--lc-messages-dir={messages}"] if messages else []
        run_step([binary, "--no-defaults", "--initialize-insecure", *place], directory, account)
        socket = directory / "m.sock"
        argv = [
            binary,
            "--no-defaults",
            *place,
            f"--socket={socket}",
            f"--port={free_port()}",
            "--bind-address=127.0.0.1",
            "--mysqlx=OFF",
            "--skip-log-bin",
            f"--pid-file={directory / 'pid'}",
            *(f"--{name}={value}" for name, value in settings.items()),
        ]
        with foreground(argv, directory, account, lambda: answers(socket)):
            found = re.search(r"Ver (\d+[\d.]*)", _version(binary))
            server = Server(socket, "mysql", found.group(1) if found else "")
            with server.connection() as connection:
                for statement in ROLES:
                    connection.cursor().execute(statement)
            yield server
