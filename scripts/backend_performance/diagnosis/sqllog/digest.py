"""Everything that is kept of a log: totals, repeats, waits. Digests of its parts add up."""

from __future__ import annotations

from collections import OrderedDict

from .event import Count, Event, Incident, Item
from .groups import Grouping, Repeats
from .locks import Waits
from .statement import Statement, Tokenizer
from .tally import Tally

#: Sessions whose temporary files wait for the statement that wrote them.
_MAX_WAITING = 2_000


class Digest:
    """Takes the items of a log one at a time."""

    def __init__(self, dialect: str) -> None:
        self._tokenizer: Tokenizer | None = Tokenizer(dialect)
        self._grouping: Grouping | None = Grouping()
        self._files: OrderedDict[str, int] = OrderedDict()
        self.count = Count()
        self.tally = Tally()
        self.repeats = Repeats()
        self.waits = Waits()
        self.sizes = (0, 0)  #: bytes read, of all bytes

    def take(self, item: Item) -> None:
        """Count one statement or incident."""
        if isinstance(item, Event):
            self._statement(item)
        else:
            self._incident(item)

    def close(self) -> None:
        """End what is under way; a closed digest can be sent to another process."""
        if self._grouping is not None:
            self._grouping.close()
            self.repeats = self._grouping.repeats
        self.tally.close()
        self.waits.close()
        self._tokenizer = self._grouping = None

    def add(self, other: Digest) -> None:
        """Take in the digest of a further part."""
        self.count.add(other.count)
        self.tally.add(other.tally)
        self.repeats.add(other.repeats)
        self.waits.add(other.waits)
        self.sizes = (self.sizes[0] + other.sizes[0], self.sizes[1] + other.sizes[1])

    def _read(self, text: str) -> Statement:
        if self._tokenizer is None:
            raise RuntimeError("the digest is closed")
        return self._tokenizer.read(text)

    def _statement(self, event: Event) -> None:
        statement = self._read(event.text)
        shape = statement.shape
        if not shape.template or self._grouping is None:
            return
        if event.part == "fetch" and not self._grouping.fetch(event, statement):
            event.part = ""  # its beginning is not in the log
        self.tally.count(event, shape)
        if event.part == "fetch":
            return
        self._grouping.add(event, statement)
        if event.session:
            self._beside(event, statement)

    def _beside(self, event: Event, statement: Statement) -> None:
        """Note what belongs to a statement and was logged before it."""
        process = _process(event.session)
        self.waits.ran(process, statement.template)
        if event.ms is not None:
            self.waits.finished(process, event.ms)
            if self._files and (size := self._files.pop(event.session, 0)):
                self._temporary(statement, size)

    def _temporary(self, statement: Statement, size: int) -> None:
        total = self.tally.of(statement.shape)
        total.temporary_files += 1
        total.temporary_bytes += size

    def _incident(self, incident: Incident) -> None:
        statement = self._read(incident.text)
        kind = incident.kind
        if kind == "lock-wait":
            self.waits.begin(incident, statement.template)
        elif kind == "lock-acquired":
            self.waits.end(incident, statement.template)
        elif kind == "deadlock":
            self.waits.deadlock(statement.template)
        elif kind == "temporary-file":
            self._file(incident, statement)
        elif kind == "cancelled":
            self.tally.of(statement.shape).cancelled += 1
        elif kind == "plan":
            self.tally.of(statement.shape).plan(incident.subject, incident.ms or 0.0)
        elif kind == "connect":
            self.tally.connects += 1
        elif kind in ("checkpoint", "vacuum") and incident.at is not None:
            self._background(incident, incident.at)

    def _file(self, incident: Incident, statement: Statement) -> None:
        if incident.text:
            self._temporary(statement, incident.bytes)
        elif incident.session:
            size = self._files.pop(incident.session, 0) + incident.bytes
            self._files[incident.session] = size
            if len(self._files) > _MAX_WAITING:
                self._files.popitem(last=False)

    def _background(self, incident: Incident, at: float) -> None:
        """Spread the server's own work over the minutes in which it ran, ten at most."""
        ms = min(incident.ms or 0.0, 600_000.0)
        while ms > 0:
            part = min(ms, 60_000.0)
            minute = self.tally.minute(at)
            if incident.kind == "checkpoint":
                minute.checkpoint_ms += part
            else:
                minute.vacuum_ms += part
            ms, at = ms - part, at - part / 1000


def _process(session: str) -> str:
    """Return the process in a session identifier: its second half, in hexadecimal."""
    _, dot, process = session.partition(".")
    try:
        return str(int(process, 16)) if dot else session
    except ValueError:
        return session
