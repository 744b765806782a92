"""What each shape of statement took: time, locks, rows, temporary files, plans."""

from __future__ import annotations

from ..digest import Digest
from ..tally import Total
from .row import TOP, Row, Rows, ranked


def time(digest: Digest) -> Rows:
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
            "query_untrusted": text + total.sender,
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


def lock_time(digest: Digest) -> Rows:
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
    return ranked(digest, lambda total: total.lock_ms or 0.0, row, none)


def rows_examined(digest: Digest) -> Rows:
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
    return ranked(digest, lambda total: total.rows_examined, row, none)


def temporary(digest: Digest) -> Rows:
    def row(total: Total) -> Row:
        return {
            "files": total.temporary_files,
            "mb": round(total.temporary_bytes / 1e6, 1),
            "disk_tables": total.disk_tables,
            "calls": total.calls,
        }

    none = {"files": 0, "mb": 0, "disk_tables": 0, "calls": 0}
    return ranked(digest, lambda total: total.temporary_bytes + total.disk_tables * 1e6, row, none)


def plans(digest: Digest) -> Rows:
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
    return ranked(digest, lambda total: len(total.plans), row, none)


def cancelled(digest: Digest) -> Rows:
    def row(total: Total) -> Row:
        return {"cancelled": total.cancelled, "calls": total.calls}

    none = {"cancelled": 0, "calls": 0}
    return ranked(digest, lambda total: total.cancelled, row, none)
