"""The retry budget of the case, after a long healthy run."""

from __future__ import annotations

import asyncio

from tests.knowledge.behaviour.page_code import run

CASE = "examples/retries-without-jitter.md#retries-without-jitter"


def test_a_healthy_day_does_not_pay_for_a_retry_storm():
    code = run(CASE, "ATTEMPTS, BASE")
    code |= {"BASE": 0.0, "CAP": 0.0}  # no pauses
    run(CASE, "class Budget", code)
    healthy, failed = [], []

    async def up() -> bool:
        healthy.append(1)
        return True

    async def down() -> bool:
        failed.append(1)
        return False

    async def day() -> None:
        for _ in range(10_000):
            await code["with_retry"](up)
        for _ in range(800):
            await code["with_retry"](down)

    asyncio.run(day())
    assert len(healthy) == 10_000
    assert 800 < len(failed) <= 810
