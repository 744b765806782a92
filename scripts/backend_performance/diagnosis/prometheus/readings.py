"""Rows of the probes that judge families by what they mean: durations and failures."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..probes.probe import Probe
from ..trouble import NoAnswer
from .buckets import around
from .client import Server
from .durations import Duration, Key, Measured, filled, measured
from .families import Held
from .labels import grouping, named, value

Row = dict[str, Any]
Families = Mapping[str, Sequence[Held]]
_NOT_WHOLE = "too many to tell apart"
_THREE_DIGITS = re.compile(r"[1-5]\d\d")


async def percentile(server: Server, probe: Probe, families: Families, window_s: int) -> list[Row]:
    """One row for each thing: between which edges the percentile of its durations lies."""
    share, figure = probe.settings["share"], probe.settings["figure"]
    rows = []
    for each in await _all(server, _chosen(probe, families), window_s):
        if isinstance(each, dict):
            rows.append(each | {figure: None, "above": None, "at_most": None})
            continue
        rows += [
            _named(each, key) | _percentile(each, duration, share, figure)
            for key, duration in each.by.items()
        ]
    return rows


async def time_share(server: Server, probe: Probe, families: Families, window_s: int) -> list[Row]:
    """One row for each thing: its share of all the time that its family measured in its job."""
    rows = []
    for each in await _all(server, _chosen(probe, families), window_s):
        if isinstance(each, dict):
            rows.append(each | {"share_pct": None, "in_flight": None, "things": 0})
            continue
        job = each.meanings.index("job")
        spent: defaultdict[str, list[float]] = defaultdict(list)
        for key, duration in each.by.items():
            spent[key[job]].append(duration.sum or 0.0)
        rows += [
            _named(each, key)
            | _common(each, duration)
            | _share(each, duration, spent[key[job]], window_s)
            for key, duration in each.by.items()
            if duration.sum
        ]
    return sorted(rows, key=lambda row: -(row["in_flight"] or 0))


def _share(each: Measured, duration: Duration, spent: Sequence[float], window_s: int) -> Row:
    estimates = {
        f"p{round(share * 100)}_ms": _estimate(each, duration, share) for share in (0.5, 0.95, 0.99)
    }
    return {
        "share_pct": 100 * (duration.sum or 0.0) / sum(spent),
        "per_second": (duration.samples or 0.0) / window_s,
        "in_flight": _in_flight(each, duration, window_s),
        "things": sum(1 for part in spent if part > 0),
        **estimates,
    }


async def failures(server: Server, probe: Probe, families: Families, window_s: int) -> list[Row]:
    """One row for each thing whose requests carry a status: how many came, how many failed."""
    meanings = tuple(probe.settings["meanings"])
    rows: list[Row] = []
    for held in _chosen(probe, families):
        try:
            rows += await _failures(server, held, meanings, window_s)
        except NoAnswer as error:
            rows.append(_unread(held, error) | {"errors": None, "error_pct": None})
    if not rows:
        raise NoAnswer(
            f"nothing that the server holds and that is known to be {probe.settings['what']} has "
            "a label with a status, or it did not rise. To find out: record the status, or raise "
            "--window"
        )
    return rows


async def _failures(
    server: Server, held: Held, meanings: tuple[str, ...], window_s: int
) -> list[Row]:
    labels = held.family.labels
    part = "" if held.family.is_counter and "" in held.parts else "count"
    if part not in held.parts:
        return []
    asked = [labels.get(meaning, ()) for meaning in (*meanings, "side", "status")]
    query = filled(
        "sum by ({by}) (increase({count}[{window}]))",
        window_s,
        by=grouping(asked),
        count=held.selector(part),
    )
    came: defaultdict[Key, float] = defaultdict(float)
    failed: defaultdict[Key, float] = defaultdict(float)
    for point in await server.query(query):
        *about, status = (value(point.labels, alternatives) for alternatives in asked)
        if point.value is None or not _is_status(held, status):
            continue
        key = tuple(about)
        came[key] += point.value
        failed[key] += point.value if held.family.failed.fullmatch(status) else 0.0
    names = (*meanings, "side")
    return [
        {
            "family": held.base,
            **named(names, key),
            "unread": None,
            "samples": count,
            "errors": failed[key],
            "error_pct": 100 * failed[key] / count if count else None,
        }
        for key, count in came.items()
    ]


async def calls_per_request(
    server: Server, probe: Probe, families: Families, window_s: int
) -> list[Row]:
    """One row for each job that records both: database calls for each of its requests."""
    calls: defaultdict[str, float] = defaultdict(float)
    requests: defaultdict[str, float] = defaultdict(float)
    for file, counted in (("database", calls), ("server", requests)):
        for each in await _all(server, families[file], window_s):
            if not isinstance(each, Measured):
                continue
            jobs: defaultdict[str, float] = defaultdict(float)
            for key, duration in each.by.items():
                jobs[key[each.meanings.index("job")]] += duration.samples or 0.0
            for job, count in jobs.items():
                # Two families of one job count the same requests.
                counted[job] = max(counted[job], count)
    return [
        {
            "family": "calls and requests",
            "job": job,
            "unread": None,
            "samples": requests[job],
            "statements_per_request": calls[job] / requests[job],
        }
        for job in calls
        if requests[job] > 0
    ]


def _is_status(held: Held, status: str) -> bool:
    """Whether the label holds a status at all: `status` and `code` mean other things elsewhere."""
    known = _THREE_DIGITS.fullmatch(status) or re.fullmatch(r"[1-5][xX]{2}", status)
    return bool(known or held.family.failed.fullmatch(status) or _is_named(held, status))


def _is_named(held: Held, status: str) -> bool:
    """Whether the family's failures are words or short codes, so that any other is a success."""
    return bool(status) and not held.family.failed.fullmatch("503")


