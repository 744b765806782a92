"""Databases made in a moment on a running server, and questions put to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
from backend_performance.diagnosis import Evidence, Run
from backend_performance.diagnosis.postgres.run import run_postgres

from harness.servers.postgres import PostgresServer, postgres_server
from harness.servers.waiting import until
from tests.probe_cases import find, with_thresholds

ROLES = """
create role probe login in role pg_monitor;
create role reader login in role pg_monitor, pg_read_all_data;
create role nobody_special login
"""
#: No autovacuum in between: what a test planted stays until the probe has seen it.
#: No standby: the background writer would record snapshots for it in the log.
QUIET = {
    "autovacuum_naptime": "1h",
    "max_prepared_transactions": "5",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
WELL_KEPT = QUIET | {
    "fsync": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
    "effective_cache_size": "6GB",
    "random_page_cost": "1.1",
    "track_io_timing": "on",
    "log_min_duration_statement": "500ms",
    "log_lock_waits": "on",
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "1min",
}


@dataclass(frozen=True)
class Database:
    """A database of its own on a running server."""

    server: PostgresServer
    name: str

    def dsn(self, role: str = "probe") -> str:
        return self.server.dsn(role, self.name)

    def execute(self, *statements: str) -> None:
        """Run statements as superuser, each in a session of its own.

        A session reports its statistics late, at the latest when it ends: an UPDATE and a VACUUM
        of the same session may be counted in the wrong order.
        """
        for statement in statements:
            for part in statement.split(";"):
                with self.session(part):
                    pass

    @contextmanager
    def session(self, *statements: str, role: str = "postgres") -> Iterator[Any]:
        """Keep a session open that has run the statements; afterwards it has reported all."""
        with psycopg.connect(self.dsn(role), autocommit=True) as connection:
            process = connection.info.backend_pid
            for statement in statements:
                connection.execute(statement)
            yield connection
        # Closing does not wait for the server's process, which reports on its way out.
        with psycopg.connect(self.server.dsn(), autocommit=True) as observer:
            until(lambda: not runs(observer, process), f"the end of session {process}")

    def run(self, role: str = "probe", **options: Any) -> Run:
        return run_postgres(self.dsn(role), **options)

    def ask(
        self,
        probe: str,
        role: str = "probe",
        thresholds: dict[str, str] | None = None,
        **options: Any,
    ) -> Evidence:
        """Return one probe's evidence; ``thresholds`` replaces text of its rules."""
        probes = (with_thresholds(find("postgres", probe), thresholds or {}),)
        (evidence,) = self.run(role, probes=probes, **options).evidence
        return evidence


@contextmanager
def started(settings: dict[str, str], **options: Any) -> Iterator[PostgresServer]:
    with postgres_server(settings, **options) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute(ROLES)
        yield server


def runs(observer: psycopg.Connection, process: int) -> bool:
    query = "select 1 from pg_stat_activity where pid = %s"
    return observer.execute(query, [process]).fetchone() is not None


_numbers = count(1)


def make_database(server: PostgresServer, *statements: str) -> Database:
    database = Database(server, f"test_{next(_numbers)}")
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"create database {database.name}")
    if server.installation.has_pg_stat_statements:
        database.execute("create extension pg_stat_statements")
    database.execute(*statements)
    return database
