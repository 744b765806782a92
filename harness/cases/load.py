"""Cases that need a server under load: a Node process, and a small server of our own."""

from __future__ import annotations

import asyncio
import random
import subprocess
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import urlopen

from harness.measuring.figures import SPEED_UP, Table, speed_up
from harness.measuring.run import CaseRun
from harness.servers.child import free_port
from harness.servers.engines import require

PINGS = 20
HEAD_START = 0.1  # the login has reached the server
MARGIN = 0.02  # an answer that comes with the login's own was not served before it
CLIENTS, CAPACITY, WINDOW = 200, 20, 0.05
RATE, SECONDS, SLOW = 100, 3, 0.1
PAUSE_EVERY, PAUSE = 1.0, 0.3


def event_loop(run: CaseRun) -> Table:
    server = run.case.fence("setup").code
    rows: list[list[object]] = []
    first: list[float] = []
    for step in ("before", "after"):
        fence = run.case.fence(step)
        served, times = pings_during_login(fence.code + server)
        first = first or times
        shown = f"≥ {PINGS - 2}" if served >= PINGS - 2 else served
        rows.append([fence.label, shown, "1×" if first is times else speed_up(first, times)])
    headers = ["Variant", f"Of {PINGS} requests answered before the login", SPEED_UP]
    return Table.of(headers, rows)


def pings_during_login(program: str) -> tuple[int, list[float]]:
    """How many answers came before the login's, and how long the slowest took."""
    with subprocess.Popen(
        [require("node"), "-e", program], stdout=subprocess.PIPE, text=True
    ) as node:
        try:
            root = f"http://127.0.0.1:{int(node.stdout.readline())}"  # type: ignore[union-attr]
            finished(root)
            with ThreadPoolExecutor(1) as logins:
                login = logins.submit(finished, f"{root}/login")
                time.sleep(HEAD_START)
                pings = [(time.perf_counter(), finished(root)) for _ in range(PINGS)]
                served = sum(end < login.result() - MARGIN for _, end in pings)
            return served, [max(end - start for start, end in pings)]
        finally:
            node.kill()


def finished(url: str) -> float:
    """When the answer was there."""
    with urlopen(url) as response:
        response.read()
    return time.perf_counter()


class Server:
    """Lines in, one answer per line; counts what arrives."""

    def __init__(self, answer: Callable[[], bytes]) -> None:
        self.answer = answer
        self.port = free_port()
        self.tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Server:
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", self.port, backlog=512)
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.server.close()
        await asyncio.gather(*self.tasks)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tasks.add(asyncio.current_task())  # type: ignore[arg-type]
        while await reader.readline():
            writer.write(self.answer())
        await leave(writer)

    async def client(self) -> tuple[Callable[[], Awaitable[bool]], asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)

        async def call() -> bool:
            writer.write(b"?\n")
            return await reader.readline() == b"yes\n"

        return call, writer


async def leave(writer: asyncio.StreamWriter) -> None:
    writer.close()
    await writer.wait_closed()


class Capacity:
    """Serves so many requests per window and refuses the others."""

    def __init__(self) -> None:
        self.calls = self.served = 0
        self.window_end = 0.0

    def __call__(self) -> bytes:
        now = time.monotonic()
        if now > self.window_end:
            self.window_end, self.served = now + WINDOW, 0
        self.calls += 1
        self.served += 1
        return b"yes\n" if self.served <= CAPACITY else b"no\n"


def retries(run: CaseRun) -> Table:
    run.prepare(run.case.fence("setup"))
    rows: list[list[object]] = []
    first: list[float] = []
    for fence in run.case.fences[1:]:
        run.define(fence)
        random.seed(7)
        calls, served, took = asyncio.run(storm(run.namespace["with_retry"]))
        first = first or [took]
        faster = "1×" if len(rows) == 0 else speed_up(first, [took])
        rows.append([fence.label, calls, served, faster])
    return Table.of(
        ["Variant", "Calls (±35 %)", "Clients served (±35 %)", "Done sooner (varies)"], rows
    )


async def storm(with_retry: Any) -> tuple[int, int, float]:
    capacity = Capacity()
    async with Server(capacity) as server:
        clients = [await server.client() for _ in range(CLIENTS)]
        start = time.perf_counter()
        results = await asyncio.gather(*(with_retry(call) for call, _ in clients))
        took = time.perf_counter() - start
        for _, writer in clients:
            await leave(writer)
    return capacity.calls, sum(results), took


def coordinated_omission(run: CaseRun) -> Table:
    rows = []
    for fence in run.case.fences:
        run.define(fence)
        latencies = asyncio.run(paused(run.namespace["load_test"]))
        slow = sum(latency > SLOW for latency in latencies)
        shown = f"≤ {2 * SECONDS}" if slow <= 2 * SECONDS else slow
        p98 = "under 100 ms" if slow < 0.02 * len(latencies) else "over 100 ms"
        rows.append([fence.label, len(latencies), shown, p98])
    headers = ["Variant", "Requests sent (±25 %)", "Slower than 100 ms (±35 %)", "p98"]
    return Table.of(headers, rows)


async def paused(load_test: Any) -> list[float]:
    """The server runs in its own thread, so that its pauses do not stop the clients."""
    port = free_port()
    ready, stop = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(pausing_server(port, ready, stop)))
    thread.start()
    ready.wait()

    async def call() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"?\n")
        await reader.readline()
        await leave(writer)

    try:
        return list(await load_test(call, RATE, SECONDS))
    finally:
        stop.set()
        thread.join()


async def pausing_server(port: int, ready: threading.Event, stop: threading.Event) -> None:
    server = Server(lambda: b"yes\n")
    server.port = port
    async with server:
        ready.set()
        next_pause = time.monotonic() + PAUSE_EVERY / 2
        while not stop.is_set():
            await asyncio.sleep(0.01)
            if time.monotonic() >= next_pause:
                time.sleep(PAUSE)  # the whole server stands still, as in a collection of garbage
                next_pause += PAUSE_EVERY
