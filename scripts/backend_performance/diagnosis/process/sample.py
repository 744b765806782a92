"""Samples of one process over a window: what it holds and what it has used.

`psutil` reads it without a debugger and without stopping the process. Arguments and environment of
the process are never read: secrets stand there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..trouble import CannotRun

MAX_SAMPLES = 3_600


@dataclass(frozen=True)
class Sample:
    """One look at the process; ``None`` where this user may not see a figure.

    ``at_s`` counts from the first sample; CPU seconds count from the start of the process.
    """

    at_s: float
    rss_bytes: int
    swap_bytes: int | None
    threads: int
    cpu_s: float
    descriptors: int | None
    close_wait: int | None


@dataclass(frozen=True)
class Watched:
    """A process over a window; ``ended`` when it was gone before the window was over."""

    name: str
    age_s: float
    cores: int
    descriptor_limit: int | None
    samples: tuple[Sample, ...]
    ended: bool


def psutil() -> Any:
    """Return the library that reads processes.

    Raises:
        CannotRun: it is not installed.
    """
    try:
        import psutil
    except ImportError:
        raise CannotRun(
            "psutil is not installed; run: pip install 'psutil>=5.9,<8' "
            "(or run the script with `uv run`)"
        ) from None
    return psutil


def watch(
    pid: int,
    window_s: float,
    interval_s: float,
    tick: Callable[[float], None] = lambda _: None,
) -> Watched:
    """Return samples of the process ``pid``, one each ``interval_s`` seconds for ``window_s``.

    Args:
        tick: Called with the seconds gone by, for a sign of progress.

    Raises:
        CannotRun: there is no such process, or this user may see nothing of it.
    """
    library = psutil()
    try:
        process = library.Process(pid)
        name, born = process.name(), process.create_time()
        limit = _descriptor_limit(process)
    except library.NoSuchProcess:
        raise CannotRun(f"there is no process {pid}") from None
    except library.AccessDenied:
        raise CannotRun(
            f"this user may not inspect process {pid}; run as its owner, or as root"
        ) from None
    samples: list[Sample] = []
    started = time.monotonic()
    ended = False
    while len(samples) < MAX_SAMPLES:
        now = time.monotonic() - started
        try:
            # Its number may by now be that of another process; is_running compares the birth too.
            if not process.is_running() or process.status() == library.STATUS_ZOMBIE:
                ended = True
                break
            samples.append(_look(process, now))
        except library.NoSuchProcess:
            ended = True
            break
        except library.AccessDenied:
            raise CannotRun(
                f"this user may not see the memory of process {pid}; run as its owner, or as root"
            ) from None
        tick(now)
        due = len(samples) * interval_s
        if due > window_s:
            break
        time.sleep(max(0.0, due - (time.monotonic() - started)))
    return Watched(
        name=name,
        age_s=max(0.0, time.time() - born),
        cores=library.cpu_count() or 1,
        descriptor_limit=limit,
        samples=tuple(samples),
        ended=ended,
    )


def _look(process: Any, now: float) -> Sample:
    with process.oneshot():
        memory, times = process.memory_info(), process.cpu_times()
        threads = process.num_threads()
    return Sample(
        at_s=now,
        rss_bytes=memory.rss,
        swap_bytes=_swap(process),
        threads=threads,
        cpu_s=times.user + times.system,
        descriptors=_allowed(getattr(process, "num_fds", None)),
        close_wait=_close_wait(process),
    )


def _allowed(read: Callable[[], Any] | None) -> Any:
    """Return what ``read`` gives, or None where this user or system does not show it."""
    if read is None:
        return None
    try:
        return read()
    except (psutil().AccessDenied, NotImplementedError, OSError):
        return None


def _swap(process: Any) -> int | None:
    # memory_full_info walks the page tables of a large process for tenths of a second; the
    # kernel keeps VmSwap at hand.
    try:
        with open(f"/proc/{process.pid}/status", encoding="ascii", errors="replace") as status:
            for line in status:
                if line.startswith("VmSwap:"):
                    return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return None


def _close_wait(process: Any) -> int | None:
    newer = getattr(process, "net_connections", None)  # psutil 6
    connections: Callable[..., Any] = newer or process.connections
    found = _allowed(lambda: connections(kind="tcp"))
    if found is None:
        return None
    return sum(1 for connection in found if connection.status == "CLOSE_WAIT")


def _descriptor_limit(process: Any) -> int | None:
    library = psutil()
    if not hasattr(library, "RLIMIT_NOFILE"):
        return None
    limits = _allowed(lambda: process.rlimit(library.RLIMIT_NOFILE))
    if not limits or limits[0] in (-1, library.RLIM_INFINITY):
        return None
    return int(limits[0])
