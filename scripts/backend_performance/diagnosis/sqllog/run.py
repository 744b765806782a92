"""Reading one log to its end, or until time is up, and answering the probes."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, BinaryIO

from .. import catalog
from ..probe import Probe
from ..run import Rows, Run, answers
from ..trouble import CannotRun
from .formats import FORMATS, recognise
from .groups import Grouping

ENGINE = "sqllog"
TOTAL_SECONDS = 120.0
_HEAD = 64 * 1024
_EVERY = 2_000
_TOP = 20


def run_sqllog(
    file: Path,
    *,
    kind: str = "auto",
    dialect: str | None = None,
    only: Collection[str] | None = None,
    timeout: float = TOTAL_SECONDS,
) -> Run:
    """Read a log and answer the probes of the catalogue, or ``only`` those named.

    Raises:
        CannotRun: there is no such log, or nobody knows its format.
        UnknownProbeError: ``only`` names a probe that does not exist.
    """
    chosen = catalog.choose(catalog.load(ENGINE), only)
    started = time.monotonic()
    try:
        if not file.is_file():
            raise CannotRun(f"{file.name} is no regular file")
        size = file.stat().st_size
        with file.open("rb", buffering=1 << 20) as stream:
            kind = _kind(stream, kind)
            reader, spoken = FORMATS[kind]
            grouping = Grouping(dialect or spoken)
            complete = _read(reader(stream), grouping, started + timeout)
            read = min(stream.tell(), size) if not complete else size
    except OSError as error:
        raise CannotRun(f"the log cannot be read: {error.strerror}") from None
    read_pct = round(100 * read / size, 1) if size else 100.0
    took = (time.monotonic() - started) * 1000
    evidence = answers(chosen, lambda probe: _rows(probe, grouping, read_pct), shared_ms=took)
    totals = grouping.totals
    server = {
        "format": kind,
        "bytes": size,
        "read_pct": read_pct,
        "statements": totals.statements,
        "groups": totals.groups,
        "different_statements": len(grouping.templates),
    }
    return Run(server, evidence)


def _kind(stream: BinaryIO, kind: str) -> str:
    if kind != "auto":
        return kind
    head = stream.read(_HEAD)
    stream.seek(0)
    found = recognise(head)
    if found is None:
        raise CannotRun(
            "no known log: neither PostgreSQL's csvlog, jsonlog or stderr with statements, nor "
            f"MySQL's slow or general log, nor an ORM's; name it with --format {'|'.join(FORMATS)}"
        )
    return found


def _read(events: Any, grouping: Grouping, deadline: float) -> bool:
    for count, event in enumerate(events):
        grouping.add(event)
        if count % _EVERY == 0 and time.monotonic() > deadline:
            grouping.close()
            return False
    grouping.close()
    return True


def _rows(probe: Probe, grouping: Grouping, read_pct: float) -> Rows:
    totals = grouping.totals
    common = {
        "statements": totals.statements,
        "fastest_ms": totals.fastest_ms,
        "read_pct": read_pct,
        "examined": max(totals.groups, 1),
    }
    what = probe.reading
    if what == "per_request":
        rows = _per_request(grouping)
    elif what == "time":
        rows = _time(grouping)
    else:
        rows = _findings(grouping, what)
    return [common | row for row in rows]


def _findings(grouping: Grouping, kind: str) -> list[dict[str, Any]]:
    found = [f for f in grouping.findings.values() if f.kind == kind]
    found.sort(key=lambda f: (-f.calls, f.number))
    none = {
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
    return [
        {
            "repeats": f.repeats,
            "groups": f.groups,
            "calls": f.calls,
            "run_ms": None if f.run_ms is None else round(f.run_ms, 2),
            "key": f.key,
            "parameters": f.parameters,
            "source_found": f.source is not None,
            "query_untrusted": grouping.templates[f.number],
            "source_query_untrusted": None if f.source is None else grouping.templates[f.source],
        }
        for f in found[: _TOP * 5]
    ] or [none]


def _per_request(grouping: Grouping) -> list[dict[str, Any]]:
    counts = grouping.totals.per_request
    requests = sum(counts.values())
    return [
        {
            "requests": requests,
            "statements_p50": _at(counts, requests, 0.5),
            "statements_p95": _at(counts, requests, 0.95),
            "statements_max": max(counts, default=None),
        }
    ]


def _at(counts: Any, total: int, share: float) -> int | None:
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= share * total:
            return value
    return None


def _time(grouping: Grouping) -> list[dict[str, Any]]:
    totals = grouping.totals
    whole = sum(totals.spent_ms.values())
    rows = [
        {
            "timed": totals.timed,
            "calls": totals.calls[number],
            "total_ms": round(spent, 1),
            "mean_ms": round(spent / totals.calls[number], 2),
            "share_pct": round(100 * spent / whole, 1) if whole else 0.0,
            "query_untrusted": grouping.templates[number],
        }
        for number, spent in totals.spent_ms.most_common(_TOP)
    ]
    none = {
        "timed": 0,
        "calls": 0,
        "total_ms": None,
        "mean_ms": None,
        "share_pct": None,
        "query_untrusted": None,
    }
    return rows or [none]
