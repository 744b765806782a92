"""Servers for statements of the knowledge base that a server can confirm or refute."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import count
from typing import Any

import pytest

from harness.servers.engines import require_or_skip

#: Short waits, so that what happens after a timeout happens within a test.
SETTINGS = {
    "deadlock_timeout": "200ms",
    "autovacuum_naptime": "1s",
    "max_prepared_transactions": "4",
    "wal_level": "logical",
    # What waits forever fails instead of holding up the run.
    "statement_timeout": "60s",
}
_numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    pytest.importorskip("psycopg")
    require_or_skip("postgres")
    from harness.servers.postgres import postgres_server

    with postgres_server(SETTINGS) as running:
        yield running


@pytest.fixture
def connect(server: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that connects, in autocommit, to one new database per test."""
    import psycopg

    name = f"behaviour_{next(_numbers)}"
    with psycopg.connect(server.superuser_dsn, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    with ExitStack() as stack:

        def connected(*statements: str, **options: Any) -> Any:
            dsn = server.dsn(database=name)
            made = stack.enter_context(closing(psycopg.connect(dsn, autocommit=True, **options)))
            for statement in statements:
                made.execute(statement)
            return made

        yield connected


@pytest.fixture(scope="session")
def mariadb_running() -> Iterator[Any]:
    pytest.importorskip("pymysql")
    require_or_skip("mariadb")
    from harness.servers.mariadb import mariadb_server

    with mariadb_server() as running:
        yield running


@pytest.fixture
def mariadb(mariadb_running: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a cursor, in autocommit, in one new schema per test."""
    import pymysql

    name = f"behaviour_{next(_numbers)}"
    with pymysql.connect(**mariadb_running.parameters()) as admin:
        admin.cursor().execute(f"CREATE DATABASE {name}")
    with ExitStack() as stack:

        def cursor(*statements: str) -> Any:
            made = stack.enter_context(
                pymysql.connect(**mariadb_running.parameters(), autocommit=True)
            ).cursor()
            made.execute(f"USE {name}")
            for statement in statements:
                made.execute(statement)
            return made

        yield cursor
