"""Rows of a digest, one function for each probe's ``measure.from``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from statistics import median
from typing import Any

from .digest import Digest
from .groups import Repeat
from .locks import Wait
from .tally import Minute, Total

TOP = 20
Row = dict[str, Any]
Column = Mapping[str, Any]


def rows(what: str, digest: Digest, common: Column) -> list[Row]:
    """Return the rows of one kind, each with the columns that all have in common.

    ``examined`` is how many objects the probe looked at, which its reason names.
    """
    found, examined = ROWS[what](digest)
    return [{**common, "examined": max(examined, 1), **row} for row in found]


Rows = tuple[list[Row], int]


def _repeats(kind: str) -> Callable[[Digest], Rows]:
    def read(digest: Digest) -> Rows:
        found = [one for one in digest.repeats.found.values() if one.kind == kind]
        found.sort(key=lambda one: (-one.calls, one.template))
        shown = [_repeat(one) for one in found[: TOP * 5]] or [_NO_REPEAT]
        return shown, digest.repeats.groups

    return read


_NO_REPEAT: Row = {
    "repeats": 0,
    "groups": 0,
    "calls": 0,
    "run_ms": 0,
    "key": "none",
    "parameters": "none",
    "source_found": False,
    "query_untrusted": None,
    "source_query_untrusted": None,
}


def _repeat(found: Repeat) -> Row:
    return {
        "repeats": found.repeats,
        "groups": found.groups,
        "calls": found.calls,
        "run_ms": None if found.run_ms is None else round(found.run_ms, 2),
        "key": found.key,
        "parameters": found.parameters,
        "source_found": found.source is not None,
        "query_untrusted": found.template,
        "source_query_untrusted": found.source,
    }


def _per_request(digest: Digest) -> Rows:
    counts = digest.repeats.per_request
    requests = sum(counts.values())
    row = {
        "requests": requests,
        "statements_p50": _at(counts, requests, 0.5),
        "statements_p95": _at(counts, requests, 0.95),
        "statements_max": max(counts, default=None),
    }
    return [row], requests


def _at(counts: Mapping[int, int], total: int, share: float) -> int | None:
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= share * total:
            return value
    return None


def _time(digest: Digest) -> Rows:
    timed = [(text, total) for text, total in digest.tally.totals.items() if total.timed]
    whole = sum(total.ms for _, total in timed)
    count = sum(total.timed for _, total in timed)
    timed.sort(key=lambda one: -one[1].ms)
    shown = [
        {
            "timed": count,
            "calls": total.calls,
            "total_ms": round(total.ms, 1),
            "mean_ms": round(total.ms / total.timed, 2),
            "max_ms": round(total.max_ms, 1),
            "share_pct": round(100 * total.ms / whole, 1) if whole else 0.0,
            "query_untrusted": text,
        }
        for text, total in timed[:TOP]
    ]
    return shown or [_NO_TIME], len(timed)


_NO_TIME: Row = {
    "timed": 0,
    "calls": 0,
    "total_ms": None,
    "mean_ms": None,
    "max_ms": None,
    "share_pct": None,
    "query_untrusted": None,
}


def _ranked(
    digest: Digest, size: Callable[[Total], float], row: Callable[[Total], Row], none: Row
) -> Rows:
    """Return the statements of which ``size`` is not 0, largest first."""
    found = [(text, one) for text, one in digest.tally.totals.items() if size(one) > 0]
    found.sort(key=lambda one: -size(one[1]))
    shown = [{**row(total), "query_untrusted": text} for text, total in found[:TOP]]
    return shown or [{**none, "query_untrusted": None}], len(digest.tally.totals)


def _lock_time(digest: Digest) -> Rows:
    def row(total: Total) -> Row:
        lock = total.lock_ms or 0.0
        return {
            "available": True,
            "calls": total.calls,
            "total_ms": round(total.ms, 1),
            "lock_ms": round(lock, 1),
            "lock_pct": round(100 * min(lock / total.ms, 1.0), 1) if total.ms else 0.0,
        }

    available = any(total.lock_ms is not None for total in digest.tally.totals.values())
    none = {"available": available, "calls": 0, "total_ms": 0, "lock_ms": 0, "lock_pct": 0}
    return _ranked(digest, lambda total: total.lock_ms or 0.0, row, none)


def _rows_examined(digest: Digest) -> Rows:
    def row(total: Total) -> Row:
        return {
            "available": True,
            "calls": total.calls,
            "total_ms": round(total.ms, 1),
            "rows_examined": total.rows_examined,
            "rows_sent": total.rows_sent,
            "examined_per_call": round(total.rows_examined / total.counted, 1),
            "examined_per_row": round(total.rows_examined / max(total.rows_sent, 1), 1),
            "full_scans": total.full_scans,
        }

    none: Row = dict.fromkeys(row(Total("read", counted=1)), 0)
    none["available"] = any(total.counted for total in digest.tally.totals.values())
    return _ranked(digest, lambda total: total.rows_examined, row, none)


def _temporary(digest: Digest) -> Rows:
    def row(total: Total) -> Row:
        return {
            "files": total.temporary_files,
            "mb": round(total.temporary_bytes / 1e6, 1),
            "disk_tables": total.disk_tables,
            "calls": total.calls,
        }

    none = {"files": 0, "mb": 0, "disk_tables": 0, "calls": 0}
    return _ranked(digest, lambda total: total.temporary_bytes + total.disk_tables * 1e6, row, none)


def _bursts(digest: Digest) -> Rows:
    def row(total: Total) -> Row:
        burst = total.burst
        return {
            "in_a_second": burst.calls,
            "from_sessions": len(burst.sessions - {""}),
            "burst_ms": round(burst.ms, 1),
            "mean_ms": round(burst.ms / burst.calls, 1),
            "calls": total.calls,
        }

    none = {"in_a_second": 0, "from_sessions": 0, "burst_ms": 0, "mean_ms": 0, "calls": 0}
    return _ranked(
        digest, lambda total: total.burst.ms if total.burst.calls > 1 else 0.0, row, none
    )


def _plans(digest: Digest) -> Rows:
    def row(total: Total) -> Row:
        means = [ms / count for count, ms in total.plans.values()]
        return {
            "plans": len(means),
            "fastest_mean_ms": round(min(means), 1),
            "slowest_mean_ms": round(max(means), 1),
            "times_slower": round(max(means) / max(min(means), 0.001), 1),
            "logged": sum(count for count, _ in total.plans.values()),
        }

    none: Row = dict.fromkeys(
        ("plans", "fastest_mean_ms", "slowest_mean_ms", "times_slower", "logged"), 0
    )
    return _ranked(digest, lambda total: len(total.plans), row, none)


def _cancelled(digest: Digest) -> Rows:
    def row(total: Total) -> Row:
        return {"cancelled": total.cancelled, "calls": total.calls}

    none = {"cancelled": 0, "calls": 0}
    return _ranked(digest, lambda total: total.cancelled, row, none)


def _lock_waits(digest: Digest) -> Rows:
    found = sorted(digest.waits.found.values(), key=lambda one: (-one.ms, -one.deadlocks))
    none: Row = dict.fromkeys(("waits", "wait_ms", "max_wait_ms", "deadlocks", "holders"), 0)
    none |= {"lock": "none", "holder_pid": None, "statement_ms": None}
    none |= {"query_untrusted": None, "holder_query_untrusted": None}
    return [_wait(one) for one in found[:TOP]] or [none], max(len(found), 1)


def _wait(found: Wait) -> Row:
    holder = found.holders.most_common(1)
    held_by = found.held_by.most_common(1)
    return {
        "waits": found.waits,
        "wait_ms": round(found.ms, 1),
        "max_wait_ms": round(found.max_ms, 1),
        "statement_ms": round(found.statement_ms, 1) or None,
        "deadlocks": found.deadlocks,
        "holders": len(found.holders),
        "lock": found.lock,
        "holder_pid": int(holder[0][0]) if holder else None,
        "query_untrusted": found.template or None,
        "holder_query_untrusted": held_by[0][0] if held_by else None,
    }


def _slow_minutes(digest: Digest) -> Rows:
    minutes = {at: one for at, one in digest.tally.minutes.items() if one.calls and at >= 0}
    means = {at: one.ms / one.calls for at, one in minutes.items()}
    usual = median(means.values()) if means else 0.0
    common = {
        "minutes": len(minutes),
        "usual_mean_ms": round(usual, 2),
        "checkpoints": sum(one.checkpoint_ms > 0 for one in digest.tally.minutes.values()),
        "vacuums": sum(one.vacuum_ms > 0 for one in digest.tally.minutes.values()),
    }
    slowest = sorted(minutes, key=lambda at: -means[at])[:TOP]
    shown = [
        {**common, **_minute(minutes[at], means[at], usual, at)}
        for at in slowest
        if means[at] > usual
    ]
    none = {"times_usual": 0, "calls": 0, "mean_ms": 0, "beside": "none", "minute": None}
    return shown or [{**common, **none}], max(len(minutes), 1)


def _minute(minute: Minute, mean: float, usual: float, at: int) -> Row:
    beside = [
        name
        for name, ms in (("checkpoint", minute.checkpoint_ms), ("autovacuum", minute.vacuum_ms))
        if ms > 0
    ]
    return {
        "times_usual": round(mean / usual, 1) if usual else 0,
        "calls": minute.calls,
        "mean_ms": round(mean, 2),
        "beside": "-and-".join(beside) or "nothing",
        "minute": datetime.fromtimestamp(at * 60, UTC),
    }


def _connections(digest: Digest) -> Rows:
    tally = digest.tally
    each = round(tally.statements / tally.connects, 1) if tally.connects else None
    return [{"connects": tally.connects, "statements_per_connection": each}], 1


ROWS: dict[str, Callable[[Digest], Rows]] = {
    "n-plus-one": _repeats("n-plus-one"),
    "repeated": _repeats("repeated"),
    "write-loop": _repeats("write-loop"),
    "per_request": _per_request,
    "time": _time,
    "lock_time": _lock_time,
    "rows_examined": _rows_examined,
    "temporary": _temporary,
    "bursts": _bursts,
    "plans": _plans,
    "cancelled": _cancelled,
    "lock_waits": _lock_waits,
    "slow_minutes": _slow_minutes,
    "connections": _connections,
}
