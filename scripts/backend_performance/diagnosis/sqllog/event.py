"""What a log reports: statements that ran, and incidents around them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from ..evidence import redaction

MAX_MESSAGE = 256 * 1024
MAX_SESSIONS = 5_000
#: Beginnings of lines that were not understood, kept as examples.
_EXAMPLES, _EXAMPLE_LENGTH = 3, 60
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
_FRACTION = re.compile(r"[.,](\d{1,9})")
_EPOCH = re.compile(r"(?<!\d)(1\d{9})\.(\d{3})(?!\d)")


class Line(NamedTuple):
    """One line of a log without its envelope, and what the envelope said about it."""

    text: str
    process: str = ""  #: process or thread that wrote it
    at: float | None = None  #: seconds since 1970
    request: str | None = None  #: trace or request identifier
    record: dict[str, object] | None = None  #: the whole JSON record, where the line was one


@dataclass(slots=True)
class Work:
    """What a slow log counts besides time; ``None`` is "not logged"."""

    lock_ms: float | None = None
    rows_sent: int | None = None
    rows_examined: int | None = None
    disk_tables: int = 0
    full_scan: bool = False


@dataclass(slots=True)
class Event:
    """A statement that ran.

    ``session`` is empty where the log does not identify it. ``at`` is in seconds since 1970 and
    is the end of the statement, as logs have it.
    """

    session: str
    text: str
    at: float | None = None
    ms: float | None = None
    transaction: str | None = None
    request: str | None = None
    parameters: str = ""
    work: Work | None = None
    #: ``fetch``: more rows of the statement before; ``plan``: known from its plan only;
    #: ``audit``: an audit record, which another line may repeat with a duration.
    part: str = ""


@dataclass(slots=True)
class Incident:
    """What a log reports besides statements.

    ``kind`` is lock-wait, lock-acquired, deadlock, temporary-file, checkpoint, vacuum, cancelled,
    connect, disconnect, plan or duration. ``text`` is the statement it belongs to, if known.
    """

    kind: str
    at: float | None = None
    session: str = ""
    text: str = ""
    ms: float | None = None
    bytes: int = 0
    subject: str = ""  #: what is waited for, the table, the reason, or the plan's shape
    holder: str = ""  #: process that holds a lock
    process: str = ""  #: process that waits


@dataclass
class Count:
    """How many lines were read and understood; the rest by example, masked."""

    lines: int = 0
    missed: int = 0
    examples: list[str] = field(default_factory=list)

    def miss(self, text: str) -> None:
        """Count a line that was not understood."""
        self.missed += 1
        if len(self.examples) < _EXAMPLES and self.missed < 1000:
            start = redaction.untrusted(text[:_EXAMPLE_LENGTH])
            if start and start not in self.examples:
                self.examples.append(start)

    def add(self, other: Count) -> None:
        """Take in the count of a further part."""
        self.lines += other.lines
        self.missed += other.missed
        new = [text for text in other.examples if text not in self.examples]
        self.examples = (self.examples + new)[:_EXAMPLES]


Item = Event | Incident
Lines = Iterable[Line]
Read = Callable[[Lines, Count], Iterator[Item]]


class Clock:
    """Reads moments; the zone does not matter, only differences do.

    Lines of the same second follow each other, so the last second is remembered.
    """

    def __init__(self) -> None:
        self._text, self._second = "none", 0.0

    def read(self, text: str) -> float | None:
        """Return the first moment in a text in seconds since 1970."""
        end = 19
        if text[:end] != self._text:
            match = _TIME.search(text, 0, 200)
            if match is None:
                epoch = _EPOCH.search(text, 0, 200)
                return float(epoch[0]) if epoch else None
            if match[0] != self._text:
                try:
                    moment = datetime.fromisoformat(match[0]).replace(tzinfo=UTC)
                except ValueError:
                    return None
                self._text, self._second = match[0], moment.timestamp()
            end = match.end()
        fraction = _FRACTION.match(text, end)
        return self._second + float("0." + fraction[1]) if fraction else self._second


def paired(items: Iterator[Item]) -> Iterator[Item]:
    """Join what a log reports about one statement in two lines.

    A duration on its own line belongs to the statement that its session reported before.
    A plan or an audit record is dropped where the statement itself follows.
    """
    waiting: dict[str, Event] = {}
    for item in items:
        if isinstance(item, Incident):
            if item.kind != "duration":
                yield item
            elif before := waiting.pop(item.session, None):
                before.ms = before.ms if before.ms is not None else item.ms
                yield before
            continue
        before = waiting.pop(item.session, None) if waiting else None
        if before and not (before.part in ("plan", "audit") and _same(before.text, item.text)):
            yield before
        if item.ms is not None and item.part != "plan":
            yield item
            continue
        if len(waiting) >= MAX_SESSIONS:
            yield waiting.pop(next(iter(waiting)))
        waiting[item.session] = item
    yield from waiting.values()


def _same(one: str, other: str) -> bool:
    return one[:2000].split() == other[:2000].split()
