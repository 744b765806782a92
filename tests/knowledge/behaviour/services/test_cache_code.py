"""The caching page's code under the faults it is for: a failing source, a silent server."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from harness.servers.engines import require_or_skip
from harness.servers.redis import RedisServer, redis_server
from tests.knowledge.behaviour.page_code import run
from tests.knowledge.code_blocks import blocks

pytestmark = pytest.mark.server
redis = pytest.importorskip("redis", reason="the driver is not installed")
PAGE = "references/caching-patterns.md"
CLIENTS = 40


@pytest.fixture(scope="module")
def running() -> Iterator[RedisServer]:
    with redis_server(installation=require_or_skip("redis")) as server:
        yield server


@pytest.fixture
def cache(running: RedisServer) -> Iterator[Any]:
    with redis.Redis(port=running.port) as client:
        client.flushall()
        yield client


def test_the_locked_report_asks_a_failing_source_once(cache: Any) -> None:
    report = run("examples/cache-stampede.md#cache-stampede", "SETTLE")["report"]
    calls = []

    def load() -> int:
        calls.append(1)
        time.sleep(0.3)
        raise ConnectionError("source down")

    def ask(_: int) -> str:
        try:
            return str(report(cache, load))
        except (ConnectionError, TimeoutError) as error:
            return type(error).__name__

    started = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as clients:
        found = list(clients.map(ask, range(CLIENTS)))
    assert len(calls) == 1
    assert sorted(set(found)) == ["ConnectionError", "TimeoutError"]
    assert time.monotonic() - started < 3, "the clients queued for the source"


def test_a_lock_whose_owner_died_keeps_readers_for_its_life_only(cache: Any) -> None:
    report = run("examples/cache-stampede.md#cache-stampede", "SETTLE")["report"]
    cache.set("report:lock", "dead", px=700)
    assert report(cache, lambda: 42) == 42


def test_keys_without_an_expiry_get_one(cache: Any) -> None:
    give_ttl = run(f"{PAGE}#ttl-and-jitter", "give_ttl")["give_ttl"]
    cache.mset({f"k:{number}": 1 for number in range(500)})
    cache.set("k:short", 1, ex=30)
    give_ttl(cache, "k:*")
    lives = [cache.ttl(f"k:{number}") for number in range(500)]
    assert min(lives) > 0 and len(set(lives)) > 100
    assert cache.ttl("k:short") <= 30


def test_a_call_to_a_silent_server_ends_at_the_timeout() -> None:
    """Without the retries of the page's client it would take many times the timeout."""
    cache_client = run(f"{PAGE}#cache-clients", "def cache_client")["cache_client"]
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(redis.exceptions.TimeoutError):
            cache_client("127.0.0.1", silent.getsockname()[1]).get("k")
        assert time.monotonic() - started < 2


def test_the_client_alone_retries_by_default() -> None:
    """What the page warns of. When this fails the library has changed: change the page."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = redis.Redis(port=silent.getsockname()[1], socket_timeout=0.02)
        started = time.monotonic()
        with pytest.raises(redis.exceptions.TimeoutError):
            client.get("k")
        assert time.monotonic() - started > 0.06


def test_the_latency_monitor_is_silent_until_it_is_told(cache: Any) -> None:
    slow = """local function us() local t = redis.call('TIME') return t[1] * 1e6 + t[2] end
    local start = us() repeat until us() > start + 150000"""
    cache.config_set("latency-monitor-threshold", 0)
    cache.eval(slow, 0)
    assert cache.execute_command("LATENCY", "LATEST") == []
    assert len(cache.slowlog_get(10)) > 0
    cache.config_set("latency-monitor-threshold", 100)
    cache.eval(slow, 0)
    assert cache.execute_command("LATENCY", "LATEST") != []


@pytest.mark.parametrize(
    "block", [b for b in blocks(PAGE) if "redis-cli" in b.code], ids=lambda b: b.name
)
def test_the_commands_run_as_they_are(block: Any, running: RedisServer, tmp_path: Any) -> None:
    # The throw-away server has no configuration file that it could rewrite.
    lines = [line for line in block.code.splitlines() if "CONFIG REWRITE" not in line]
    code = "\n".join(lines).replace("redis-cli", f"redis-cli -e -p {running.port}")
    done = subprocess.run(["bash", "-ec", code], capture_output=True, text=True, cwd=tmp_path)
    assert "ERR" not in done.stdout + done.stderr
    assert done.stderr == ""
