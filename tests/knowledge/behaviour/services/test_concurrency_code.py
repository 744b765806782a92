"""The concurrency page's code at its limits: shed, reject, count, time out."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import Any

import pytest

from harness.servers.engines import require_or_skip
from harness.servers.redis import redis_server
from tests.knowledge.behaviour.page_code import run

PAGE = "references/concurrency.md"


def test_a_full_instance_rejects_at_once_and_recovers() -> None:
    limit = run(f"{PAGE}#load-shedding-and-concurrency-limits", "class Limit")["Limit"](3)

    async def handler() -> tuple[int, dict[str, str]]:
        await asyncio.sleep(0.1)
        return 200, {}

    async def burst() -> list[Any]:
        first = await asyncio.gather(*(limit.run(handler) for _ in range(10)))
        return [*first, await limit.run(handler)]

    codes = [code for code, _ in asyncio.run(burst())]
    assert codes.count(200) == 4 and codes.count(503) == 7
    assert codes[-1] == 200


def test_a_slow_dependency_holds_no_more_than_its_bulkhead() -> None:
    code = run(f"{PAGE}#bulkheads", "class Bulkhead")
    inside, most = 0, 0

    async def slow() -> None:
        nonlocal inside, most
        inside, most = inside + 1, max(most, inside + 1)
        await asyncio.sleep(0.3)
        inside -= 1

    async def burst() -> list[Any]:
        bulkhead = code["Bulkhead"](5)
        calls = (bulkhead.run(slow) for _ in range(40))
        return await asyncio.gather(*calls, return_exceptions=True)

    started = time.monotonic()
    found = asyncio.run(burst())
    assert most == 5
    assert sum(isinstance(each, TimeoutError) for each in found) == 35
    assert time.monotonic() - started < 2


@pytest.mark.server
def test_a_counter_never_lives_without_an_end() -> None:
    redis = pytest.importorskip("redis", reason="the driver is not installed")
    allowed = run(f"{PAGE}#rate-limiting-and-throttling", "ALLOW")["allowed"]
    with (
        redis_server(installation=require_or_skip("redis")) as server,
        redis.Redis(port=server.port) as cache,
    ):
        answers = [allowed(cache, "tenant-7", limit=3, window_ms=60_000) for _ in range(5)]
        assert answers == [True, True, True, False, False]
        assert cache.pttl("rate:tenant-7") > 0


@pytest.mark.slow
def test_a_third_party_that_never_answers_ends_at_the_timeout() -> None:
    httpx = pytest.importorskip("httpx", reason="httpx is not installed")
    third_party = run(f"{PAGE}#defaults-of-data-clients", "def third_party")["third_party"]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with third_party(url) as client, pytest.raises(httpx.ReadTimeout):
            started = time.monotonic()
            client.get("/")
    assert 1.5 < time.monotonic() - started < 10
