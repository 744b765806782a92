"""The lease of the caching page, when it is needed: a slow source, a failing one, a late write."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from harness.servers.engines import require_or_skip
from harness.servers.redis import redis_server
from tests.knowledge.behaviour.page_code import run

pytestmark = pytest.mark.server
PAGE = "references/caching-patterns.md#lease"
READERS = 50


class DownError(Exception):
    pass


@pytest.fixture
def cache() -> Iterator[Any]:
    redis = pytest.importorskip("redis", reason="the driver is not installed")
    with redis_server(installation=require_or_skip("redis")) as server:
        client = redis.Redis(port=server.port)
        yield client
        client.close()


def outcomes(work: Any) -> list[Any]:
    """Run fifty readers at once; an exception counts as its type."""

    def one(_: int) -> Any:
        try:
            return work()
        except Exception as error:
            return type(error).__name__

    with ThreadPoolExecutor(READERS) as readers:
        return list(readers.map(one, range(READERS)))


@pytest.mark.parametrize("load_s", [0.1, 2.0])
def test_one_reader_loads_and_all_get_the_value_also_from_a_slow_source(cache, load_s):
    read = run(PAGE, "SETTLE")["read"]
    calls = []

    def load() -> int:
        calls.append(1)
        time.sleep(load_s)
        return 42

    assert outcomes(lambda: read(cache, "{k}", load)) == [42] * READERS
    assert len(calls) == 1
    assert cache.exists("{k}:lease") == 0


def test_a_failing_source_is_asked_once_and_the_others_fail_fast(cache):
    read = run(PAGE, "SETTLE")["read"]
    calls = []

    def load() -> int:
        calls.append(1)
        time.sleep(0.2)
        raise DownError

    found = outcomes(lambda: read(cache, "{k}", load))
    assert len(calls) == 1
    assert found.count("DownError") == 1 and found.count("SourceFailed") == READERS - 1


def test_a_fill_that_began_before_the_write_is_refused(cache):
    scope = run(PAGE, "SETTLE")

    def load() -> str:
        scope["invalidate"](cache, "{k}")  # the write commits while the old row is on its way
        return "old"

    assert scope["read"](cache, "{k}", load) == "old"
    assert cache.get("{k}") is None
