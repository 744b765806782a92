"""Which evidence is easier seen than read: probe → chart, drawn only where its figures are there.

A probe that is not listed is shown as a table, which is never wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..session import Reading
from . import shapes
from .shapes import Bars, Limit, Line, Spread

Chart = Bars | Spread | Line
_Draw = Callable[[Reading], Chart | None]
_PERCENTILES = {"p50_ms": "P50", "p95_ms": "P95", "p99_ms": "P99", "max_ms": "max"}
_BYTES_PER_MB = 1_000_000


def of(reading: Reading) -> Chart | None:
    """Return the chart of a reading; ``None`` if there is none or rows show it better."""
    draw = _OF_PROBE.get(reading.probe)
    # Too few figures for a verdict are too few for a picture, which would look like one.
    return draw(reading) if draw and reading.verdict != "unknown" else None


def _rows(
    title: str, label: str, value: str, unit: str = "", whole: float | None = None, rest: str = ""
) -> _Draw:
    """Return a chart of one bar a row; ``rest`` names what is missing from the whole."""

    def draw(reading: Reading) -> Bars | None:
        pairs = [
            (row.get(label) or row.get("queryid") or row.get("digest") or "?", row[value])
            for row in reading.rows
            if shapes.is_figure(row.get(value)) and row[value] > 0
        ]
        pairs.sort(key=lambda pair: -pair[1])
        if not pairs or (len(pairs) == 1 and whole is None):
            return None  # one bar without a scale shows nothing
        if rest and whole is not None:
            pairs = pairs[: shapes.MAX_BARS - 1]
            left = whole - sum(share for _, share in pairs)
            pairs += [(rest, left)] if left > 0.05 else []
        bounds = shapes.limits(reading.threshold, value, unit) if whole is not None else ()
        return shapes.bars(title, pairs, unit, whole=whole, bounds=bounds)

    return draw


def _gauge(title: str, judged: str, named: Mapping[str, str]) -> _Draw:
    """Return a chart of observed percentages, against the bounds that judge one of them."""

    def draw(reading: Reading) -> Bars | None:
        pairs = _observed(reading, named)
        bounds = shapes.limits(reading.threshold, judged, "%")
        return shapes.bars(title, pairs, "%", whole=100.0, bounds=bounds) if pairs else None

    return draw


def _budget(limit: str, meaning: str, named: Mapping[str, str]) -> _Draw:
    """Return a chart of counts against a limit that was itself observed."""

    def draw(reading: Reading) -> Bars | None:
        pairs, most = _observed(reading, named), reading.observed.get(limit)
        if not pairs or not shapes.is_figure(most) or not most:
            return None
        bound = Limit(float(most), "fail", f"{shapes.figure(most)} {meaning}")
        return shapes.bars("Connections", pairs, "", bounds=(bound,))

    return draw


def _latency(judged: str) -> _Draw:
    """Return the spread of response times by address, with target and action trigger."""

    def draw(reading: Reading) -> Spread | None:
        found = [
            (row.get("path_untrusted") or row.get("address") or _first(reading), points)
            for row in reading.rows or (reading.observed,)
            if len(points := _points(row)) > 1
        ]
        bounds = shapes.limits(reading.threshold, judged, "ms")
        return shapes.spread("Response times", found, "ms", bounds) if found else None

    return draw


def _first(reading: Reading) -> str:
    """Return what the figures are of where no row passed for telling: those of the first one."""
    examined = reading.observed.get("examined")
    return "the address" if examined in (1, None) else f"the first of {examined} addresses"


def _memory(reading: Reading) -> Line | None:
    """Return resident memory over time with the slope that was observed."""
    series = [
        (float(row["seconds"]), row["rss_bytes"] / _BYTES_PER_MB)
        for row in reading.rows
        if shapes.is_figure(row.get("seconds")) and shapes.is_figure(row.get("rss_bytes"))
    ]
    slope = reading.observed.get("slope_bytes_per_hour")
    # A slope may fall: only its size has to be one of a measurement.
    if not isinstance(slope, (int, float)) or not shapes.is_figure(abs(slope)):
        return shapes.line("Resident memory", series, "MB", None)
    return shapes.line("Resident memory", series, "MB", slope / _BYTES_PER_MB)


def _observed(reading: Reading, named: Mapping[str, str]) -> list[tuple[str, float]]:
    found = ((text, reading.observed.get(name)) for name, text in named.items())
    return [(text, value) for text, value in found if shapes.is_figure(value)]


def _points(row: Mapping[str, Any]) -> list[tuple[str, float]]:
    found = ((text, row.get(name)) for name, text in _PERCENTILES.items())
    return [(text, float(value)) for text, value in found if shapes.is_figure(value) and value]


_STATEMENTS = _rows(
    "Share of total statement time", "query_untrusted", "share_pct", "%", 100.0, "all others"
)
_REPEATED = _rows("Calls for each call of the parent", "query_untrusted", "calls_per_parent_call")
_POOLS = {"pool_total": "all pools together", "in_use": "in use now"}

#: One line for each probe whose figures deserve a picture.
_OF_PROBE: Mapping[str, _Draw] = {
    "postgres/statements-by-total-time": _STATEMENTS,
    "postgres/n-plus-one-suspects": _REPEATED,
    "postgres/spilling-statements": _rows(
        "Temporary files written", "query_untrusted", "temp_mb", "MB"
    ),
    "postgres/unused-indexes": _rows("Size of unused indexes", "index_name", "index_kb", "kB"),
    "postgres/duplicate-indexes": _rows(
        "Size of redundant indexes", "index_name", "index_kb", "kB"
    ),
    "postgres/sequential-scans": _rows("Rows read by full scans", "table_name", "seq_rows_read"),
    "postgres/dead-rows": _rows("Dead rows", "table_name", "dead_pct", "%", 100.0),
    "postgres/stale-statistics": _rows(
        "Changed since statistics were gathered", "table_name", "changed_pct", "%", 100.0
    ),
    "postgres/table-bloat": _rows("Wasted space", "table_name", "wasted_mb", "MB"),
    "postgres/connection-budget": _budget("usable", "usable by applications", _POOLS),
    "postgres/cache-hit-ratio": _gauge(
        "Blocks found in shared buffers", "hit_pct", {"hit_pct": "since the statistics began"}
    ),
    "mysql/statements-by-total-time": _STATEMENTS,
    "mysql/n-plus-one-suspects": _REPEATED,
    "mysql/connection-budget": _budget(
        "max_connections", "accepted by the server", _POOLS | {"peak": "most so far"}
    ),
    "mysql/buffer-pool-hit-ratio": _gauge(
        "Pages found in the buffer pool", "hit_pct", {"hit_pct": "since the start"}
    ),
    "redis/hit-ratio": _gauge(
        "Lookups found in the cache",
        "hit_pct",
        {"hit_pct": "in the window", "hit_pct_since_start": "since the start"},
    ),
    "redis/connection-budget": _budget(
        "maxclients",
        "accepted by the server",
        {"pool_total": "all pools together", "connected": "connected now"},
    ),
    "redis/big-keys": _rows("Largest keys", "key_family", "size_kb", "kB"),
    "http/latency-p95": _latency("p95_ms"),
    "http/latency-p99": _latency("p99_ms"),
    "process/memory-trend": _memory,
    "sqllog/time-by-statement": _STATEMENTS,
}
