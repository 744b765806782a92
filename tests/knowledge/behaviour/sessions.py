"""Small helpers for tests with several sessions."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Any


def in_background(run: Callable[..., Any], *arguments: Any) -> Future[Any]:
    """Start a call that may wait for a lock; one that waits forever does not hold up the end."""
    answer: Future[Any] = Future()

    def work() -> None:
        try:
            answer.set_result(run(*arguments))
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=work, daemon=True).start()
    return answer


def until(holds: Callable[[], Any], seconds: float = 20.0, every: float = 0.02) -> Any:
    """Return the first true answer. Raises TimeoutError when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := holds():
            return answer
        time.sleep(every)
    raise TimeoutError(f"still not so after {seconds} s")


def value(connection: Any, statement: str, *parameters: Any) -> Any:
    """Return the first column of the first row."""
    return connection.execute(statement, parameters or None).fetchone()[0]


def waits_for_lock(connection: Any, other: Any) -> Callable[[], bool]:
    """Return a question: does the session ``other`` wait for a lock?"""
    pid = other.info.backend_pid
    return lambda: bool(
        value(
            connection,
            "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event_type = 'Lock'",
            pid,
        )
    )


def plan(connection: Any, statement: str) -> dict[str, Any]:
    """Return the top node of EXPLAIN (ANALYZE, BUFFERS), the statement executed before."""
    connection.execute(statement)
    (found,) = value(connection, f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}")
    return dict(found["Plan"])


def buffers(node: dict[str, Any]) -> int:
    return int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])
