"""Processes that share work, and never outlive the one that started them."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.context import BaseContext

_LOOK_S = 0.5
_SAFE_PATH = "PYTHONSAFEPATH"


@contextmanager
def pool(processes: int, context: BaseContext | None = None) -> Iterator[ProcessPoolExecutor]:
    """Give a pool whose processes end soon after their parent, however that ended.

    A new interpreter looks for modules in the current folder first, where a stranger's repository
    may have one: the variable keeps it from that while the pool starts processes.
    """
    from concurrent.futures import ProcessPoolExecutor  # needed by few runs, and slow to import

    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        with ProcessPoolExecutor(processes, mp_context=context, initializer=_follow) as started:
            yield started
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


def cores() -> int:
    """Return how many processor cores this process may use.

    One where Python ignores its variables (``-E``), as its processes would too.
    """
    if sys.flags.ignore_environment and not sys.flags.safe_path:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _follow() -> None:
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()


def _leave_with(parent: int) -> None:
    """End this process once another one has become its parent."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(1)
