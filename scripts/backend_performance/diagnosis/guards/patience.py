"""The guard of time that is in force in every system.

A driver's own time-out counts from byte to byte: a server that sends one now and then keeps it
from ever firing. Here the whole of a question has its time, whatever the server does.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Overdue(Exception):
    """The work was not done in its time."""


class _Work(Generic[T]):
    """One piece of work in a thread of its own, which nobody waits for at the end."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._result: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self._result.append(self._work())
        except BaseException as error:  # raised again where it is waited for
            self._error = error

    def within(self, seconds: float) -> T:
        self._thread.start()
        self._thread.join(max(seconds, 0.0))
        if self._thread.is_alive():
            raise Overdue
        if self._error is not None:
            raise self._error
        return self._result[0]


def within(seconds: float, work: Callable[[], T], give_up: Callable[[], object] = bool) -> T:
    """Return what ``work`` returns, or give up on it after ``seconds``.

    Args:
        give_up: Called then, to cut the connection that the work waits for.

    Raises:
        Overdue: the work was not done in time; its thread goes on until the process ends.
    """
    try:
        return _Work(work).within(seconds)
    except Overdue:
        give_up()
        raise
