"""What happened at one moment: bursts, lock waits, slow minutes, connections."""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import median

from ..digest import Digest
from ..locks import Wait
from ..tally import Minute, Total
from .row import TOP, Row, Rows, ranked


def bursts(digest: Digest) -> Rows:
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
    return ranked(digest, lambda total: total.burst.ms if total.burst.calls > 1 else 0.0, row, none)


def lock_waits(digest: Digest) -> Rows:
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


def slow_minutes(digest: Digest) -> Rows:
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


def connections(digest: Digest) -> Rows:
    tally = digest.tally
    each = round(tally.statements / tally.connects, 1) if tally.connects else None
    return [{"connects": tally.connects, "statements_per_connection": each}], 1
