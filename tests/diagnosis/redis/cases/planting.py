"""What is planted for a probe: keys, commands, streams and clients."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

from harness.servers.waiting import until
from tests.diagnosis.redis.redis_servers import Server, redis

Setup = Callable[[Server], None]


def nothing(server: Server) -> None:
    pass


def filled(count: int, size: int = 10, **options: Any) -> Setup:
    def setup(server: Server) -> None:
        with server.client() as client:
            for start in range(0, count, 1000):
                pipe = client.pipeline(transaction=False)
                for number in range(start, min(start + 1000, count)):
                    pipe.set(f"cart:{number}", "x" * size, **options)
                pipe.execute(raise_on_error=False)  # a full server refuses some

    return setup


def used(*calls: tuple[Any, ...], times: int = 1) -> Setup:
    def setup(server: Server) -> None:
        with server.client() as client:
            for _ in range(times):
                for words in calls:
                    with suppress(redis.ResponseError):
                        client.execute_command(*words)

    return setup


def after(*setups: Setup) -> Setup:
    def setup(server: Server) -> None:
        for each in setups:
            each(server)

    return setup


@contextmanager
def busy(server: Server, *calls: tuple[Any, ...], reconnect: bool = False) -> Iterator[None]:
    """Send commands from another client as long as the probe looks."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            with server.client() as client, suppress(redis.ResponseError):
                for _ in range(1 if reconnect else 50):
                    if stop.is_set():
                        break
                    pipe = client.pipeline(transaction=False)
                    for words in calls * (1 if reconnect else 20):
                        pipe.execute_command(*words)
                    pipe.execute(raise_on_error=False)

    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.05)
    try:
        yield
    finally:
        stop.set()
        worker.join()


def load(*calls: tuple[Any, ...], **options: Any) -> Callable[[Server], AbstractContextManager]:
    return lambda server: busy(server, *calls, **options)


@contextmanager
def waiting(server: Server) -> Iterator[None]:
    """Workers that wait for jobs."""
    with ExitStack() as stack:
        for _ in range(12):
            client = stack.enter_context(server.client())
            client.connection_pool.get_connection().send_command("BLPOP", "jobs", "0")
        observer = stack.enter_context(server.client())
        until(lambda: observer.info("clients")["blocked_clients"] == 12, "twelve workers")
        yield


@contextmanager
def connected(server: Server) -> Iterator[None]:
    with server.client() as client:
        client.ping()
        yield


@contextmanager
def monitored(server: Server) -> Iterator[None]:
    with server.client() as client, client.monitor():
        yield


@contextmanager
def turned_away(server: Server) -> Iterator[None]:
    """More clients than the server takes, again and again while the probe looks."""
    stop = threading.Event()

    def knock() -> None:
        while not stop.is_set():
            with ExitStack() as stack, suppress(redis.RedisError):
                for _ in range(40):
                    stack.enter_context(server.client(single_connection_client=True)).ping()
            time.sleep(0.02)

    worker = threading.Thread(target=knock)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def stream(
    entries: int,
    *,
    read: int = 0,
    reads: int = 1,
    acknowledged: bool = False,
    cap: int | None = None,
) -> Setup:
    """A stream and a group that was given its first entries, again and again."""

    def setup(server: Server) -> None:
        with server.client() as client:
            pipe = client.pipeline(transaction=False)
            for number in range(entries):
                pipe.xadd("events", {"n": number}, maxlen=cap, approximate=False)
            pipe.execute()
            client.xgroup_create("events", "mailer", "0")
            given = client.xreadgroup("mailer", "one", {"events": ">"}, count=read)[0][1]
            names = [name for name, _ in given]
            for _ in range(reads - 1):
                client.xclaim("events", "mailer", "two", 0, names[:1])
            if acknowledged:
                client.xack("events", "mailer", *names)

    return setup


@dataclass(frozen=True)
class Case:
    probe: str
    verdict: str
    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    setup: Setup = nothing
    during: Callable[[Server], AbstractContextManager] = lambda server: nullcontext()
    role: str = "unknown"
    window_s: float = 0.1
    thresholds: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, int] = field(default_factory=dict)
    says: str = ""
    first: Mapping[str, Any] = field(default_factory=dict)


LIMIT = {"maxmemory": "64mb", "maxmemory_policy": "allkeys-lru"}
HITS = after(filled(10))
OLD = {"3600": "0"}
#: One in thirty stays, and with it the page of memory that held the thirty.
HOLES = after(
    filled(60000, 600),
    used(
        (
            "EVAL",
            "for n = 0, 59999 do if n % 30 > 0 then redis.call('DEL', 'cart:' .. n) end end",
            0,
        )
    ),
)
GIANT = used(("HSET", "report:2024", *[x for n in range(3000) for x in (f"field{n}", "y" * 60)]))
#: An entry deleted ahead of the group: the server cannot count what the group has not read.
HOLE_IN_STREAM = used((
    "EVAL", "local last = redis.call('XREVRANGE', 'events', '+', '-', 'COUNT', 5) "
    "redis.call('XDEL', 'events', last[3][1])", 0,
))  # fmt: skip
#: Some 30 ms. No clock: TIME stands still in a script from Redis 7.2 on, and 7.0 has no other.
SLOW_SCRIPT = ("EVAL", "local x = 0 for n = 1, 4000000 do x = x + n % 7 end", 0)
