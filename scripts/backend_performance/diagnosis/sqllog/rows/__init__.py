"""Rows of a digest, one function for each probe's ``measure.from``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..digest import Digest
from . import moments, repeated, statements
from .row import Row, Rows

ROWS: dict[str, Callable[[Digest], Rows]] = {
    "n-plus-one": repeated.repeats("n-plus-one"),
    "repeated": repeated.repeats("repeated"),
    "write-loop": repeated.repeats("write-loop"),
    "per_request": repeated.per_request,
    "time": statements.time,
    "lock_time": statements.lock_time,
    "rows_examined": statements.rows_examined,
    "temporary": statements.temporary,
    "plans": statements.plans,
    "cancelled": statements.cancelled,
    "bursts": moments.bursts,
    "lock_waits": moments.lock_waits,
    "slow_minutes": moments.slow_minutes,
    "connections": moments.connections,
}


def rows(what: str, digest: Digest, common: Mapping[str, Any]) -> list[Row]:
    """Return the rows of one kind, each with the columns that all have in common.

    ``examined`` is how many objects the probe looked at, which its reason names.
    """
    found, examined = ROWS[what](digest)
    return [{**common, "examined": max(examined, 1), **row} for row in found]
