"""Waiting for what another process will soon have done, instead of guessing how long it takes."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Far beyond what anything here takes, also on a busy machine; what hangs takes forever.
PATIENCE = 20.0


def until(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Ask until the condition holds.

    Raises:
        TimeoutError: it did not within ``seconds``; names ``what`` was waited for.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.005)
