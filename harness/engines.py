"""Is the engine here? Locally its absence skips; on CI it fails, so that nothing rots unseen."""

from __future__ import annotations

import os
import shutil
from typing import Any

from harness import browser
from harness.mariadb_server import find_mariadb
from harness.postgres_server import find_postgres
from harness.prometheus_server import find_prometheus
from harness.redis_server import find_redis

FINDERS = {
    "postgres": (find_postgres, "install postgresql (apt-get install postgresql)"),
    "mariadb": (find_mariadb, "install mariadb-server (apt-get install mariadb-server)"),
    "redis": (find_redis, "install redis-server (apt-get install redis-server)"),
    "prometheus": (find_prometheus, "install prometheus (apt-get install prometheus)"),
    "chromium": (browser.find, "install chromium (apt-get install chromium)"),
    "node": (lambda: shutil.which("node"), "install Node.js 20 or later"),
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
    import pytest

    try:
        return require(name)
    except EngineMissing as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))
