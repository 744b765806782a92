"""The analytics service's Redis: results, usage, a queue, and a forgotten MONITOR."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from harness.servers.redis import RedisServer

_SLOW = "local n = 0 for i = 1, tonumber(ARGV[1]) do n = n + i % 7 end return n"


@contextmanager
def running(server: RedisServer) -> Iterator[str]:
    """Yield the server's address while a client runs MONITOR."""
    import redis

    client = redis.Redis.from_url(server.url)
    _fill(client)
    _traffic(client, server.url)
    with client.monitor():
        yield server.url
    client.close()


def _fill(client: object) -> None:
    import redis

    assert isinstance(client, redis.Redis)
    pipe = client.pipeline(transaction=False)
    for n in range(8000):
        pipe.set(f"report:{n}", "r" * 600)
    for n in range(2000):
        pipe.set(f"rate:{n}", "1", ex=300)
    for n in range(20):
        pipe.set(f"flag:{n}", "on")
    for n in range(60_000):
        pipe.hset("usage:acme", f"day-{n}", "9" * 20)
    for n in range(0, 120_000, 1000):
        pipe.rpush("jobs:pending", *(f"job-{n + i}" for i in range(1000)))
    pipe.execute()


def _traffic(client: object, url: str) -> None:
    import redis

    assert isinstance(client, redis.Redis)
    client.config_resetstat()
    for _ in range(25):
        client.keys("report:acme:*")
    for _ in range(4):
        client.hgetall("usage:acme")
    for _ in client.scan_iter("rate:*", count=50):
        pass
    for n in range(3000):
        client.get(f"report:{n}")
    for _ in range(60):
        with suppress(redis.exceptions.NoScriptError):
            client.evalsha("0" * 40, 0)
    for _ in range(3):
        client.eval(_SLOW, 0, "30000000")
    for _ in range(1200):
        short = redis.Redis.from_url(url)
        short.get("flag:1")
        short.close()
