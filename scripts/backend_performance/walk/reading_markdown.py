"""One reading as Markdown: what a probe said about the audited system, as inert text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .report import WORDS
from .session import Reading
from .untrusted import cell, code, sentence

SHORT_ROWS = 5
SHORT_COLUMNS = 7


def section(reading: Reading, full: bool) -> Iterator[str]:
    """Yield the lines about ``reading``: verdict, reason, rows, threshold, caveats."""
    took = f" ({reading.took_ms:g} ms)" if full and reading.took_ms is not None else ""
    reason = sentence(reading.reason or "no reason given")
    yield f"**{WORDS[reading.verdict]}** by `{reading.probe}`{took}: {reason}"
    yield ""
    if reading.question:
        yield f"To decide: {sentence(reading.question)}"
        yield ""
    yield from _table(reading, full)
    if reading.observed:
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


def _table(reading: Reading, full: bool) -> Iterator[str]:
    rows = reading.rows if full else telling(reading)[:SHORT_ROWS]
    if not rows:
        return
    columns = list(dict.fromkeys(key for row in rows for key in row))
    if not full:
        columns = [name for name in columns if name not in ("verdict", *reading.observed)]
        columns = columns[:SHORT_COLUMNS]
    yield "| " + " | ".join(cell(column, 60) for column in columns) + " |"
    yield "| " + " | ".join("---" for _ in columns) + " |"
    for row in rows:
        yield "| " + " | ".join(cell(row.get(column), 160) for column in columns) + " |"
    yield ""
    left = len(telling(reading)) - len(rows)
    if left > 0:
        yield f"{left} more rows with `--full`."
        yield ""
    if reading.truncated:
        yield "The probe lists only the first ones."
        yield ""


def telling(reading: Reading) -> tuple[Mapping[str, Any], ...]:
    """Return the rows that led to the verdict, all where rows have no verdict of their own."""
    same = tuple(row for row in reading.rows if row.get("verdict") == reading.verdict)
    return same or reading.rows


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{code(name, 60)} {code(value)}" for name, value in values.items())
