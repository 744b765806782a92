"""Statements in the general and the slow query log of MySQL and MariaDB."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from .event import MAX_LINE, Event, lines, seconds

GENERAL = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\dT\S+|\d{6} +\d{1,2}:\d\d:\d\d)?\t+ *(?P<id>\d+) "
    r"(?P<command>[A-Z][A-Za-z]+(?: [A-Za-z]+)?)(?:\t(?P<text>.*))?\Z",
    re.S,
)
_SHORT_TIME = re.compile(r"(\d\d)(\d\d)(\d\d) +(\d{1,2}):(\d\d):(\d\d)")
_ID = re.compile(r"(?:\bId: +|# Thread_id: )(\d+)")
_QUERY_TIME = re.compile(r"# Query_time: (\d+(?:\.\d+)?)")
_TIMESTAMP = re.compile(r"SET timestamp=(\d+(?:\.\d+)?);\Z")


def general(stream: BinaryIO) -> Iterator[Event]:
    """Yield the statements of a general log; it tells no durations."""
    event, at = None, None
    for line in lines(stream):
        match = GENERAL.match(line)
        if match is None:
            if event and len(event.text) < MAX_LINE:
                event.text += "\n" + line
            continue
        if event:
            yield event
        at = _moment(match["at"]) if match["at"] else at
        text = match["text"] or ""
        # Prepare and Close stmt are no work of their own.
        wanted = match["command"] in ("Query", "Execute")
        event = Event(match["id"], text, at) if wanted else None
    if event:
        yield event


def slow(stream: BinaryIO) -> Iterator[Event]:
    """Yield the statements of a slow query log."""
    session, ms, at, text, open_entry = "", None, None, [], False
    for line in lines(stream):
        if line.startswith("# "):
            if text and open_entry:
                yield Event(session, "\n".join(text), at, ms=ms)
                session, ms = "", None
            text, open_entry = [], False
            if found := _ID.search(line):
                session = found[1]
            if found := _QUERY_TIME.match(line):
                ms = float(found[1]) * 1000
        elif found := _TIMESTAMP.match(line):
            at, open_entry = float(found[1]), True
        elif open_entry and sum(map(len, text)) < MAX_LINE:
            text.append(line)
    if text and open_entry:
        yield Event(session, "\n".join(text), at, ms=ms)


def _moment(text: str) -> float | None:
    if match := _SHORT_TIME.match(text):
        year, *rest = map(int, match.groups())
        try:
            return datetime(2000 + year, *rest, tzinfo=UTC).timestamp()  # type: ignore[arg-type]
        except ValueError:
            return None
    return seconds(text)
