"""One measured variant of a case, and the table that variants make."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness.measuring.figures import SPEED_UP, Table, speed_up

TIME_BUDGET = 0.3
FEWEST, MOST = 3, 9


@dataclass(frozen=True)
class Sample:
    """What a variant cost; None where the way of measuring does not know."""

    label: str
    engine: str = "postgres"
    answer: object = None
    plan: str | None = None
    read: int | None = None
    heap: int | None = None
    buffers: int | None = None
    queries: int | None = None
    connections: int | None = None
    trips: int | str | None = None
    rows: int | None = None
    bytes: int | None = None
    wal: int | None = None
    times: tuple[float, ...] = ()


#: Name in a fence's `show=…` → column of the table, with its margin.
COLUMNS = {
    "plan": "Plan",
    "read": "Rows read",
    "heap": "Heap fetches",
    "buffers": "Buffers (±5 %)",
    "queries": "Queries",
    "connections": "Connections opened",
    "trips": "Round trips",
    "rows": "Rows returned",
    "bytes": "Bytes to client (±5 %)",
    "wal": "WAL bytes (±5 %)",
}


def tabulate(samples: Sequence[Sample], show: Sequence[str]) -> Table:
    """Speed is relative to the first variant on the same engine."""
    headers = ["Variant", *(COLUMNS[name] for name in show), SPEED_UP]
    first: dict[str, Sample] = {}
    rows = []
    for sample in samples:
        base = first.setdefault(sample.engine, sample)
        faster = "1×" if base is sample else speed_up(base.times, sample.times)
        rows.append([sample.label, *(getattr(sample, name) for name in show), faster])
    return Table.of(headers, rows)


def timed(run: Callable[[], object], budget: float = TIME_BUDGET) -> tuple[float, ...]:
    """Repeated until the budget is spent, within bounds, so that a slow "before" stays cheap."""
    times: list[float] = []
    while len(times) < FEWEST or (sum(times) < budget and len(times) < MOST):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return tuple(times)
