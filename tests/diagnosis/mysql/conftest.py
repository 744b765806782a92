"""One server of each flavour for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.servers.engines import require_or_skip

pytest.importorskip("pymysql")


@pytest.fixture(scope="session", params=["mariadb", "mysql"])
def mysql_server(request: pytest.FixtureRequest) -> Iterator[Any]:
    from tests.diagnosis.mysql import mysql_servers

    if request.param == "mariadb":
        require_or_skip("mariadb")
        with mysql_servers.mariadb(mysql_servers.RECORDING) as running:
            yield running
    else:
        with mysql_servers.mysql(_mysql()) as running:
            yield running


def _mysql() -> Any:
    from tests.diagnosis.mysql import mysql_servers

    binary = mysql_servers.find_mysql()
    if binary is None:
        pytest.skip("no MySQL server here (Debian stable ships MariaDB): name one in MYSQLD")
    return binary


@pytest.fixture(scope="session")
def deaf_server() -> Iterator[Any]:
    """MariaDB as it comes: performance_schema is off."""
    from tests.diagnosis.mysql import mysql_servers

    require_or_skip("mariadb")
    with mysql_servers.mariadb({"performance-schema": "OFF"}) as running:
        yield running


@pytest.fixture(scope="session", params=["mariadb", "mysql"])
def well_kept_server(request: pytest.FixtureRequest) -> Iterator[Any]:
    from tests.diagnosis.mysql import mysql_servers

    if request.param == "mariadb":
        require_or_skip("mariadb")
        with mysql_servers.mariadb(mysql_servers.WELL_KEPT) as running:
            yield running
    else:
        with mysql_servers.mysql(_mysql(), mysql_servers.WELL_KEPT_MYSQL) as running:
            yield running


@pytest.fixture
def new_schema(mysql_server: Any) -> Callable[..., Any]:
    from tests.diagnosis.mysql.mysql_servers import make_database

    return lambda *statements: make_database(mysql_server, *statements)
