"""Watching one process and its control group for a while, and answering the probes."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from ..evidence.redaction import identifier
from ..probes import catalog
from ..probes.run import Readings, Rows, Run, answers, from_readings
from ..trouble import CannotRun, NoAnswer
from . import cgroup as process_cgroup
from .cgroup import Figures
from .sample import Sample, Watched, watch
from .trend import Trend, trend

ENGINE = "process"
WINDOW_SECONDS = 60.0
INTERVAL_SECONDS = 1.0
#: Rows of a series that stay in the evidence: enough to draw it.
_DRAWN = 20
_NO_PROCESS = "only a control group was named. To find out: name the process with --pid"
_ENDED = "the process ended while it was watched. To find out: name one that stays"
_NO_GROUP = (
    "the control group of the process cannot be read. To find out: run inside the container, "
    "or name the folder below /sys/fs/cgroup with --cgroup"
)


def run_process(
    *,
    pid: int | None = None,
    cgroup: Path | None = None,
    window_s: float = WINDOW_SECONDS,
    interval_s: float = INTERVAL_SECONDS,
    only: Collection[str] | None = None,
    tick: Callable[[float], None] = lambda _: None,
) -> Run:
    """Watch for ``window_s`` seconds and answer the probes, or ``only`` those named.

    Args:
        cgroup: Folder of a control group instead of that of the process.
        tick: Called after each sample with the seconds gone by.

    Raises:
        CannotRun: there is nothing to watch; the message is safe to show.
        UnknownProbeError: ``only`` names a probe that does not exist.
    """
    chosen = catalog.choose(catalog.load(ENGINE), only)
    if cgroup is not None and not cgroup.is_dir():
        raise CannotRun(f"{cgroup} is not the folder of a control group")
    groups = process_cgroup.of_path(cgroup) if cgroup else process_cgroup.folders(pid or 0)
    started = time.monotonic()
    before = process_cgroup.read(groups)
    watched = None
    if pid is not None:
        watched = watch(pid, window_s, interval_s, tick)
    else:
        time.sleep(window_s)
    after = process_cgroup.read(groups)
    took = time.monotonic() - started
    evidence = answers(chosen, from_readings(measure(watched, before, after, took)))
    return Run(_server(watched, after, took), evidence)


def measure(watched: Watched | None, before: Figures, after: Figures, took_s: float) -> Readings:
    """Return the rows of each kind of probe."""
    of_process: dict[str, Rows | NoAnswer]
    if watched is None or watched.ended:
        reason = NoAnswer(_NO_PROCESS if watched is None else _ENDED)
        of_process = dict.fromkeys(("memory", "descriptors", "cpu"), reason)
    else:
        of_process = {
            "memory": _memory(watched),
            "descriptors": [_descriptors(watched)],
            "cpu": [_cpu(watched, after.quota_cores)],
        }
    return of_process | {
        "memory_limit": _limit(before, after),
        "throttling": _throttling(before, after, took_s),
    }


def _memory(watched: Watched) -> Rows:
    """One row for each sample drawn. Every row has the columns the rules use."""
    samples = watched.samples
    common = {"examined": 1} | _rise(samples, [s.rss_bytes for s in samples], "bytes")
    swap = samples[-1].swap_bytes
    step = max(1, -(-len(samples) // _DRAWN))
    drawn = samples[::step]
    return [
        common | {"seconds": round(s.at_s, 1), "rss_bytes": s.rss_bytes, "swap_bytes": swap}
        for s in drawn
    ]


def _descriptors(watched: Watched) -> dict[str, Any]:
    samples = watched.samples
    counts = [s.descriptors for s in samples if s.descriptors is not None]
    waiting = [s.close_wait for s in samples if s.close_wait is not None]
    limit = watched.descriptor_limit
    last = counts[-1] if len(counts) == len(samples) else None
    return _rise(samples, counts, "descriptors") | {
        "descriptors": last,
        "added": counts[-1] - counts[0] if last is not None else None,
        "limit": limit,
        # No limit at all is room enough.
        "used_pct": None if last is None else round(100 * last / limit, 1) if limit else 0.0,
        # The least of the window: connections that stay, not those just being closed.
        "close_wait": min(waiting) if len(waiting) == len(samples) else None,
    }


def _cpu(watched: Watched, quota_cores: float | None) -> dict[str, Any]:
    first, last = watched.samples[0], watched.samples[-1]
    window = last.at_s - first.at_s
    used = (last.cpu_s - first.cpu_s) / window if window > 0 else None
    most = quota_cores or float(watched.cores)
    return {
        "window_s": round(window, 1),
        "used_cores": None if used is None else round(used, 2),
        "available_cores": round(most, 2),
        "used_pct": None if used is None else round(100 * used / most, 1),
        "threads": last.threads,
    }


def _limit(before: Figures, after: Figures) -> Rows | NoAnswer:
    if after.memory_bytes is None and after.anonymous_bytes is None:
        return NoAnswer(_NO_GROUP)
    resident = after.anonymous_bytes
    limit = after.limit_bytes
    killed = after.oom_kills
    row = {
        "has_limit": limit is not None,
        "limit_bytes": limit,
        "memory_bytes": after.memory_bytes,
        "anonymous_bytes": resident,
        "anonymous_pct": round(100 * resident / limit, 1)
        if resident is not None and limit
        else None,
        "oom_kills": killed,
        "oom_kills_in_window": killed - (before.oom_kills or 0) if killed is not None else None,
    }
    return [row]


def _throttling(before: Figures, after: Figures, took_s: float) -> Rows | NoAnswer:
    if after.periods is None and after.quota_cores is None:
        return NoAnswer(_NO_GROUP)
    periods = (after.periods or 0) - (before.periods or 0)
    throttled = (after.throttled or 0) - (before.throttled or 0)
    waited_us = (after.throttled_us or 0) - (before.throttled_us or 0)
    row = {
        "has_quota": after.quota_cores is not None,
        "quota_cores": after.quota_cores,
        "window_s": round(took_s, 1),
        "periods": periods,
        "throttled_periods": throttled,
        "throttled_pct": round(100 * throttled / periods, 1) if periods > 0 else None,
        "throttled_ms_per_s": round(waited_us / 1000 / took_s, 1) if took_s > 0 else None,
    }
    return [row]


def _rise(samples: Sequence[Sample], values: Sequence[int], unit: str) -> dict[str, Any]:
    """Return what the rules ask of a series: nulls where it cannot be told."""
    found: Trend | None = None
    if len(values) == len(samples):
        found = trend([s.at_s for s in samples], [float(v) for v in values])
    return {
        "points": len(samples),
        "window_s": round(samples[-1].at_s - samples[0].at_s, 1) if samples else 0.0,
        f"slope_{unit}_per_hour": round(found.slope_per_hour) if found else None,
        "growth_pct": round(found.growth_pct, 1) if found else None,
        "z": round(found.z, 2) if found else None,
        "troughs_rise": found.troughs_rise if found else None,
    }


def _server(watched: Watched | None, group: Figures, took_s: float) -> dict[str, Any]:
    server: dict[str, Any] = {"window_s": round(took_s, 1)}
    if watched is not None:
        server |= {
            "name": identifier(watched.name),
            "age_s": round(watched.age_s),
            "samples": len(watched.samples),
        }
    if group.limit_bytes is not None:
        server["memory_limit_bytes"] = group.limit_bytes
    if group.quota_cores is not None:
        server["quota_cores"] = group.quota_cores
    return server
