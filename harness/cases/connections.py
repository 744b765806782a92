"""Cases about pools: how a held connection and a large pool affect everyone else."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from harness.measuring.figures import SPEED_UP, Table, speed_up
from harness.measuring.run import CaseRun
from harness.servers.child import clean_environment

CLIENTS = 32
REMOTE_SECONDS = 0.05
BENCH_SECONDS = "1"


class RemoteCall:
    """A call over the network that takes a fixed time; knows how many ran at once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.running = self.most = 0

    def __call__(self) -> None:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(REMOTE_SECONDS)
        with self.lock:
            self.running -= 1


def held_connection(run: CaseRun) -> Table:
    rows: list[list[object]] = []
    first: list[float] = []
    for fence in run.case.fences:
        if fence.step == "setup":
            run.prepare(fence)
            continue
        remote = RemoteCall()
        run.offer("remote_call", remote)
        ship = run.function(fence)
        start = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as clients:
            for done in [clients.submit(ship) for _ in range(CLIENTS)]:
                done.result()
        took = [time.perf_counter() - start]
        first = first or took
        # The pool bounds the first variant exactly; the second depends on thread start-up.
        most = remote.most if remote.most <= 4 else ("≥ 16" if remote.most >= 16 else remote.most)
        rows.append([fence.label, most, "1×" if first is took else speed_up(first, took)])
    return Table.of(["Variant", "Remote calls at a time", SPEED_UP], rows)


def large_pool(run: CaseRun) -> Table:
    for fence in run.case.fences:
        if fence.step == "setup":
            run.prepare(fence)
    app_dsn = run.bench.postgres.dsn("app", run.database)
    rows: list[list[object]] = []
    first: list[float] = []
    for size, clients in ((30, 80), (10, 8)):
        _, refused = run.namespace["open_pools"](app_dsn, size)
        took = [update_latency(run, clients) for _ in range(2)]
        first = first or took
        # How many fit depends on the harness's own connections.
        shown = "≥ 20" if refused >= 20 else refused
        faster = "1×" if first is took else speed_up(first, took)
        rows.append([f"4 × {size} connections, {clients} active", 4 * size, shown, faster])
    return Table.of(["Variant", "Wanted", "Refused", "Update faster (varies)"], rows)


def update_latency(run: CaseRun, clients: int) -> float:
    """Mean latency in milliseconds as pgbench reports it."""
    server = run.bench.postgres
    done = subprocess.run(
        [
            server.installation.bin / "pgbench",
            "--no-vacuum",
            "--file=-",
            f"--client={clients}",
            "--jobs=2",
            f"--time={BENCH_SECONDS}",
            f"--host={server.directory}",
            f"--port={server.port}",
            "--username=app",
            run.database,
        ],
        input=run.case.fence("load").code,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    latency = re.search(r"latency average = ([\d.]+) ms", done.stdout)
    if not latency:
        raise RuntimeError(f"pgbench: {done.stderr}")
    return float(latency.group(1))
