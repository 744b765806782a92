"""Real servers, each started once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.servers.engines import require_or_skip
from tests.diagnosis.asked_systems import call, systems  # noqa: F401


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    from tests.diagnosis.postgres.postgres_databases import QUIET, started

    require_or_skip("postgres")
    with started(QUIET) as running:
        yield running


@pytest.fixture(scope="session")
def well_kept_server() -> Iterator[Any]:
    from tests.diagnosis.postgres.postgres_databases import WELL_KEPT, started

    require_or_skip("postgres")
    with started(WELL_KEPT) as running:
        yield running


@pytest.fixture
def new_database(server: Any) -> Callable[..., Any]:
    from tests.diagnosis.postgres.postgres_databases import make_database

    return lambda *statements: make_database(server, *statements)
