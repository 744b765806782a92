"""Requests at a constant rate, counted from the moment each was due.

A client that waits for an answer before it sends again stops asking exactly while the server
stands still, and its percentiles stay good (coordinated omission). Here the schedule goes on: what
should have been sent during a stall is sent, and waits as a user would have waited.

The requests are aiohttp's; only the schedule is ours. The tools that keep one themselves (k6,
vegeta, wrk2, oha) are programs outside PyPI and Debian, which a skill cannot bring along; those
that can be had (hey, wrk, ab) wait for answers. Of the clients on PyPI, aiohttp costs a tenth of
httpx's time a request, so that this machine is not what is measured; ``late`` counts where it was.
More than 200 requests a second, or from many machines, is work for k6 or vegeta.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..guards.sent import record as note_sent
from ..web.client import MAX_BODY, aiohttp, session
from ..web.target import Target

MAX_WAITING = 500
_RECENT = 40
#: A request sent so much later than it was due says more about this machine than about the server.
LATE_S = 0.05


@dataclass
class Samples:
    """What one address answered; times in milliseconds from the intended start."""

    requests: int = 0
    answered: list[float] = field(default_factory=list)
    from_send: list[float] = field(default_factory=list)
    errors: int = 0
    refused: int = 0
    limited: int = 0
    late: int = 0


@dataclass(frozen=True)
class Load:
    """A finished run: samples by number of the address, and why it ended early if it did."""

    samples: Mapping[int, Samples]
    rate: float
    planned: int
    sent: int
    ended_early: str = ""


async def run(
    targets: Sequence[Target], rate: float, seconds: float, credentials: Mapping[str, str]
) -> Load:
    """Send ``rate`` requests a second in all, to the addresses in turn."""
    return await _Generator(targets, rate, seconds).run(credentials)


class _Generator:
    def __init__(self, targets: Sequence[Target], rate: float, seconds: float) -> None:
        self.targets, self.rate = targets, rate
        self.planned = max(1, round(rate * seconds))
        self.samples = {target.number: Samples() for target in targets}
        self.recent: deque[bool] = deque(maxlen=_RECENT)
        self.stop = ""

    async def run(self, credentials: Mapping[str, str]) -> Load:
        loop, sent = asyncio.get_running_loop(), 0
        waiting: set[asyncio.Task[None]] = set()
        async with session(credentials, connections=256) as client:
            start = loop.time() + 0.05
            try:
                for number in range(self.planned):
                    due = start + number / self.rate
                    await asyncio.sleep(max(0.0, due - loop.time()))
                    if self.stop or len(waiting) >= MAX_WAITING:
                        self.stop = self.stop or f"{MAX_WAITING} requests were waiting for answers"
                        break
                    target = self.targets[number % len(self.targets)]
                    task = asyncio.create_task(self.one(client, target, due))
                    waiting.add(task)
                    task.add_done_callback(waiting.discard)
                    sent += 1
                await asyncio.gather(*waiting)
            finally:
                for task in waiting:
                    task.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)
        return Load(self.samples, self.rate, self.planned, sent, self.stop)

    async def one(self, client: Any, target: Target, due: float) -> None:
        loop = asyncio.get_running_loop()
        samples, sent = self.samples[target.number], loop.time()
        samples.requests += 1
        note_sent("http", f"GET {target.shown()}")
        samples.late += sent - due > LATE_S
        try:
            async with client.get(target.url, allow_redirects=False) as response:
                await _drain(response)
                status = response.status
        except TimeoutError:
            status = None  # at least so slow: a lower bound, and an error
        except (aiohttp().ClientError, OSError, ValueError):
            status = 0
        now = loop.time()
        self.record(samples, status, (now - due) * 1000, (now - sent) * 1000)

    def record(
        self, samples: Samples, status: int | None, from_due: float, from_send: float
    ) -> None:
        failed = not status or status >= 500
        succeeded = status is not None and 200 <= status < 300
        samples.errors += failed
        samples.limited += status == 429
        samples.refused += not failed and not succeeded
        if status is None or succeeded:
            samples.answered.append(from_due)
            samples.from_send.append(from_send)
        self.recent.append(failed)
        if status == 429:
            self.stop = "the server limits the rate (429), and its limit is not tried"
        elif len(self.recent) == _RECENT and sum(self.recent) > _RECENT / 2:
            self.stop = f"more than half of the last {_RECENT} requests failed"


async def _drain(response: Any) -> None:
    size = 0
    async for chunk in response.content.iter_chunked(64 * 1024):
        size += len(chunk)
        if size > MAX_BODY:
            response.close()
            return


def row(target: Target, load: Load) -> dict[str, Any]:
    """Return the figures of one address; percentiles from all its samples."""
    samples = load.samples[target.number]
    requests = max(samples.requests, 1)
    figures = {f"p{q:g}_ms": percentile(samples.answered, q) for q in (50, 95, 99)}
    return {
        "address": target.number,
        "path_untrusted": target.path,
        "rate_per_s": load.rate / len(load.samples),
        "requests": samples.requests,
        "samples": len(samples.answered),
        **figures,
        "max_ms": percentile(samples.answered, 100),
        "p95_from_send_ms": percentile(samples.from_send, 95),
        "errors": samples.errors,
        "error_pct": round(100 * samples.errors / requests, 3),
        "not_success_pct": round(100 * samples.refused / requests, 1),
        "rate_limited": samples.limited > 0,
        "late_pct": round(100 * samples.late / requests, 1),
        "ended_early": bool(load.ended_early),
    }


def percentile(values: Sequence[float], q: float) -> float | None:
    """Return the value that ``q`` per cent of the samples do not exceed (nearest rank)."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[max(0, math.ceil(len(ordered) * q / 100) - 1)], 1)
