"""Who waits for which lock, for how long, and what the holder ran last."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field

from .event import Incident

MAX_OPEN, MAX_WAITS, MAX_HOLDERS = 2_000, 2_000, 20


@dataclass
class Wait:
    """All waits of one statement for one kind of lock."""

    template: str
    lock: str
    waits: int = 0
    ms: float = 0.0
    max_ms: float = 0.0
    statement_ms: float = 0.0  #: whole time of the statements that waited, where logged
    deadlocks: int = 0
    holders: Counter[str] = field(default_factory=Counter)
    held_by: Counter[str] = field(default_factory=Counter)  #: templates of the holders

    def add(self, other: Wait) -> None:
        """Take in what a further part of the log found."""
        self.waits += other.waits
        self.ms += other.ms
        self.statement_ms += other.statement_ms
        self.max_ms = max(self.max_ms, other.max_ms)
        self.deadlocks += other.deadlocks
        self.holders.update(other.holders)
        self.held_by.update(other.held_by)


class Waits:
    """Follows each wait from "still waiting" to "acquired"; the longer figure counts."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], Wait] = {}
        self._open: OrderedDict[str, Incident] = OrderedDict()
        #: What each holder ran last when the wait for it was reported; later it may commit.
        self._held_by: dict[str, str] = {}
        #: Last statement of each session.
        self._last: dict[str, str] = {}

    def ran(self, session: str, template: str, ms: float | None) -> None:
        """Note that a session ran a statement, so its own wait ended before."""
        self._last[session] = template
        if len(self._last) > MAX_OPEN:
            self._last = {session: template}
        if self._open and ms is not None:
            self._finished(_process(session), ms)

    def begin(self, wait: Incident, template: str) -> None:
        """Take in that a process waits."""
        self._close(wait.process)
        wait.text = template
        self._open[wait.process] = wait
        if wait.holder and (ran := self._last_of(wait.holder)):
            self._held_by[wait.process] = ran
        if len(self._open) > MAX_OPEN:
            self._note(self._open.popitem(last=False)[1])

    def end(self, acquired: Incident, template: str) -> None:
        """Take in that a process has its lock, with or without a beginning in the log."""
        wait = self._open.pop(acquired.process, None)
        if wait is None:
            acquired.text = template
            self._note(acquired)
            return
        wait.ms = max(wait.ms or 0.0, acquired.ms or 0.0)
        self._note(wait)

    def _finished(self, process: str, ms: float) -> None:
        wait = self._open.get(process)
        if wait is not None and (wait.ms or 0.0) <= ms:
            self._wait(wait.text, wait.subject).statement_ms += ms
            self._close(process)

    def deadlock(self, template: str) -> None:
        """Count a deadlock of a statement."""
        self._wait(template, "deadlock").deadlocks += 1

    def close(self) -> None:
        """End all waits."""
        for process in list(self._open):
            self._close(process)
        self._held_by.clear()
        self._last.clear()

    def add(self, other: Waits) -> None:
        """Take in what a further part of the log found."""
        for wait in other.found.values():
            self._wait(wait.template, wait.lock).add(wait)

    def _close(self, process: str) -> None:
        if (wait := self._open.pop(process, None)) is not None:
            self._note(wait)

    def _note(self, wait: Incident) -> None:
        found = self._wait(wait.text, wait.subject)
        found.waits += 1
        found.ms += wait.ms or 0.0
        found.max_ms = max(found.max_ms, wait.ms or 0.0)
        if wait.holder and len(found.holders) < MAX_HOLDERS:
            found.holders[wait.holder] += 1
        held_by = self._held_by.pop(wait.process, None)
        if held_by is None and wait.holder:
            held_by = self._last_of(wait.holder)
        if held_by and len(found.held_by) < MAX_HOLDERS:
            found.held_by[held_by] += 1

    def _last_of(self, process: str) -> str | None:
        """Return what a process ran last, whatever its session is called."""
        if process in self._last:
            return self._last[process]
        sessions = (session for session in self._last if _process(session) == process)
        return next((self._last[session] for session in sessions), None)

    def _wait(self, template: str, lock: str) -> Wait:
        found = self.found.get((template, lock))
        if found is None:
            if len(self.found) >= MAX_WAITS:
                template = "(further statements)"
            found = self.found.setdefault((template, lock), Wait(template, lock))
        return found


def _process(session: str) -> str:
    """Return the process in a session identifier: its second half, in hexadecimal."""
    _, dot, process = session.partition(".")
    try:
        return str(int(process, 16)) if dot else session
    except ValueError:
        return session
