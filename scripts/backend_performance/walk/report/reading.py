"""One reading as Markdown: what a probe said about the audited system, as inert text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...diagnosis.evidence.model import ROW_WORDS, RULE_WORDS
from ..order import WORDS
from ..session import Reading
from ..untrusted import cell, code, sentence

SHORT_ROWS = 3
SHORT_COLUMNS = 7


def section(reading: Reading, full: bool) -> Iterator[str]:
    """Yield the lines about ``reading``; complete with caveats and source."""
    yield summary(reading, full)
    yield ""
    if reading.question:
        yield f"To decide: {sentence(reading.question)}"
        yield ""
    is_observed = not reading.rows or _is_about_one(reading)
    if full or not is_observed:
        yield from _table(reading, full)
    counts = () if full else ("examined", *WORDS)
    observed = {key: value for key, value in reading.observed.items() if key not in counts}
    if observed and (full or is_observed):
        yield f"Observed: {_pairs(observed)}"
        yield ""
    if reading.threshold:
        yield f"Threshold: {_pairs(reading.threshold)}"
        yield ""
    if full:
        yield from _grounds(reading)


def summary(reading: Reading, full: bool = False) -> str:
    """Return verdict, probe and reason in one line."""
    took = f" ({reading.took_ms:g} ms)" if full and reading.took_ms is not None else ""
    reason = sentence(reading.reason or "no reason given")
    return f"**{WORDS[reading.verdict]}** by `{reading.probe}`{took}: {reason}"


def _is_about_one(reading: Reading) -> bool:
    """Return whether what was observed says more of the only row than its other columns."""
    shared = sum(name in reading.observed for name in reading.rows[0])
    return len(reading.rows) == 1 and 2 * shared >= len(reading.rows[0])


def _grounds(reading: Reading) -> Iterator[str]:
    if reading.caveats:
        yield "Caveats: " + " ".join(sentence(caveat) for caveat in reading.caveats)
        yield ""
    if reading.source:
        yield f"Source: {sentence(reading.source)}"
        yield ""


def _table(reading: Reading, full: bool) -> Iterator[str]:
    rows = reading.rows if full else telling(reading)[:SHORT_ROWS]
    if not rows:
        return
    columns = (
        list(dict.fromkeys(key for row in rows for key in row if key not in RULE_WORDS))
        if full
        else telling_columns(reading)
    )
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


def telling_columns(reading: Reading) -> list[str]:
    """Return the columns worth their width: what `observed` says of every row is left out."""
    rows = telling(reading)
    names = dict.fromkeys(key for row in rows for key in row)
    told = {
        name
        for name, value in reading.observed.items()
        if all(row.get(name) == value for row in rows)
    }
    return [name for name in names if name not in ROW_WORDS and name not in told][:SHORT_COLUMNS]


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{code(name, 60)} {code(value)}" for name, value in values.items())
