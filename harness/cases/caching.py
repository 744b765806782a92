"""Cases about caches: who loads at expiry, which order leaves a stale value, what blocks Redis."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import redis as redis_driver

from harness.measuring.figures import Table, speed_up
from harness.measuring.run import CaseRun

CLIENTS = 40
INSTANCES = 4
STEADY_SECONDS, TIME_TO_LIVE = 4.0, 2.0


class Load:
    """The expensive query, counted; each call on its own connection."""

    def __init__(self, dsn: str) -> None:
        self.dsn, self.calls, self.lock = dsn, 0, threading.Lock()

    def __call__(self) -> int:
        with self.lock:
            self.calls += 1
        with psycopg.connect(self.dsn) as connection:
            return int(connection.execute("SELECT expensive_report()").fetchone()[0])  # type: ignore[index]


def stampede(run: CaseRun) -> Table:
    """Loads when all clients find the key gone at the same moment."""
    run.bench.empty_redis()
    rows = []
    for step, label, client, load in reports(run):
        report = run.namespace["report"]
        extra = flights(run) if step == "flight" else [()]
        at_once(lambda n, r=report, c=client, x=extra, k=load: r(c, k, *x[n % len(x)]))
        rows.append([label, load.calls])
    return Table.of(["Variant", "Loads per expiry"], rows)


def early_expiry(run: CaseRun) -> Table:
    """Loads while clients read on: how many depends on the moment, so the page states bounds."""
    rows = []
    for step, label, client, load in reports(run):
        report = run.namespace["report"]
        steady(lambda r=report, c=client, k=load: r(c, k))
        loads = load.calls / (STEADY_SECONDS / TIME_TO_LIVE)
        within = loads >= 20 if step == "before" else loads <= 10
        bound = "≥ 20" if step == "before" else "≤ 10"
        rows.append([label, bound if within else round(loads)])
    return Table.of(["Variant", "Loads per expiry"], rows)


def reports(run: CaseRun) -> Iterator[tuple[str, str, redis_driver.Redis, Load]]:
    """Define each variant of `report` in turn; yield what it is called with, the key gone."""
    run.prepare(run.case.fence("setup"))
    socket_url = run.bench.redis.socket_url
    with redis_driver.Redis.from_url(socket_url, decode_responses=True) as client:
        for fence in run.case.fences[1:]:
            run.define(fence)
            client.delete("report")
            yield fence.step, fence.label, client, Load(run.direct_dsn)


def flights(run: CaseRun) -> list[tuple[Any, ...]]:
    return [(run.namespace["make_flight"](),) for _ in range(INSTANCES)]


def at_once(ask: Callable[[int], object]) -> None:
    """All clients find the key gone at the same moment."""
    barrier = threading.Barrier(CLIENTS)

    def client(number: int) -> object:
        barrier.wait()
        return ask(number)

    with ThreadPoolExecutor(CLIENTS) as pool:
        assert set(pool.map(client, range(CLIENTS))) == {42}


def steady(ask: Callable[[], object]) -> None:
    """All clients read now and then over several lifetimes, after one has filled the key."""
    ask()
    end = time.monotonic() + STEADY_SECONDS

    def client(number: int) -> None:
        while time.monotonic() < end:
            assert ask() == 42
            time.sleep(0.02)

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(client, range(CLIENTS)))


def race(run: CaseRun) -> Table:
    """Both interleavings, forced: the other side runs to its end at the marked point."""
    run.prepare(run.case.fence("setup"))
    cache = run.redis
    rows = []
    for fence in run.case.fences[1:]:
        run.define(fence)
        read, write = run.namespace["read"], run.namespace["write"]

        def reset() -> None:
            cache.flushall()
            run.admin.execute("UPDATE price SET cents = 100, version = version + 1")

        def no_pause() -> None:
            pass

        def reading(pause: Callable[[], object], read: Any = read) -> Any:
            return read(cache, run.admin, pause)

        def writing(pause: Callable[[], object], write: Any = write) -> Any:
            return write(cache, run.admin, 200, pause)

        reset()
        writing(lambda reading=reading: reading(no_pause))
        inside_write = reading(no_pause) != 200
        reset()
        reading(lambda writing=writing: writing(no_pause))
        inside_read = reading(no_pause) != 200
        rows.append([fence.label, stale(inside_write), stale(inside_read)])
    return Table.of(["Variant", "Read inside the write", "Write inside the read"], rows)


def stale(found: bool) -> str:
    return "stale until TTL" if found else "fresh"


def blocking_commands(run: CaseRun) -> Table:
    """SLOWLOG with threshold 0 holds the duration of every command, as the server saw it."""
    run.prepare(run.case.fence("setup"))
    rows: list[list[object]] = []
    longest: dict[str, list[float]] = {}
    run.redis.config_set("slowlog-max-len", 10_000)
    for fence in run.case.fences[1:]:
        job = run.function(fence)
        kind = "keys" if fence.step in ("keys", "scan") else "delete"
        times, calls = [], 0
        for _ in range(3):
            run.namespace["fill"](run.redis)
            run.redis.config_set("slowlog-log-slower-than", 0)
            run.redis.slowlog_reset()
            job()
            log = [e for e in run.redis.slowlog_get(10_000) if is_work(e)]
            run.redis.config_set("slowlog-log-slower-than", -1)
            times.append(float(max(entry["duration"] for entry in log)) or 1.0)
            calls = len(log)
        base = longest.setdefault(kind, times)
        rows.append([fence.label, calls, "1×" if base is times else speed_up(base, times)])
    return Table.of(["Variant", "Commands (±20 %)", "Longest command shorter (varies)"], rows)


def is_work(entry: dict[str, Any]) -> bool:
    return entry["command"].split()[0].upper() in (b"KEYS", b"SCAN", b"DEL", b"UNLINK")
