"""One statement as a log tells of it, and lines read without trusting their length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

MAX_LINE = 256 * 1024
MAX_SESSIONS = 5_000
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,6}))?")


@dataclass
class Event:
    """A statement that was run; times in seconds since 1970, lasting in milliseconds."""

    session: str
    text: str
    at: float | None = None
    transaction: str | None = None
    request: str | None = None
    parameters: str = ""
    ms: float | None = None


def seconds(text: str) -> float | None:
    """Return the first moment in a text; the zone does not matter, only differences do."""
    match = _TIME.search(text[:200])
    if match is None:
        return None
    *parts, fraction = match.groups()
    try:
        moment = datetime(*map(int, parts), tzinfo=UTC)  # type: ignore[arg-type]
    except ValueError:
        return None
    return moment.timestamp() + (float(f"0.{fraction}") if fraction else 0.0)


def lines(stream: BinaryIO) -> Iterator[str]:
    """Yield lines without their end; one that is too long is cut, its rest passed over."""
    while chunk := stream.readline(MAX_LINE):
        if not chunk.endswith(b"\n") and len(chunk) == MAX_LINE:
            while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
        yield chunk.rstrip(b"\r\n").decode("utf-8", "replace")


def paired(events: Iterator[Event | tuple[str, float]]) -> Iterator[Event]:
    """Join statements with durations that the log tells later, in a line of their own."""
    waiting: dict[str, Event] = {}
    for event in events:
        if isinstance(event, tuple):
            session, ms = event
            if before := waiting.pop(session, None):
                before.ms = ms
                yield before
            continue
        if before := waiting.pop(event.session, None):
            yield before
        if event.ms is not None:
            yield event
            continue
        if len(waiting) >= MAX_SESSIONS:
            yield waiting.pop(next(iter(waiting)))
        waiting[event.session] = event
    yield from waiting.values()
