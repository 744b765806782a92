"""The guard of time and memory that is in force in every system.

A driver's own timeout counts from byte to byte: a server that sends one now and then keeps it from
ever firing, and one that never ends an answer fills the memory. Here the whole of a question has
its time, within that of the run, and its memory, whatever the server does.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from . import memory

T = TypeVar("T")
#: How far the memory of this process may grow during one question, in bytes.
MAX_GROWTH = 256 * 2**20
#: How often it is looked at while an answer is outstanding.
_LOOK_S = 0.1
_SETTLE_S = 1.0
#: In the message about a question that was given up for its memory. The memory is the process's,
#: so what grew may be another answer: who asks several systems at once asks again, one by one.
OUT_OF_MEMORY = "of memory while its answer was awaited"
OUT_OF_TIME = "the time of the run (--timeout) was used up"


class Overdue(Exception):
    """The work was not done in its time or its memory; the message says which."""


class _Work(Generic[T]):
    """One piece of work in its own thread, which is not joined at the end."""

    def __init__(self, work: Callable[[], T], discard: Callable[[T], object]) -> None:
        self._work = work
        self._discard = discard
        self._is_late = False
        self._result: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            result = self._work()
            self._result.append(result)
            if self._is_late:
                self._discard(result)
        except BaseException as error:  # raised again where it is waited for
            self._error = error

    def until(self, end: float) -> T:
        most = memory.peak_bytes() + MAX_GROWTH
        self._thread.start()
        while self._thread.is_alive():
            left = end - time.monotonic()
            if left <= 0:
                self._is_late = True
                raise Overdue
            self._thread.join(min(left, _LOOK_S))
            if self._thread.is_alive() and memory.peak_bytes() > most:
                raise Overdue(f"the process took over {MAX_GROWTH // 2**20} MiB {OUT_OF_MEMORY}")
        if self._error is not None:
            raise self._error
        return self._result[0]

    def settle(self) -> None:
        """Let the work notice that it was given up: what it uses may be closed next."""
        self._thread.join(_SETTLE_S)


def within(
    seconds: float,
    work: Callable[[], T],
    give_up: Callable[[], object] = bool,
    *,
    deadline: float = math.inf,
    discard: Callable[[T], object] = bool,
) -> T:
    """Return what ``work`` returns, or give up on it after ``seconds``.

    Args:
        give_up: Called then, to cut the connection that the work waits for.
        deadline: Of the run, on the clock of ``time.monotonic``; it may come earlier.
        discard: Called with a result that comes too late, to let go of what it holds.

    Raises:
        Overdue: the work was not done in time, or takes too much memory; its thread goes on until
            the process ends.
    """
    end = time.monotonic() + seconds
    begun = _Work(work, discard)
    try:
        return begun.until(min(end, deadline))
    except Overdue as overdue:
        give_up()
        begun.settle()
        late = OUT_OF_TIME if deadline < end else f"there was no answer within {seconds:g} s"
        raise Overdue(str(overdue) or late) from None
