"""Rows out of what the server counted of its commands. Arguments never become part of a row."""

from __future__ import annotations

import re
from typing import Any

from ..trouble import NoAnswer
from .sample import Sample

_DAY_S = 86_400
_COMMAND = re.compile(r"[a-z][a-z._-]{0,30}(\|[a-z-]{1,30})?")

Row = dict[str, Any]


def commands(sample: Sample) -> list[Row]:
    """One row for each command that was called: how often, and how long it takes."""
    rows = []
    for name in sorted(sample.after.fields):
        command = name.removeprefix("cmdstat_")
        if command == name or not _COMMAND.fullmatch(command):
            continue
        calls = sample.after.number(name, "calls") or 0
        latency = f"latency_percentiles_usec_{command}"
        rows.append(
            {
                "command": command.replace("|", "."),
                "calls": calls,
                "calls_in_window": _difference(sample, name, calls),
                "usec_per_call": sample.after.number(name, "usec_per_call"),
                "p99_us": _tracked(sample, latency, "p99"),
                "p999_us": _tracked(sample, latency, "p99.9"),
            }
        )
    total = sum(row["calls"] for row in rows)
    rows.sort(key=lambda row: (-row["calls"] * (row["usec_per_call"] or 0), row["command"]))
    return [row | {"total_calls": total} for row in rows]


def _difference(sample: Sample, name: str, calls: float) -> float | None:
    if sample.before is sample.after:
        return None
    return calls - (sample.before.number(name, "calls") or 0)


def _tracked(sample: Sample, name: str, percentile: str) -> Any:
    return sample.after.number(name, percentile) if sample.after.get(name) is not None else None


def slow_log(sample: Sample) -> list[Row]:
    """One row for each command name in the slow log; its arguments are dropped here."""
    now = _server_time(sample)
    found: dict[str, Row] = {}
    for entry in sample.reply("SLOWLOG GET"):
        began, microseconds, words = int(entry[1]), int(entry[2]), entry[3]
        name = command_name(words[0] if words else b"")
        row = found.setdefault(
            name, {"command": name, "entries": 0, "entries_24h": 0, "longest_24h_ms": 0.0}
        )
        row["entries"] += 1
        if now - began <= _DAY_S:
            row["entries_24h"] += 1
            row["longest_24h_ms"] = max(row["longest_24h_ms"], round(microseconds / 1000, 3))
    return sorted(found.values(), key=lambda row: (-row["longest_24h_ms"], row["command"]))


def command_name(word: bytes) -> str:
    name = word.decode("ascii", "replace").lower()
    return name if _COMMAND.fullmatch(name) else "other"


def latency_events(sample: Sample) -> list[Row]:
    """One row for each kind of delay that the latency monitor recorded."""
    now = _server_time(sample)
    rows = [
        {
            "event": command_name(event[0]),
            "latest_ms": int(event[2]),
            "longest_ms": int(event[3]),
            "age_s": max(0, now - int(event[1])),
        }
        for event in sample.reply("LATENCY LATEST")
    ]
    return sorted(rows, key=lambda row: (-row["longest_ms"], row["event"]))


def _server_time(sample: Sample) -> int:
    microseconds = sample.after.get("server_time_usec")
    if not isinstance(microseconds, int):
        raise NoAnswer("the server does not report its time. To find out: check by hand")
    return microseconds // 1_000_000
