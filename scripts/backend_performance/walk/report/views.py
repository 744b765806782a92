"""What the renderers show of a report: its name, its causes with their evidence, its picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...diagnosis import engines
from ..session import Target
from ..untrusted import plain
from . import shapes
from .model import Report
from .shapes import Bars

#: Probes whose rows say which statement takes which share of the time, the best first.
_SHARES = (
    "postgres/statements-by-total-time",
    "mysql/statements-by-total-time",
    "sqllog/time-by-statement",
)


def system_name(report: Report) -> str:
    """Return what was looked at: databases by name, else the engines."""
    names = [plain(t.server["database"], 60) for t in report.targets if t.server.get("database")]
    return ", ".join(dict.fromkeys(names)) or "Backend performance report"


def target_text(target: Target) -> str:
    """Return engine, version and where the address came from."""
    version = plain(target.server.get("version") or "", 40)
    name = engines.title(target.engine)
    shown = version if version.lower().startswith(name.lower()) else f"{name} {version}"
    return f"{shown.strip()} from {target.env}" if target.env else shown.strip()


def share_of_time(report: Report) -> Bars | None:
    """Return which statements take the time, by the first probe that measured shares."""
    readings = {reading.probe: reading for reading in report.readings}
    for probe in _SHARES:
        reading = readings.get(probe)
        pairs = _shares(reading.rows if reading else ())
        if pairs:
            left = 100.0 - sum(share for _, share in pairs)
            pairs += [("all others", round(left, 1))] if left > 0.05 else []
            return shapes.bars("Share of all statement time", pairs, "%", whole=100.0)
    return None


def _shares(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, float]]:
    found = [
        (str(row.get("query_untrusted") or "?"), float(row["share_pct"]))
        for row in rows
        if shapes.is_figure(row.get("share_pct")) and row["share_pct"] > 0
    ]
    return sorted(found, key=lambda pair: -pair[1])[: shapes.MAX_BARS - 1]


def folded_states(totals: Mapping[str, int]) -> str:
    """Return in one sentence how the checklist stands."""
    words = {
        "open": "not looked at",
        "unknown": "unknown",
        "pass": "passed",
        "not_applicable": "not applicable",
        "not_asked": "about engines that are not in use",
    }
    said = [f"{totals[state]} {text}" for state, text in words.items() if totals[state]]
    return ", ".join(said) or "none left"
