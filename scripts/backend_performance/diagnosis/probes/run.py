"""One run, whatever the system: probes, and a function that gives the rows for one of them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from ..evidence.located import Located
from ..evidence.model import Evidence
from ..trouble import NoAnswer, ServerGone
from . import judging
from .key_metrics import Metrics, bound
from .probe import Probe

Rows = Sequence[Mapping[str, Any]]
#: Gives the rows for one probe, or raises `NoAnswer` with the reason why there are none.
RowsOf = Callable[[Probe], Rows]
#: What was measured at once for all probes, by the name of the reading.
Readings = Mapping[str, Rows | NoAnswer]
_NO_TIME = "the time budget of the run was used up. To find out: raise --timeout"


@dataclass(frozen=True)
class Run:
    """What was asked, described without credentials, and its answers in the order of probes."""

    server: Mapping[str, Any]
    evidence: tuple[Evidence, ...]
    located: tuple[Located, ...] = ()  #: where in code the things of other systems are


def answers(
    probes: Sequence[Probe],
    rows_of: RowsOf,
    *,
    metrics: Metrics = (),
    deadline: float = math.inf,
    shared_ms: float = 0.0,
) -> tuple[Evidence, ...]:
    """Return the evidence of each probe.

    Args:
        metrics: Rows of the key-metrics table, as in ``checklists/1``, for probes it judges.
        deadline: On the clock of ``time.monotonic``; no probe begins after it.
        shared_ms: What collecting for all probes took, to be shared among them.
    """
    found: list[Evidence] = []
    gone = ""
    share = shared_ms / max(len(probes), 1)
    for probe in probes:
        reason = gone or (_NO_TIME if time.monotonic() >= deadline else "")
        if reason:
            found.append(judging.missing(probe, reason))
            continue
        started = time.monotonic()
        try:
            one = answer(probe, rows_of, metrics)
        except ServerGone as error:
            gone = f"{error}. To find out: run the probe again"
            one = judging.missing(probe, gone)
        took_ms = share + (time.monotonic() - started) * 1000
        found.append(replace(one, took_ms=took_ms))
    return tuple(found)


def answer(probe: Probe, rows_of: RowsOf, metrics: Metrics = ()) -> Evidence:
    """Return the evidence of one probe.

    Raises:
        ServerGone: the connection is lost.
    """
    try:
        probe = bound(probe, metrics)
        return judging.judge(probe, rows_of(probe))
    except ServerGone:
        raise
    except NoAnswer as error:
        return judging.missing(probe, str(error))


def side_by_side(
    lanes: Sequence[RowsOf], probes: Sequence[Probe], *, deadline: float = math.inf
) -> tuple[Evidence, ...]:
    """Return the evidence in the order of ``probes``, which several connections answer.

    With more than one connection, the last one is for the probes that look several times.
    """
    slow = [probe for probe in probes if probe.looks] if len(lanes) > 1 else []
    quick, count = [probe for probe in probes if probe not in slow], len(lanes) - bool(slow)
    shares = [quick[number::count] for number in range(count)] + ([slow] if slow else [])
    with ThreadPoolExecutor(len(lanes)) as pool:
        found = pool.map(lambda lane, share: answers(share, lane, deadline=deadline), lanes, shares)
        by_probe = {one.probe: one for answered in found for one in answered}
    return tuple(by_probe[probe.id] for probe in probes)


def only_row(rows: Rows, columns: Mapping[str, type]) -> Mapping[str, Any]:
    """Return the one row of an answer that has these columns, of these types.

    Raises:
        NoAnswer: the answer has another form.
    """
    if len(rows) == 1 and all(
        name in rows[0] and isinstance(rows[0][name], kind) for name, kind in columns.items()
    ):
        return rows[0]
    raise NoAnswer("the answer has another form than expected")


def from_readings(readings: Readings) -> RowsOf:
    """Return the function that takes a probe's rows from what was measured for all of them."""

    def rows_of(probe: Probe) -> Rows:
        rows = readings[probe.reading]
        if isinstance(rows, NoAnswer):
            raise rows
        return rows

    return rows_of
