"""Everything that is kept of a log: totals, repeats, waits. Digests of its parts add up."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from .event import Count, Event, Incident, Item
from .groups import MIN_ALONE, Grouping, Repeats
from .locks import Waits
from .statement import Statement, Tokenizer
from .tally import Tally

#: Sessions whose temporary files wait for the statement that wrote them.
_MAX_WAITING = 2_000


@dataclass
class Digest:
    """What is kept of a log, or of a part of one."""

    count: Count = field(default_factory=Count)
    tally: Tally = field(default_factory=Tally)
    repeats: Repeats = field(default_factory=Repeats)
    waits: Waits = field(default_factory=Waits)
    sizes: tuple[int, int] = (0, 0)  #: bytes read, of all bytes
    damaged: list[str] = field(default_factory=list)  #: files not read to their end, and why
    parts: int = 1  #: each is read separately: no session continues from one into the next

    def add(self, other: Digest) -> None:
        """Take in the digest of a further part."""
        self.count.add(other.count)
        self.tally.add(other.tally)
        self.repeats.add(other.repeats)
        self.waits.add(other.waits)
        self.damaged += other.damaged
        self.parts += other.parts
        self.sizes = (self.sizes[0] + other.sizes[0], self.sizes[1] + other.sizes[1])


class Digester:
    """Takes the items of a log one at a time."""

    def __init__(self, dialect: str, min_alone: int = MIN_ALONE) -> None:
        self.digest = Digest()
        self._tally, self._waits = self.digest.tally, self.digest.waits
        self._tokenizer = Tokenizer(dialect)
        self._grouping = Grouping(self.digest.repeats, min_alone)
        self._files: OrderedDict[str, int] = OrderedDict()

    def take(self, item: Item) -> None:
        """Count one statement or incident."""
        if isinstance(item, Event):
            self._statement(item)
        else:
            self._incident(item)

    def close(self) -> Digest:
        """End what is under way and return what was found."""
        self._grouping.close()
        self._tally.close()
        self._waits.close()
        return self.digest

    def _statement(self, event: Event) -> None:
        statement = self._tokenizer.read(event.text)
        shape = statement.shape
        if event.part == "fetch":
            if self._grouping.fetch(event, statement):
                self._tally.fetch(event, shape)
                return
            event.part = ""  # its beginning is not in the log
        self._tally.count(event, shape)
        self._grouping.add(event, statement)
        if event.session:
            self._waits.ran(event.session, shape.template, event.ms)
            if self._files and (waiting := self._files.pop(event.session, 0)):
                self._temporary(statement, waiting)

    def _temporary(self, statement: Statement, size: int) -> None:
        total = self._tally.of(statement.shape)
        total.temporary_files += 1
        total.temporary_bytes += size

    def _incident(self, incident: Incident) -> None:
        kind = incident.kind
        if kind == "connect":
            self._tally.connects += 1
        elif kind in ("checkpoint", "vacuum"):
            if incident.at is not None:
                self._background(incident, incident.at)
        elif kind == "temporary-file":
            self._file(incident)
        else:
            self._about(incident, self._tokenizer.read(incident.text))

    def _about(self, incident: Incident, statement: Statement) -> None:
        """Count what happened to a statement; where none is named, a wait has no template."""
        template = statement.template if incident.text else ""
        if incident.kind == "lock-wait":
            self._waits.begin(incident, template)
        elif incident.kind == "lock-acquired":
            self._waits.end(incident, template)
        elif incident.kind == "deadlock":
            self._waits.deadlock(template)
        elif incident.kind == "cancelled" and template:
            self._tally.of(statement.shape).cancelled += 1
        elif incident.kind == "plan":
            self._tally.of(statement.shape).plan(incident.subject, incident.ms or 0.0)

    def _file(self, incident: Incident) -> None:
        if incident.text:
            self._temporary(self._tokenizer.read(incident.text), incident.bytes)
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
            minute = self._tally.minute(at)
            if incident.kind == "checkpoint":
                minute.checkpoint_ms += part
            else:
                minute.vacuum_ms += part
            ms, at = ms - part, at - part / 1000
