"""What the kernel says about the control group a process lives in: version 2, or version 1.

Files and their meaning: the kernel's `admin-guide/cgroup-v2` (memory.current, memory.max,
memory.stat, memory.events, cpu.stat, cpu.max) and `cgroup-v1/memory`, `scheduler/sched-bwc`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
_MAX_FILE = 64 * 1024
#: Version 1 writes "no limit" as the largest multiple of a page below 2**63.
_NO_LIMIT = 1 << 60


@dataclass(frozen=True)
class Figures:
    """One look at a group; ``None`` where the file is not there."""

    memory_bytes: int | None = None
    anonymous_bytes: int | None = None
    limit_bytes: int | None = None
    oom_kills: int | None = None
    periods: int | None = None
    throttled: int | None = None
    throttled_us: int | None = None
    quota_cores: float | None = None


def folders(pid: int, root: Path = ROOT, proc: Path = Path("/proc")) -> dict[str, Path]:
    """Return the folder of the process for each controller; version 2 has one for all.

    In a container the path may be that of the host; then the root of what is mounted is meant.
    """
    found: dict[str, Path] = {}
    for line in _text(proc / str(pid) / "cgroup").splitlines():
        parts = line.split(":", 2)
        if len(parts) != 3:
            continue
        if not parts[1]:
            unified = _existing(root, parts[2])
            found |= {name: unified for name in ("memory", "cpu") if name not in found}
            continue
        for name in parts[1].split(","):
            if name in ("memory", "cpu") and (root / parts[1]).is_dir():
                found[name] = _existing(root / parts[1], parts[2])
    return found


def of_path(path: Path) -> dict[str, Path]:
    """Return the folders for a group that the caller names."""
    return {"memory": path, "cpu": path}


def read(groups: dict[str, Path]) -> Figures:
    """Return what the files of the groups say. Never raises: what cannot be read is ``None``."""
    memory, cpu = groups.get("memory"), groups.get("cpu")
    fields: dict[str, object] = {}
    if memory:
        fields |= _memory(memory)
    if cpu:
        fields |= _cpu(cpu)
    return Figures(**fields)  # type: ignore[arg-type]  # figures by their names


def _memory(folder: Path) -> dict[str, object]:
    statistics = _table(folder / "memory.stat")
    if (folder / "memory.current").exists():
        # The root group has no limit file of its own; "max" means that there is none.
        return {
            "memory_bytes": _number(folder / "memory.current"),
            "anonymous_bytes": statistics.get("anon"),
            "limit_bytes": _number(folder / "memory.max"),
            "oom_kills": _table(folder / "memory.events").get("oom_kill"),
        }
    limit = _number(folder / "memory.limit_in_bytes")
    return {
        "memory_bytes": _number(folder / "memory.usage_in_bytes"),
        "anonymous_bytes": statistics.get("total_rss"),
        "limit_bytes": None if limit is None or limit >= _NO_LIMIT else limit,
        "oom_kills": _table(folder / "memory.oom_control").get("oom_kill"),
    }


def _cpu(folder: Path) -> dict[str, object]:
    statistics = _table(folder / "cpu.stat")
    quota = period = None
    if (folder / "cpu.max").exists():
        words = _text(folder / "cpu.max").split()
        if len(words) == 2 and words[0].isdigit() and words[1].isdigit():
            quota, period = int(words[0]), int(words[1])
    else:
        quota = _number(folder / "cpu.cfs_quota_us")
        period = _number(folder / "cpu.cfs_period_us")
    throttled_us = statistics.get("throttled_usec")
    if throttled_us is None and "throttled_time" in statistics:
        throttled_us = statistics["throttled_time"] // 1000
    return {
        "periods": statistics.get("nr_periods"),
        "throttled": statistics.get("nr_throttled"),
        "throttled_us": throttled_us,
        "quota_cores": quota / period if quota and period and quota > 0 else None,
    }


def _existing(root: Path, path: str) -> Path:
    inside = root / path.lstrip("/")
    return inside if ".." not in path.split("/") and inside.is_dir() else root


def _table(path: Path) -> dict[str, int]:
    rows = (line.split() for line in _text(path).splitlines())
    return {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit()}


def _number(path: Path) -> int | None:
    text = _text(path).strip()
    return int(text) if text.lstrip("-").isdigit() else None


def _text(path: Path) -> str:
    try:
        with open(path, "rb") as stream:
            return stream.read(_MAX_FILE).decode("ascii", "replace")
    except OSError:
        return ""
