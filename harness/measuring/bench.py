"""The engines of one measuring run: each started once, on first use, with stated settings."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from types import TracebackType

import psycopg
import pymysql
import redis

from harness.servers.engines import require
from harness.servers.mariadb import MariadbServer, mariadb_server
from harness.servers.network import Network
from harness.servers.postgres import THROW_AWAY, PostgresServer, postgres_server
from harness.servers.redis import RedisServer, redis_server

#: Seconds added to each round trip where a case mentions the network: one availability zone.
ROUND_TRIP = 0.0005

# Background work and parallel workers would make page counts depend on the moment.
POSTGRES_SETTINGS = {
    "autovacuum": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "pg_stat_statements.track_planning": "off",
}
MARIADB_SETTINGS = {"innodb-buffer-pool-size": "256M", "innodb-stats-persistent-sample-pages": "64"}
PACKAGES = ("psycopg", "PyMySQL", "redis", "SQLAlchemy", "Django")


class Incomparable(RuntimeError):
    """This machine cannot confirm or deny the figures; says why."""


class Bench:
    """Servers for one run; a context manager that stops what it started."""

    def __init__(self) -> None:
        self._stack = ExitStack()

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @cached_property
    def postgres(self) -> PostgresServer:
        installation = require("postgres")
        if not installation.has_pg_stat_statements:
            raise Incomparable(f"PostgreSQL from {installation.source} has no pg_stat_statements")
        server = self._stack.enter_context(postgres_server(POSTGRES_SETTINGS, installation))
        with psycopg.connect(server.superuser_dsn) as connection:
            connection.execute("CREATE EXTENSION pg_stat_statements")
        return server

    @cached_property
    def mariadb(self) -> MariadbServer:
        return self._stack.enter_context(mariadb_server(MARIADB_SETTINGS, require("mariadb")))

    @cached_property
    def redis(self) -> RedisServer:
        return self._stack.enter_context(redis_server(installation=require("redis")))

    @cached_property
    def network(self) -> Network:
        """The way to PostgreSQL with `ROUND_TRIP` in it."""
        server = self.postgres
        return self._stack.enter_context(Network(server.host, server.port, ROUND_TRIP))

    def networks(self) -> list[Network]:
        """Those in use; client code is charged for all of them."""
        return [self.__dict__[n] for n in ("network", "redis_network") if n in self.__dict__]

    @cached_property
    def redis_network(self) -> Network:
        return self._stack.enter_context(Network(self.redis.host, self.redis.port, ROUND_TRIP))

    def new_database(self, case: str) -> str:
        """An empty PostgreSQL database for the case, the old one of that name dropped."""
        name = case.replace("-", "_")
        with psycopg.connect(self.postgres.superuser_dsn, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
        return name

    def new_mariadb_database(self, case: str) -> str:
        name = case.replace("-", "_")
        with pymysql.connect(**self.mariadb.parameters()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"DROP DATABASE IF EXISTS `{name}`")
            cursor.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
        return name

    def empty_redis(self) -> None:
        with redis.Redis.from_url(self.redis.socket_url) as client:
            client.flushall()


def node_version() -> str:
    done = subprocess.run([require("node"), "--version"], capture_output=True, text=True)
    return done.stdout.strip().lstrip("v")


#: Engine as fences call it → its name in the page and how to ask for its version.
ENGINES: dict[str, tuple[str, Callable[[], str]]] = {
    "postgres": ("PostgreSQL", lambda: require("postgres").version),
    "mariadb": ("MariaDB", lambda: require("mariadb").version),
    "redis": ("Redis", lambda: require("redis").version),
    "node": ("Node", node_version),
}


def describe_environment() -> str:
    found = {name: version() for name, version in ENGINES.values()}
    found["Python"] = platform.python_version()
    found |= {name: importlib.metadata.version(name) for name in PACKAGES}
    names = ", ".join(f"{name} {version}" for name, version in found.items())
    settings = ", ".join(
        f"`{name}={value}`" for name, value in (THROW_AWAY | POSTGRES_SETTINGS).items()
    )
    return (
        f"Measured on {names}; {os.cpu_count()} cores, Linux, everything on one machine and all "
        f"data in memory. PostgreSQL with {settings}, all else default. Where a case speaks of "
        f"the network, {ROUND_TRIP * 1000:g} ms are added to each round trip by a forwarder: that "
        "delay is the only thing simulated."
    )
