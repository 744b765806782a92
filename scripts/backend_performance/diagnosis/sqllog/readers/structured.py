"""Loggers' records in JSON that hold a statement in a field of their own: Serilog, zap, pino, and
a printed query log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..envelopes.json_record import at
from ..event import Clock, Count, Event, Item, Lines
from . import Reader

_STATEMENTS = [
    "sql",
    "query",
    "db.statement",
    "db.query.text",
    "statement",
    "commandText",
    "context.sql",
    "State.commandText",
    "Properties.commandText",
    "attributes.db.statement",
    "fields.db.statement",
    "data.query",
    "span.statement",
]
_PARAMETERS = [
    "params",
    "bindings",
    "args",
    "parameters",
    "values",
    "context.params",
    "State.parameters",
]
#: Fields of a duration and how many milliseconds their unit has.
_DURATIONS = {
    "duration_ms": 1.0,
    "durationMs": 1.0,
    "elapsed_ms": 1.0,
    "elapsedMs": 1.0,
    "elapsed": 1.0,
    "time": 1.0,
    "duration": 1.0,
    "State.elapsed": 1.0,
    "Properties.elapsed": 1.0,
    "elapsed_secs": 1000.0,
    "fields.elapsed_secs": 1000.0,
    "duration_s": 1000.0,
}
_SQL = re.compile(
    r"\s*(?:/\*|\(?select|insert|update|delete|with|begin|commit|rollback|merge|replace|call"
    r"|start transaction|savepoint)",
    re.I,
)


def statement(record: Mapping[str, Any]) -> str:
    """Return the statement that a record holds, or an empty text."""
    for path in _STATEMENTS:
        text = at(record, path)
        if isinstance(text, str) and _SQL.match(text):
            return text.strip()
    return ""


def _read(lines: Lines, count: Count) -> Iterator[Item]:
    clock = Clock()
    for line in lines:
        count.lines += 1
        record = line.record
        text = statement(record) if record is not None else ""
        if record is None or not text:
            continue  # the other records of the application
        yield Event(
            line.process or "log",
            text,
            line.at if line.at is not None else clock.read(str(at(record, "timestamp"))),
            _ms(record),
            request=line.request,
            parameters=_parameters(record),
        )


def _ms(record: Mapping[str, Any]) -> float | None:
    for path, factor in _DURATIONS.items():
        value = at(record, path)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e8:
            return float(value) * factor
        if isinstance(value, str):
            number = value.removesuffix("ms").strip()
            if number.replace(".", "", 1).isdigit() and len(number) < 12:
                return float(number) * factor
    return None


def _parameters(record: Mapping[str, Any]) -> str:
    value = next((found for path in _PARAMETERS if (found := at(record, path)) is not None), None)
    return "" if value is None else json.dumps(value, default=str)


READER = Reader(
    "structured",
    "an application's records in JSON",
    "any",
    lambda line: line.record is not None and bool(statement(line.record)),
    _read,
    application=True,
)
