"""JSON around a line: Docker, Cloud SQL, Azure, CloudWatch, journald, Supabase, loggers.

A record with a line of text in one of the known places gives that line. A record that is itself
PostgreSQL's (jsonlog, CloudNativePG's) keeps its fields for the reader.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..event import Clock, Line
from . import Envelope

#: Where the text of a line is found, the first that is there; a dot goes one level down.
_TEXTS = [
    "log",
    "textPayload",
    "jsonPayload.message",
    "jsonPayload.msg",
    "properties.message",
    "message.message",
    "MESSAGE",
    "event_message",
    "message",
    "msg",
    "Message",
    "@m",
    "event",
    "body.stringValue",
    "body",
    "line",
    "text",
    "LogMessage",
]
_PROCESSES = [
    "processId",
    "properties.processId",
    "properties.process_id",
    "_PID",
    "SYSLOG_PID",
    "pid",
    "process.pid",
    "metadata.parsed.process_id",
    "thread",
    "thread_name",
    "ThreadId",
    "process.thread.name",
]
_TIMES = [
    "time",
    "timestamp",
    "@timestamp",
    "ts",
    "__REALTIME_TIMESTAMP",
    "properties.timestamp",
    "log_time",
]
_REQUESTS = [
    "trace_id",
    "traceId",
    "traceID",
    "trace.id",
    "request_id",
    "requestId",
    "RequestId",
    "dd.trace_id",
]
#: Where PostgreSQL's own record is, with its severity and message as fields.
_RECORDS = ("record", "jsonPayload.record", "jsonPayload", "properties", "")
#: Where SQL is that a logger's record holds besides its message.
_STATEMENTS = [
    "sql",
    "query",
    "db.statement",
    "db.query.text",
    "attributes.db.statement",
    "context.sql",
    "State.commandText",
]


def _open(lines: Iterable[Line]) -> Iterator[Line]:
    clock = Clock()
    for line in lines:
        record = parsed(line.text)
        if record is None:
            yield line
            continue
        at = _moment(clock, _first(record, _TIMES)) or line.at
        process = str(_first(record, _PROCESSES) or line.process)
        request = _first(record, _REQUESTS)
        request = request if isinstance(request, str) and request else line.request
        inner = _postgres(record)
        text = "" if inner is not None else _text(record)
        shown = inner if inner is not None else record
        if not text.rstrip("\n"):
            yield Line("", process, at, request, shown)
            continue
        first, *rest = text.rstrip("\r\n").split("\n")
        yield Line(first, process, at, request, record if _has_statement(record) else None)
        for further in rest:
            yield Line(further, process, at, request)


def parsed(text: str) -> dict[str, Any] | None:
    """Return the JSON object in a line, or ``None``."""
    text = text.strip().rstrip(",")
    if not (text.startswith("{") and text.endswith("}")):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def at(record: Mapping[str, Any], path: str) -> Any:
    """Return the value at a path; a key may itself hold the dots."""
    here: Any = record
    while path:
        if isinstance(here, list) and here:
            here = here[0]
        if not isinstance(here, Mapping):
            return None
        if path in here:
            return here[path]
        name, _, path = path.partition(".")
        here = here.get(name)
    return here


def _first(record: Mapping[str, Any], paths: Iterable[str]) -> Any:
    return next((found for path in paths if (found := at(record, path)) not in (None, "")), None)


def _text(record: Mapping[str, Any]) -> str:
    texts = (at(record, path) for path in _TEXTS)
    return next((text for text in texts if isinstance(text, str) and text), "")


def _postgres(record: Mapping[str, Any]) -> dict[str, Any] | None:
    for path in _RECORDS:
        inner = at(record, path) if path else record
        if isinstance(inner, dict) and "error_severity" in inner and "message" in inner:
            return inner
    parsed_apart = at(record, "metadata.parsed")  # Supabase: the message is beside its fields
    fields = parsed_apart[0] if isinstance(parsed_apart, list) and parsed_apart else parsed_apart
    if isinstance(fields, dict) and "error_severity" in fields and "event_message" in record:
        return {"message": record["event_message"], **fields}
    return None


def _has_statement(record: Mapping[str, Any]) -> bool:
    return any(isinstance(at(record, path), str) for path in _STATEMENTS)


def _moment(clock: Clock, value: Any) -> float | None:
    """Seconds since 1970 from ISO text or from a number of seconds, ms, µs or ns."""
    if isinstance(value, str) and not value.isdigit():
        return clock.read(value)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    if not math.isfinite(number):
        return None
    while number > 1e11:
        number /= 1000
    return number or None


ENVELOPE = Envelope("JSON", lambda text: parsed(text) is not None, _open)
