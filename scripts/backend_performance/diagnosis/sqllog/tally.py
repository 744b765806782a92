"""What the statements of one shape took together, and what else the log counts for them."""

from __future__ import annotations

from dataclasses import dataclass, field

from .event import Event
from .statement import Shape

MAX_PLANS = 50
MAX_MINUTES = 20_000
#: A burst is counted within one second.
_SECOND = 1.0
#: Faster statements make no burst that anybody would notice.
_EXPENSIVE_MS = 10.0


@dataclass(slots=True)
class Burst:
    """The second in which a statement was under way most often."""

    second: float = -1.0
    calls: int = 0
    ms: float = 0.0
    sessions: set[str] = field(default_factory=set)

    def size(self) -> tuple[int, float]:
        """Return calls and their time, for comparison."""
        return self.calls, self.ms


@dataclass(slots=True)
class Total:
    """All statements of one shape."""

    kind: str
    sender: str = ""  #: tags of the code that sends it, as a comment
    calls: int = 0
    timed: int = 0
    ms: float = 0.0
    max_ms: float = 0.0
    lock_ms: float | None = None
    counted: int = 0  #: statements with rows examined and sent
    rows_sent: int = 0
    rows_examined: int = 0
    full_scans: int = 0
    disk_tables: int = 0
    temporary_files: int = 0
    temporary_bytes: int = 0
    cancelled: int = 0
    plans: dict[str, tuple[int, float]] = field(default_factory=dict)
    now: Burst = field(default_factory=Burst)
    burst: Burst = field(default_factory=Burst)

    def time(self, event: Event, ms: float) -> None:
        """Count the time of one statement."""
        self.timed += 1
        self.ms += ms
        if ms > self.max_ms:
            self.max_ms = ms
        if event.at is not None and ms >= _EXPENSIVE_MS:
            self._burst(event.at - ms / 1000, event.session, ms)
        if event.work is not None:
            self._work(event)

    def _burst(self, started: float, session: str, ms: float) -> None:
        now, second = self.now, started // _SECOND
        if second != now.second:
            if now.calls > 1 and now.size() > self.burst.size():
                self.burst = now
            self.now = now = Burst(second)
        now.calls += 1
        now.ms += ms
        if len(now.sessions) < 100:
            now.sessions.add(session)

    def _work(self, event: Event) -> None:
        work = event.work
        if work is None:
            return
        if work.lock_ms is not None:
            self.lock_ms = (self.lock_ms or 0.0) + work.lock_ms
        if work.rows_examined is not None and work.rows_sent is not None:
            self.counted += 1
            self.rows_examined += work.rows_examined
            self.rows_sent += work.rows_sent
        self.full_scans += work.full_scan
        self.disk_tables += work.disk_tables

    def plan(self, shape: str, ms: float) -> None:
        """Count a plan that the log shows for a statement."""
        if shape in self.plans or len(self.plans) < MAX_PLANS:
            count, spent = self.plans.get(shape, (0, 0.0))
            self.plans[shape] = (count + 1, spent + ms)

    def close(self) -> None:
        """End the second that is under way."""
        if self.now.size() > self.burst.size():
            self.burst = self.now
        self.now = Burst()

    def add(self, other: Total) -> None:
        """Take in what a further part of the log counted."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.sender = self.sender or other.sender
        self.max_ms = max(self.max_ms, other.max_ms)
        if other.lock_ms is not None:
            self.lock_ms = (self.lock_ms or 0.0) + other.lock_ms
        for shape, (count, ms) in other.plans.items():
            before = self.plans.get(shape, (0, 0.0))
            self.plans[shape] = (before[0] + count, before[1] + ms)
        self.burst = max(self.burst, other.burst, key=Burst.size)


_SUMS = (
    "calls",
    "timed",
    "ms",
    "counted",
    "rows_sent",
    "rows_examined",
    "full_scans",
    "disk_tables",
    "temporary_files",
    "temporary_bytes",
    "cancelled",
)


@dataclass
class Minute:
    """The statements that ended in one minute, and what the server did beside them."""

    calls: int = 0
    ms: float = 0.0
    checkpoint_ms: float = 0.0
    vacuum_ms: float = 0.0


@dataclass
class Tally:
    """All statements of a log, by shape and by minute."""

    totals: dict[str, Total] = field(default_factory=dict)
    statements: int = 0
    fastest_ms: float | None = None
    connects: int = 0
    minutes: dict[int, Minute] = field(default_factory=dict)
    _known: dict[Shape, Total] = field(default_factory=dict, repr=False)
    _latest: tuple[int, Minute] = field(default_factory=lambda: (-2, Minute()), repr=False)

    def of(self, shape: Shape) -> Total:
        """Return the total of a shape."""
        total = self._known.get(shape)
        if total is None:
            total = self.totals.setdefault(shape.template, Total(shape.kind, shape.sender))
            self._known[shape] = total
        return total

    def count(self, event: Event, shape: Shape) -> None:
        """Count a statement."""
        total = self.of(shape)
        self.statements += 1
        total.calls += 1
        ms = event.ms
        if ms is None:
            return
        total.time(event, ms)
        if (self.fastest_ms is None or ms < self.fastest_ms) and shape.kind != "control":
            self.fastest_ms = ms
        self._in_minute(event.at, ms)

    def fetch(self, event: Event, shape: Shape) -> None:
        """Count more rows of the statement before, which take time and are no call."""
        if event.ms is not None:
            self.of(shape).ms += event.ms
            self._in_minute(event.at, event.ms)

    def _in_minute(self, at: float | None, ms: float) -> None:
        if at is not None:
            minute = self.minute(at)
            minute.calls += 1
            minute.ms += ms

    def minute(self, at: float) -> Minute:
        """Return the minute of a moment; beyond the bound all further ones are one."""
        number = int(at // 60)
        if number == self._latest[0]:
            return self._latest[1]
        found = self.minutes.get(number)
        if found is None:
            if len(self.minutes) >= MAX_MINUTES:
                number = -1
            found = self.minutes.setdefault(number, Minute())
        self._latest = (number, found)
        return found

    def close(self) -> None:
        """End what is under way."""
        self._known.clear()
        for total in self.totals.values():
            total.close()

    def add(self, other: Tally) -> None:
        """Take in what a further part of the log counted."""
        for template, total in other.totals.items():
            if template in self.totals:
                self.totals[template].add(total)
            else:
                self.totals[template] = total
        self.statements += other.statements
        self.connects += other.connects
        known = [ms for ms in (self.fastest_ms, other.fastest_ms) if ms is not None]
        self.fastest_ms = min(known, default=None)
        for number, minute in other.minutes.items():
            mine = self.minutes.setdefault(number, Minute())
            mine.calls += minute.calls
            mine.ms += minute.ms
            mine.checkpoint_ms += minute.checkpoint_ms
            mine.vacuum_ms += minute.vacuum_ms
