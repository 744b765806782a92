"""Which evidence is easier seen than read, as bars: labels, lengths, and a limit where one is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .session import Reading
from .untrusted import plain

MAX_BARS = 10
_LABEL_CHARACTERS = 90


@dataclass(frozen=True)
class Bar:
    label: str
    text: str
    #: Per cent of the longest bar or of the limit, whichever is longer.
    length: float
    is_over: bool = False


@dataclass(frozen=True)
class Chart:
    title: str
    bars: tuple[Bar, ...]
    #: Where the limit lies on the scale of the bars, in per cent, and what it is.
    limit: float | None = None
    limit_text: str = ""


@dataclass(frozen=True)
class _Rows:
    """How to draw the rows of a probe: a column for the label, one for the value."""

    title: str
    label: str
    value: str
    unit: str = ""
    whole: float | None = None


_OF_PROBE: Mapping[str, _Rows] = {
    "postgres/statements-by-total-time": _Rows(
        "Share of total statement time", "query_untrusted", "share_pct", "%", 100.0
    ),
    "postgres/n-plus-one-suspects": _Rows(
        "Calls for each call of the parent", "query_untrusted", "calls_per_parent_call"
    ),
    "postgres/spilling-statements": _Rows(
        "Temporary files written", "query_untrusted", "temp_mb", "MB"
    ),
    "postgres/unused-indexes": _Rows("Size of unused indexes", "index_name", "index_kb", "kB"),
    "postgres/duplicate-indexes": _Rows(
        "Size of redundant indexes", "index_name", "index_kb", "kB"
    ),
    "postgres/sequential-scans": _Rows("Rows read by full scans", "table_name", "seq_rows_read"),
    "postgres/dead-rows": _Rows("Dead rows", "table_name", "dead_pct", "%", 100.0),
    "postgres/stale-statistics": _Rows(
        "Changed since statistics were gathered", "table_name", "changed_pct", "%", 100.0
    ),
    "postgres/table-bloat": _Rows("Wasted space", "table_name", "wasted_mb", "MB"),
}


def of(reading: Reading) -> Chart | None:
    """Return the chart of a reading, ``None`` where rows say it better."""
    if reading.probe == "postgres/connection-budget":
        return _connections(reading.observed)
    if reading.probe == "postgres/cache-hit-ratio":
        return _hit_ratio(reading.observed)
    form = _OF_PROBE.get(reading.probe)
    return _rows(form, reading) if form else None


def _rows(form: _Rows, reading: Reading) -> Chart | None:
    pairs = [
        (row.get(form.label) or row.get("queryid") or "?", row[form.value])
        for row in reading.rows
        if _is_positive(row.get(form.value))
    ]
    pairs.sort(key=lambda pair: -pair[1])
    if not pairs or (len(pairs) == 1 and form.whole is None):
        return None  # one bar without a scale shows nothing
    longest = form.whole or pairs[0][1]
    bars = tuple(_bar(label, value, longest, form.unit) for label, value in pairs[:MAX_BARS])
    return Chart(form.title, bars)


def _connections(observed: Mapping[str, Any]) -> Chart | None:
    names = {"pool_total": "all pools together", "in_use": "in use now"}
    known = {text: observed[n] for n, text in names.items() if _is_positive(observed.get(n))}
    limit = observed.get("usable")
    if not known or limit is None or not _is_positive(limit):
        return None
    longest = max(*known.values(), limit)
    bars = tuple(_bar(text, value, longest, "", limit) for text, value in known.items())
    return Chart("Connections", bars, 100 * limit / longest, f"{limit} usable by applications")


def _hit_ratio(observed: Mapping[str, Any]) -> Chart | None:
    value = observed.get("hit_pct")
    if value is None or not _is_positive(value):
        return None
    return Chart("Blocks found in shared buffers", (_bar("hit ratio", value, 100.0, "%"),))


def _bar(label: Any, value: float, longest: float, unit: str, limit: float | None = None) -> Bar:
    text = f"{value:,.1f}".removesuffix(".0") + (f" {unit}" if unit else "")
    length = round(min(100.0, 100 * value / longest), 2)
    return Bar(plain(label, _LABEL_CHARACTERS), text, length, limit is not None and value > limit)


def _is_positive(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e18
