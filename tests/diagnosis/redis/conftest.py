"""Servers of both flavours; they start in a moment, so each test has its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from harness.servers.engines import require_or_skip

# Not "redis": without the driver that would be this folder.
pytest.importorskip("redis.connection", reason="the driver is not installed")


@pytest.fixture(params=["redis", "valkey"])
def start(request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Start a server with settings; it ends with the test."""
    from tests.diagnosis.redis.redis_servers import started

    installation = require_or_skip(request.param)
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(
            started(installation, {k.replace("_", "-"): v for k, v in settings.items()})
        )
