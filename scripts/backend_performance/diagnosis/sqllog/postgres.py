"""Statements in PostgreSQL's logs: csvlog, jsonlog and the lines of stderr."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from .event import MAX_LINE, Event, lines, paired, seconds

#: ``execute`` only: with every duration logged, a driver's parse and bind have lines of their own.
_DURATION = re.compile(
    r"duration: (?P<ms>\d+(?:\.\d+)?) ms(?:  (?P<what>\w+)(?: [^:]{0,200})?: (?P<sql>.*))?\Z", re.S
)
_STATEMENT = re.compile(r"(?P<what>statement|execute [^:]{1,200}): (?P<sql>.*)\Z", re.S)
_SEVERITY = re.compile(
    r"(?P<prefix>.{0,400}?)\b(?P<severity>LOG|DETAIL|STATEMENT|ERROR|FATAL|PANIC|WARNING|NOTICE|"
    r"HINT|CONTEXT|INFO|QUERY|LOCATION|DEBUG\d?):  (?P<message>.*)\Z",
    re.S,
)
_PID = re.compile(r"\[(\d+)(?:-\d+)?\]|\bpid[=:](\d+)|\bp=(\d+)")
_SESSION_ID = re.compile(r"\b([0-9a-f]{8}\.[0-9a-f]{1,8})\b")
_VXID = re.compile(r"(?<![\w/.])(\d{1,6}/\d+)(?![\w/])")
CSV_COLUMNS = (23, 24, 26)


def csvlog(stream: BinaryIO) -> Iterator[Event]:
    """Yield the statements of a csvlog."""
    return paired(_csv_events(stream))


def _csv_events(stream: BinaryIO) -> Iterator[Event | tuple[str, float]]:
    csv.field_size_limit(MAX_LINE)
    text = io.TextIOWrapper(stream, "utf-8", "replace", newline="")
    try:
        reader = csv.reader(text)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                continue  # a field without end; the reader goes on with the next line
            if len(row) in CSV_COLUMNS and row[11] == "LOG":
                yield from _event(row[5], row[0], row[9], row[13], row[14])
    finally:
        text.detach()


def jsonlog(stream: BinaryIO) -> Iterator[Event]:
    """Yield the statements of a jsonlog (PostgreSQL 15 and later)."""
    return paired(_json_events(stream))


def _json_events(stream: BinaryIO) -> Iterator[Event | tuple[str, float]]:
    for line in lines(stream):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict) and row.get("error_severity") == "LOG":
            yield from _event(
                _text(row, "session_id") or _text(row, "pid"),
                _text(row, "timestamp"),
                _text(row, "vxid"),
                _text(row, "message"),
                _text(row, "detail"),
            )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return str(value) if isinstance(value, str | int) else ""


def stderr(stream: BinaryIO) -> Iterator[Event]:
    """Yield the statements of a log in lines, whatever prefix it has."""
    return paired(_stderr_events(stream))


def _stderr_events(stream: BinaryIO) -> Iterator[Event | tuple[str, float]]:
    prefix, message, detail, place = "", "", "", ""
    for line in lines(stream):
        match = None if line.startswith("\t") else _SEVERITY.match(line)
        if match is None:  # a further line of the same message
            if place == "LOG" and len(message) < MAX_LINE:
                message += "\n" + line.removeprefix("\t")
            continue
        if match["severity"] == "DETAIL":
            detail, place = match["message"], "DETAIL"
            continue
        if message:
            yield from _line_event(prefix, message, detail)
        place, detail = match["severity"], ""
        prefix, message = match["prefix"], match["message"] if place == "LOG" else ""
    if message:
        yield from _line_event(prefix, message, detail)


def _line_event(prefix: str, message: str, detail: str) -> Iterator[Event | tuple[str, float]]:
    session = _SESSION_ID.search(prefix)
    pid = _PID.search(prefix)
    vxid = _VXID.search(prefix)
    name = session[1] if session else next((g for g in pid.groups() if g), "") if pid else ""
    yield from _event(name, prefix, vxid[1] if vxid else "", message, detail)


def _event(
    session: str, at: str, transaction: str, message: str, detail: str
) -> Iterator[Event | tuple[str, float]]:
    match, ms = _DURATION.match(message), None
    if match:
        ms = float(match["ms"])
        if match["what"] is None:
            yield session, ms
            return
        if match["what"] not in ("statement", "execute"):
            return
    else:
        match = _STATEMENT.match(message)
    if match:
        yield Event(
            session,
            match["sql"],
            seconds(at),
            transaction or None,
            parameters=detail if detail[:11].lower() == "parameters:" else "",
            ms=ms,
        )
