"""Processes that share work, and never outlive the one that started them."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.context import BaseContext

_LOOK_S = 0.5


def pool(processes: int, context: BaseContext | None = None) -> ProcessPoolExecutor:
    """Return a pool whose processes end soon after their parent, however that ended."""
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_follow)


def cores() -> int:
    """Return how many processor cores this process may use."""
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
