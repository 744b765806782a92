"""A database on a PostgreSQL server of ours, with the roles that use it and one that probes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from harness.servers.postgres import PostgresServer

#: The role that asks; it may see statistics.
PROBE = "probe"


def create(server: PostgresServer, name: str, roles: Sequence[str], *settings: str) -> None:
    """Make a database and its roles; its statements are counted where the server can.

    Args:
        roles: Roles that may log in; the first of them owns the database.
        settings: Statements for the superuser, such as settings of a role, before anybody connects.
    """
    with superuser(server) as admin:
        for role in (*roles, PROBE):
            admin.execute(f"create role {role} login")
        admin.execute(f"grant pg_monitor to {PROBE}")
        admin.execute(f"create database {name} owner {roles[0]}")
        for statement in settings:
            admin.execute(statement)
    if server.installation.has_pg_stat_statements:
        with superuser(server, name) as admin:
            admin.execute("create extension pg_stat_statements")


def forget_statements(server: PostgresServer, name: str) -> None:
    """Leave only what comes from now on in the statistics of statements."""
    if server.installation.has_pg_stat_statements:
        with superuser(server, name) as admin:
            admin.execute("select pg_stat_statements_reset()")


@contextmanager
def superuser(server: PostgresServer, name: str = "postgres") -> Iterator[Any]:
    """Yield a connection of the superuser; each statement is its own transaction."""
    import psycopg

    with psycopg.connect(server.dsn(database=name), autocommit=True) as admin:
        yield admin
