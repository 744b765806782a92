"""Servers that log every statement, started once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.servers.engines import require_or_skip
from tests.diagnosis.sqllog.logged_servers import LoggedMariadb, LoggedPostgres, mariadb, postgres


@pytest.fixture(scope="session")
def postgres_log() -> Iterator[LoggedPostgres]:
    require_or_skip("postgres")
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_log() -> Iterator[LoggedMariadb]:
    require_or_skip("mariadb")
    with mariadb() as server:
        yield server
