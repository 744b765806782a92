"""One reading as Markdown: what a probe said about the audited system, as inert text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .report import WORDS
from .session import Reading
from .untrusted import cell, code, sentence

SHORT_ROWS = 5


def section(reading: Reading, full: bool) -> Iterator[str]:
    """Yield the lines about ``reading``: verdict, reason, rows, threshold, caveats."""
    took = f" ({reading.took_ms:g} ms)" if full and reading.took_ms is not None else ""
    reason = sentence(reading.reason or "no reason given")
    yield f"**{WORDS[reading.verdict]}** by `{reading.probe}`{took}: {reason}"
    yield ""
    if reading.question:
        yield f"To decide: {sentence(reading.question)}"
        yield ""
    yield from _table(reading, len(reading.rows) if full else SHORT_ROWS)
    if reading.observed and (full or not reading.rows):
        yield f"Observed: {_pairs(reading.observed)}"
        yield ""
    if reading.threshold:
        yield f"Threshold: {_pairs(reading.threshold)}"
        yield ""
    if reading.caveats:
        yield "Caveats: " + " ".join(sentence(caveat) for caveat in reading.caveats)
        yield ""
    if full and reading.source:
        yield f"Source: {sentence(reading.source)}"
        yield ""


def _table(reading: Reading, limit: int) -> Iterator[str]:
    shown = reading.rows[:limit]
    if not shown:
        return
    columns = list(dict.fromkeys(key for row in shown for key in row))
    yield "| " + " | ".join(cell(column, 60) for column in columns) + " |"
    yield "| " + " | ".join("---" for _ in columns) + " |"
    for row in shown:
        yield "| " + " | ".join(cell(row.get(column), 160) for column in columns) + " |"
    yield ""
    left = len(reading.rows) - len(shown)
    if left or reading.truncated:
        more = f"{left} more rows with `--full`. " if left else ""
        yield more + ("The probe lists only the first ones." if reading.truncated else "")
        yield ""


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{code(name, 60)} {code(value, 120)}" for name, value in values.items())
