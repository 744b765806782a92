"""Rows out of replies that hold many things. Names in a probe's ``reading`` are functions here.

Arguments of commands, values and full key names never become part of a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..trouble import NoAnswer
from .info import Info
from .sample import KeySizes, Sample

_DAY_S = 86_400
_PLAIN = re.compile(r"[A-Za-z][A-Za-z_-]{0,30}")
_COMMAND = re.compile(r"[a-z][a-z._-]{0,30}(\|[a-z-]{1,30})?")
_TOP = 50

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


def databases(sample: Sample) -> list[Row]:
    """One row for each numbered database with keys."""
    rows = []
    for number in range(1024):
        name = f"db{number}"
        if sample.after.get(name) is not None:
            keys = sample.after.number(name, "keys") or 0
            expires = sample.after.number(name, "expires") or 0
            share = round(100 * expires / keys, 1) if keys else None
            rows.append(
                {"database": name, "keys": keys, "with_expiry": expires, "with_expiry_pct": share}
            )
    return sorted(rows, key=lambda row: -row["keys"])


def slow_log(sample: Sample) -> list[Row]:
    """One row for each command name in the slow log; its arguments are dropped here."""
    now = _server_time(sample)
    found: dict[str, Row] = {}
    for entry in sample.reply("SLOWLOG GET"):
        began, microseconds, words = int(entry[1]), int(entry[2]), entry[3]
        name = _command_name(words[0] if words else b"")
        row = found.setdefault(
            name, {"command": name, "entries": 0, "entries_24h": 0, "longest_24h_ms": 0.0}
        )
        row["entries"] += 1
        if now - began <= _DAY_S:
            row["entries_24h"] += 1
            row["longest_24h_ms"] = max(row["longest_24h_ms"], round(microseconds / 1000, 3))
    return sorted(found.values(), key=lambda row: (-row["longest_24h_ms"], row["command"]))


def _command_name(word: bytes) -> str:
    name = word.decode("ascii", "replace").lower()
    return name if _COMMAND.fullmatch(name) else "other"


def latency_events(sample: Sample) -> list[Row]:
    """One row for each kind of delay that the latency monitor recorded."""
    now = _server_time(sample)
    rows = [
        {
            "event": _command_name(event[0]),
            "latest_ms": int(event[2]),
            "longest_ms": int(event[3]),
            "age_s": max(0, now - int(event[1])),
        }
        for event in sample.reply("LATENCY LATEST")
    ]
    return sorted(rows, key=lambda row: (-row["longest_ms"], row["event"]))


def big_keys(sample: Sample) -> list[Row]:
    """The largest keys of a sample, with the first part of their names."""
    found = _measured(sample)
    measured, refused = len(found.sizes), found.refused
    largest = sorted(found.sizes, key=lambda pair: (-pair[1], pair[0]))[:_TOP]
    return [
        {
            "key_family": _family(key),
            "size_kb": round(size / 1024, 1),
            "keys_measured": measured,
            "keys_refused": refused,
            "all_keys_seen": found.complete,
            "examined": measured,
        }
        for key, size in largest
    ]


def _family(key: bytes) -> str:
    """The first part of a key's name, if it is a plain word; the rest may be anybody's data."""
    first = re.split(r"[:/|.#{}]", key.decode("utf-8", "replace").lstrip("{"), maxsplit=1)[0]
    return f"{first}..." if _PLAIN.fullmatch(first) else "(name withheld)"


def _measured(sample: Sample) -> KeySizes:
    found: KeySizes = sample.reply("MEMORY USAGE")
    if found.refused and not found.sizes:
        raise NoAnswer(
            "the role may not measure any key. To find out: grant the probing user the key "
            "permission %R~* (7.0), which lets it read no value while no reading command is granted"
        )
    return found


def key_families(sample: Sample) -> list[Row]:
    """One row for each first part of the sampled keys: how many, how large.

    The expiry of a single key cannot be asked without counting as a look-up, so the share of keys
    that never expire is that of the whole instance.
    """
    found = _measured(sample)
    sizes: dict[str, list[int]] = {}
    for key, size in found.sizes:
        sizes.setdefault(_family(key), []).append(size)
    total = sum(map(sum, sizes.values())) or 1
    counted = databases(sample)
    keys = sum(row["keys"] for row in counted)
    lasting = round(100 - 100 * sum(r["with_expiry"] for r in counted) / keys, 1) if keys else None
    rows: list[Row] = [
        {
            "key_family": family,
            "keys_measured": len(each),
            "size_kb": round(sum(each) / 1024, 1),
            "largest_kb": round(max(each) / 1024, 1),
            "size_pct": round(100 * sum(each) / total, 1),
            "without_expiry_pct": lasting,
            "all_keys_seen": found.complete,
        }
        for family, each in sizes.items()
    ]
    rows.sort(key=lambda row: (-row["size_kb"], row["key_family"]))
    return [row | {"examined": len(rows)} for row in rows[:_TOP]]


def errors(sample: Sample) -> list[Row]:
    """One row for each kind of error that commands ended with.

    ``greetings``: errors that connections alone explain, because a client library introduces itself
    by two ``CLIENT SETINFO``, which servers before 7.2 do not know.
    """
    if "errorstats" not in sample.after.sections:
        raise NoAnswer("the server does not report its errors. To find out: ask its operator")
    rows: list[Row] = []
    connections = sample.after.get("total_connections_received")
    greetings = 2 * connections if isinstance(connections, int) else None
    for name in sorted(sample.after.fields):
        error = name.removeprefix("errorstat_")
        if error == name or not re.fullmatch(r"[A-Z]{2,20}", error):
            continue
        row: Row = {
            "error": error,
            "errors": _count(sample.after, name),
            "greetings": greetings,
        }
        is_compared = sample.before is not sample.after
        row["errors_in_window"] = (
            row["errors"] - _count(sample.before, name) if is_compared else None
        )
        rows.append(row)
    return sorted(rows, key=lambda row: (-row["errors"], row["error"]))


def _count(info: Info, name: str) -> int:
    counted = info.part(name, "count")
    return counted if isinstance(counted, int) else 0


def _server_time(sample: Sample) -> int:
    microseconds = sample.after.get("server_time_usec")
    if not isinstance(microseconds, int):
        raise NoAnswer("the server does not tell its time. To find out: check by hand")
    return microseconds // 1_000_000


READINGS: Mapping[str, Callable[[Sample], list[Row]]] = {
    "big_keys": big_keys,
    "commands": commands,
    "databases": databases,
    "errors": errors,
    "key_families": key_families,
    "latency_events": latency_events,
    "slow_log": slow_log,
}
