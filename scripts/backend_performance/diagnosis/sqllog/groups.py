"""Statements of one request beside each other: which repeat, and with which parameters.

A group is a request where the log names one (trace or request identifier), otherwise what one
session ran without a pause; inside a session a transaction holds statements together. Memory is
bounded: so many open groups, so many statements in each, so many findings.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from dataclasses import dataclass, field

from .event import Event
from .repeats import MIN_REPEATS, Entry, kind_of, runs
from .statement import Statement, Tokenizer, digest

IDLE_S = 0.2
#: A clock that shows whole seconds cannot show a pause of a fifth.
COARSE_IDLE_S = 2.0
MAX_OPEN, MAX_LENGTH = 4_000, 2_000
MAX_TEMPLATES = 20_000
_AUTOCOMMIT = re.compile(r"set (?:session )?autocommit ?= ?(\w+)")
_KEYS = ("session", "transaction", "request")


@dataclass
class Group:
    request: str | None
    entries: list[Entry] = field(default_factory=list)
    last: float | None = None
    flushed: int = 0


@dataclass
class Finding:
    """One statement that repeats, over all groups."""

    kind: str  #: n-plus-one, repeated or write-loop
    number: int
    source: int | None
    key: str
    parameters: str
    repeats: int = 0
    run_ms: float | None = None
    groups: int = 0
    calls: int = 0


@dataclass
class Totals:
    statements: int = 0
    timed: int = 0
    fastest_ms: float | None = None
    groups: int = 0
    per_request: Counter[int] = field(default_factory=Counter)
    calls: Counter[int] = field(default_factory=Counter)
    spent_ms: Counter[int] = field(default_factory=Counter)


class Grouping:
    """Takes events one at a time; ``findings`` and ``totals`` grow as groups end."""

    def __init__(self, dialect: str) -> None:
        self._tokenizer = Tokenizer(dialect)
        self._open: OrderedDict[str, Group] = OrderedDict()
        self._numbers: dict[str, int] = {}
        self._explicit: dict[str, int] = {}
        self._implicit: set[str] = set()
        self._count = 0
        self.templates: list[str] = []
        self.findings: dict[tuple[str, int], Finding] = {}
        self.totals = Totals()

    def add(self, event: Event) -> None:
        statement = self._tokenizer.read(event.text)
        if statement.kind == "control":
            self._boundary(event.session, event.text)
            return
        self._total(event, statement)
        request = event.request or statement.request
        key = f"r{request}" if request else f"s{event.session}"
        group = self._group(key, request, event)
        group.entries.append(
            Entry(
                self._number(statement.template),
                statement.kind,
                _parameters(event, statement),
                event.ms,
                self._transaction(event),
            )
        )
        if len(group.entries) >= MAX_LENGTH:
            self._analyse(group)
            group.flushed += len(group.entries)
            group.entries = []

    def close(self) -> None:
        """End all groups."""
        for group in self._open.values():
            self._end(group)
        self._open.clear()

    def _group(self, key: str, request: str | None, event: Event) -> Group:
        group = self._open.pop(key, None)
        if group and not request and group.last is not None and event.at is not None:
            coarse = event.at.is_integer() and group.last.is_integer()
            pause = event.at - (event.ms or 0.0) / 1000 - group.last
            if pause > (COARSE_IDLE_S if coarse else IDLE_S):
                self._end(group)
                group = None
        if group is None:
            group = Group(request)
            if len(self._open) >= MAX_OPEN:
                self._end(self._open.popitem(last=False)[1])
        self._open[key] = group
        group.last = event.at if event.at is not None else group.last
        return group

    def _number(self, template: str) -> int:
        number = self._numbers.get(template)
        if number is None:
            if len(self.templates) >= MAX_TEMPLATES:
                template = "(further statements)"
                if template in self._numbers:
                    return self._numbers[template]
            number = self._numbers[template] = len(self.templates)
            self.templates.append(template[:2000])
        return number

    def _boundary(self, session: str, text: str) -> None:
        """Follow transactions by their statements, where the log has no number for them."""
        text = text.lstrip()[:60].lower()
        if setting := _AUTOCOMMIT.match(text):
            (self._implicit.add if setting[1] in ("0", "off", "false") else self._implicit.discard)(
                session
            )
        elif text.startswith(("commit", "rollback", "end", "abort")):
            if self._explicit.pop(session, None) is None:
                self._implicit.add(session)  # an end without a beginning: autocommit is off
        elif not text.startswith(("begin", "start")):
            return
        if session in self._implicit or text.startswith(("begin", "start")):
            self._count += 1
            self._explicit[session] = self._count
        if len(self._explicit) > MAX_OPEN or len(self._implicit) > MAX_OPEN:
            self._explicit.clear()
            self._implicit.clear()

    def _transaction(self, event: Event) -> str | None:
        if event.transaction:
            return event.transaction
        number = self._explicit.get(event.session)
        return f"#{number}" if number is not None else None

    def _total(self, event: Event, statement: Statement) -> None:
        totals = self.totals
        totals.statements += 1
        if event.ms is not None:
            totals.timed += 1
            number = self._number(statement.template)
            totals.calls[number] += 1
            totals.spent_ms[number] += event.ms  # type: ignore[assignment]
            if totals.fastest_ms is None or event.ms < totals.fastest_ms:
                totals.fastest_ms = event.ms

    def _end(self, group: Group) -> None:
        self.totals.groups += 1
        if group.request:
            self.totals.per_request[len(group.entries) + group.flushed] += 1
        self._analyse(group)

    def _analyse(self, group: Group) -> None:
        seen: set[tuple[str, int]] = set()
        for start, length, repeats in runs([entry.number for entry in group.entries]):
            for offset in range(length):
                entries = group.entries[start + offset : start + length * repeats : length]
                source = group.entries[start - 1] if start else None
                key = _key(group, entries, source)
                self._note(seen, kind_of(entries), entries, source, key)
        if group.request or len({e.transaction for e in group.entries} - {None}) == 1:
            self._identical(seen, group)

    def _identical(self, seen: set[tuple[str, int]], group: Group) -> None:
        """The same question again, anywhere in a request: nobody need ask it twice."""
        counts = Counter(
            (e.number, e.parameters)
            for e in group.entries
            if e.kind == "read" and e.parameters is not None
        )
        for (number, parameters), count in counts.items():
            if count >= MIN_REPEATS and ("repeated", number) not in seen:
                entries = [
                    e for e in group.entries if e.number == number and e.parameters == parameters
                ]
                self._note(seen, "repeated", entries, None, _key(group, entries, None))

    def _note(
        self,
        seen: set[tuple[str, int]],
        kind: str,
        entries: list[Entry],
        source: Entry | None,
        key: str,
    ) -> None:
        if key == "session" and source is None and kind != "write-loop":
            return  # many requests of one look-up each look like this too
        number = entries[0].number
        found = self.findings.setdefault(
            (kind, number),
            Finding(kind, number, source.number if source else None, key, _told(entries)),
        )
        times = [e.ms for e in entries if e.ms is not None]
        spent = sum(times) if times else None
        stronger = _KEYS.index(key) > _KEYS.index(found.key)
        if stronger or (key == found.key and len(entries) > found.repeats):
            found.key, found.parameters = key, _told(entries)
            found.source = source.number if source else found.source
            found.repeats, found.run_ms = len(entries), spent
        found.groups += (kind, number) not in seen
        found.calls += len(entries)
        seen.add((kind, number))


def _parameters(event: Event, statement: Statement) -> bytes | None:
    if event.parameters:
        return digest(event.parameters) + statement.parameters
    return None if statement.placeholders else statement.parameters


def _key(group: Group, entries: list[Entry], source: Entry | None) -> str:
    if group.request:
        return "request"
    transactions = {entry.transaction for entry in entries}
    return "transaction" if len(transactions) == 1 and None not in transactions else "session"


def _told(entries: list[Entry]) -> str:
    return "unknown" if entries[0].parameters is None else "known"
