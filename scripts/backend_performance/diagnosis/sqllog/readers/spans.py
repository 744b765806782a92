"""Spans of OpenTelemetry (OTLP in JSON), Jaeger and Zipkin: statements with trace and duration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..envelopes.json_record import at
from ..event import Clock, Count, Event, Item, Lines
from . import Reader

_STATEMENTS = ("db.query.text", "db.statement", "sql.query", "db.sql.query")
_TRACES = ("traceId", "traceID", "trace_id", "SpanContext.TraceID", "context.trace_id")
_SPANS = ("spanId", "spanID", "span_id", "id", "SpanContext.SpanID", "context.span_id")
_PARENTS = ("parentSpanId", "parentSpanID", "parentId", "parent_id", "Parent.SpanID")
#: Moments as the exporters to a console write them.
_STARTS, _ENDS = ("start_time", "StartTime"), ("end_time", "EndTime")
#: Their statements are no SQL.
_NO_SQL = re.compile(
    r"redis|valkey|memcached|mongo|cassandra|dynamodb|elasticsearch|opensearch|couch|neo4j|hbase"
    r"|cosmosdb|geode|aws\.dynamodb",
    re.I,
)


def attributes(span: Mapping[str, Any]) -> dict[str, Any]:
    """Return a span's attributes; OTLP and Jaeger have a list of them, Zipkin a mapping."""
    found = span.get("attributes") or span.get("tags") or span.get("Attributes") or {}
    if isinstance(found, dict):
        return found
    values = {}
    for one in found[:500] if isinstance(found, list) else ():
        if isinstance(one, dict):
            key, value = one.get("key", one.get("Key")), one.get("value", one.get("Value"))
            if isinstance(value, dict):
                value = value["Value"] if "Value" in value else next(iter(value.values()), None)
            values[str(key)] = value
    return values


def statement(span: Mapping[str, Any]) -> str:
    """Return the statement of a span, or an empty text."""
    values = attributes(span)
    if _NO_SQL.match(_system(values)):
        return ""
    text = next((values[name] for name in _STATEMENTS if values.get(name)), "")
    return text if isinstance(text, str) else ""


def _system(values: Mapping[str, Any]) -> str:
    return str(values.get("db.system.name") or values.get("db.system") or "")


def is_span(record: Mapping[str, Any]) -> bool:
    """Return whether a record is a span of a trace."""
    return _first(record, _TRACES) != "" and _first(record, _SPANS) != ""


def _read(lines: Lines, count: Count) -> Iterator[Item]:
    clock = Clock()
    for line in lines:
        count.lines += 1
        span = line.record
        if span is None or not is_span(span):
            count.miss(line.text or "{…}")
            continue
        text = statement(span)
        if not text:
            continue  # a span of something else than a statement
        start, end = _times(span, clock)
        yield Event(
            _first(span, _PARENTS) or _system(attributes(span)),
            text,
            end,
            None if start is None or end is None else max((end - start) * 1000, 0.0),
            request=_first(span, _TRACES),
        )


def _times(span: Mapping[str, Any], clock: Clock) -> tuple[float | None, float | None]:
    """Return start and end in seconds: OTLP has nanoseconds, consoles have text, the others µs."""
    start = _number(span.get("startTimeUnixNano"))
    end = _number(span.get("endTimeUnixNano"))
    if start is not None and end is not None:
        return start / 1e9, end / 1e9
    written = clock.read(_first(span, _STARTS)), clock.read(_first(span, _ENDS))
    if None not in written:
        return written
    start = _number(span.get("startTime") or span.get("timestamp"))
    duration = _number(span.get("duration"))
    if start is None or duration is None:
        return None, None
    return start / 1e6, (start + duration) / 1e6


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except (ValueError, OverflowError):
        return None


def _first(record: Mapping[str, Any], names: tuple[str, ...]) -> str:
    value = next((found for name in names if (found := at(record, name))), "")
    return value if isinstance(value, str) else ""


READER = Reader(
    "spans",
    "spans of a trace",
    "any",
    lambda line: line.record is not None and is_span(line.record),
    _read,
)
