"""Everything that is kept of a log: totals, repeats, waits. Digests of its parts add up."""

from __future__ import annotations

from collections import OrderedDict

from .event import Count, Event, Incident, Item
from .groups import MIN_ALONE, Grouping, Repeats
from .locks import Waits
from .statement import Statement, Tokenizer
from .tally import Tally

#: Sessions whose temporary files wait for the statement that wrote them.
_MAX_WAITING = 2_000


class Digest:
    """Takes the items of a log one at a time."""

    def __init__(self, dialect: str, min_alone: int = MIN_ALONE) -> None:
        self._tokenizer: Tokenizer | None = Tokenizer(dialect)
        self._grouping: Grouping | None = Grouping(min_alone)
        self._files: OrderedDict[str, int] = OrderedDict()
        self.count = Count()
        self.tally = Tally()
        self.repeats = Repeats()
        self.waits = Waits()
        self.sizes = (0, 0)  #: bytes read, of all bytes
        self.damaged: list[str] = []  #: files that could not be read to their end, and why
        self.parts = 1  #: each is read separately: no session continues from one into the next

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
        self.damaged += other.damaged
        self.parts += other.parts
        self.sizes = (self.sizes[0] + other.sizes[0], self.sizes[1] + other.sizes[1])

    def _read(self, text: str) -> Statement:
        if self._tokenizer is None:
            raise RuntimeError("the digest is closed")
        return self._tokenizer.read(text)

    def _statement(self, event: Event) -> None:
        if self._grouping is None:
            return
        statement = self._read(event.text)
        shape = statement.shape
        if event.part == "fetch" and not self._grouping.fetch(event, statement):
            event.part = ""  # its beginning is not in the log
        self.tally.count(event, shape)
        if event.part == "fetch":
            return
        self._grouping.add(event, statement)
        if event.session:
            self.waits.ran(event.session, shape.template, event.ms)
            waiting = self._files.pop(event.session, 0) if self._files else 0
            if waiting:
                self._temporary(statement, waiting)

    def _temporary(self, statement: Statement, size: int) -> None:
        total = self.tally.of(statement.shape)
        total.temporary_files += 1
        total.temporary_bytes += size

    def _incident(self, incident: Incident) -> None:
        kind = incident.kind
        if kind == "connect":
            self.tally.connects += 1
        elif kind in ("checkpoint", "vacuum"):
            if incident.at is not None:
                self._background(incident, incident.at)
        elif kind == "temporary-file":
            self._file(incident)
        else:
            self._about(incident, self._read(incident.text))

    def _about(self, incident: Incident, statement: Statement) -> None:
        """Count what happened to a statement; where none is named, a wait has no template."""
        template = statement.template if incident.text else ""
        if incident.kind == "lock-wait":
            self.waits.begin(incident, template)
        elif incident.kind == "lock-acquired":
            self.waits.end(incident, template)
        elif incident.kind == "deadlock":
            self.waits.deadlock(template)
        elif incident.kind == "cancelled" and template:
            self.tally.of(statement.shape).cancelled += 1
        elif incident.kind == "plan":
            self.tally.of(statement.shape).plan(incident.subject, incident.ms or 0.0)

    def _file(self, incident: Incident) -> None:
        if incident.text:
            self._temporary(self._read(incident.text), incident.bytes)
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