def _chosen(probe: Probe, families: Families) -> list[Held]:
    return [held for file in probe.settings["families"] for held in families[file]]


async def _all(server: Server, chosen: Iterable[Held], window_s: int) -> list[Measured | Row]:
    """What each family says; a row that says why where it cannot be asked."""
    found: list[Measured | Row] = []
    for held in chosen:
        try:
            found.append(await measured(server, held, window_s))
        except NoAnswer as error:
            found.append(_unread(held, error) | {"torn": False, "kind": "", "mean_ms": None})
    return found


def _unread(held: Held, error: NoAnswer) -> Row:
    return {"family": held.base, "unread": str(error), "samples": None}


def _named(each: Measured, key: Key) -> Row:
    about = named(each.meanings, key)
    if not each.is_whole:
        about["route_untrusted"] = _NOT_WHOLE
    return {"family": each.held.base, **about}


def _common(each: Measured, duration: Duration) -> Row:
    return {
        "unread": None,
        "unit_ms": each.factor(duration),
        "samples": duration.samples,
        "mean_ms": _ms(each, duration, duration.mean),
    }


def _ms(each: Measured, duration: Duration, figure: float | None) -> float | None:
    factor = each.factor(duration)
    return None if figure is None or factor is None else figure * factor


def _in_flight(each: Measured, duration: Duration, window_s: int) -> float | None:
    """How many are under way on average: rate times mean (Little's law)."""
    milliseconds = _ms(each, duration, duration.sum)
    return None if milliseconds is None else milliseconds / 1000 / window_s


def _estimate(each: Measured, duration: Duration, share: float) -> float | None:
    if duration.distribution is None:
        return None
    return _ms(each, duration, around(duration.distribution, share)[0])


def _percentile(each: Measured, duration: Duration, share: float, figure: str) -> Row:
    row = _common(each, duration) | {"torn": False, figure: None, "above": None, "at_most": None}
    factor = each.factor(duration) or 1.0
    if duration.distribution is not None and duration.distribution.edges:
        estimate, bucket = around(duration.distribution, share)
        above = max(bucket.low, 0.0) * factor if bucket else None
        beyond = estimate is None
        return row | {
            "kind": "histogram",
            "torn": duration.distribution.torn,
            figure: None if estimate is None else estimate * factor,
            "above": above,
            "at_most": None if beyond or bucket is None else bucket.high * factor,
        }
    if (bounds := duration.between(share)) is not None:
        least, most = bounds
        at_most = None if most is None else most * factor
        return row | {"kind": "summary", "above": least * factor, "at_most": at_most}
    return row | {"kind": "mean" if duration.sum is not None else "count"}
