"""Statements of one request beside each other: which repeat, and with which parameters.

A group is a request where the log names one (trace or request identifier), otherwise what one
session ran without a pause; inside a session a transaction holds statements together. Memory is
bounded: so many open groups, so many statements in each, so many findings.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from .event import Event
from .repeats import MIN_REPEATS, Entry, kind_of, runs
from .statement import Statement
from .transactions import Transactions

#: A pause that ends a group; a clock that shows whole seconds cannot show a shorter one.
IDLE_S, COARSE_IDLE_S = 1.0, 2.0
MAX_OPEN, MAX_LENGTH = 4_000, 2_000
#: Repeats in one session with no statement before them may be several requests: less likely so in
#: the log of an application, which one developer reads, than in that of a server.
MIN_ALONE, MIN_ALONE_IN_APPLICATION = 20, 10
_KEYS = ("session", "transaction", "request")


@dataclass
class Group:
    """What one request or session ran without a pause."""

    request: str | None
    entries: list[Entry] = field(default_factory=list)
    last: float | None = None
    flushed: int = 0


@dataclass
class Repeat:
    """One statement that repeats, over all groups."""

    kind: str  #: n-plus-one, repeated or write-loop
    template: str
    source: str | None  #: template of the statement before
    key: str  #: what held the statements together: request, transaction or session
    parameters: str  #: known or unknown
    repeats: int = 0
    run_ms: float | None = None
    groups: int = 0
    calls: int = 0

    def add(self, other: Repeat) -> None:
        """Take in what a further part of the log found."""
        ranks = _KEYS.index(other.key), _KEYS.index(self.key)
        if ranks[0] > ranks[1] or (ranks[0] == ranks[1] and other.repeats > self.repeats):
            self.key, self.parameters = other.key, other.parameters
            self.repeats, self.run_ms = other.repeats, other.run_ms
            self.source = other.source or self.source
        self.groups += other.groups
        self.calls += other.calls


@dataclass
class Repeats:
    """What was found in all groups."""

    found: dict[tuple[str, str], Repeat] = field(default_factory=dict)
    groups: int = 0
    unplaced: int = 0  #: statements that cannot be grouped with others
    per_request: Counter[int] = field(default_factory=Counter)

    def add(self, other: Repeats) -> None:
        """Take in what a further part of the log found."""
        for key, repeat in other.found.items():
            if key in self.found:
                self.found[key].add(repeat)
            else:
                self.found[key] = repeat
        self.groups += other.groups
        self.unplaced += other.unplaced
        self.per_request.update(other.per_request)


class Grouping:
    """Takes statements one at a time; ``repeats`` grows as groups end."""

    def __init__(self, repeats: Repeats, min_alone: int = MIN_ALONE) -> None:
        self.repeats = repeats
        self._min_alone = min_alone
        self._open: OrderedDict[str, Group] = OrderedDict()
        self._transactions = Transactions()

    def add(self, event: Event, statement: Statement) -> None:
        """Put a statement beside those of the same request or session."""
        if statement.shape.kind == "control":
            self._transactions.follow(event.session, statement.template, event.text)
            return
        request = event.request or statement.request
        if not request and not event.session:
            self.repeats.unplaced += 1
            return
        group = self._group(f"r{request}" if request else f"s{event.session}", request, event)
        parameters = hash(event.parameters) if event.parameters else statement.parameters
        transaction = event.transaction or self._transactions.of(event.session)
        group.entries.append(Entry(statement.shape, parameters, event.ms, transaction))
        if len(group.entries) >= MAX_LENGTH:
            self._analyse(group)
            group.flushed += len(group.entries)
            group.entries = []

    def fetch(self, event: Event, statement: Statement) -> bool:
        """Add more rows of an open statement to it; return whether it is there."""
        group = self._open.get(f"s{event.session}")
        if not group or not group.entries or group.entries[-1].shape is not statement.shape:
            return False
        last = group.entries[-1]
        group.entries[-1] = last._replace(ms=(last.ms or 0.0) + (event.ms or 0.0))
        group.last = event.at if event.at is not None else group.last
        return True

    def close(self) -> None:
        """End all groups."""
        for group in self._open.values():
            self._end(group)
        self._open.clear()

    def _group(self, key: str, request: str | None, event: Event) -> Group:
        group = self._open.get(key)
        at = event.at
        if group is not None and not request and group.last is not None and at is not None:
            pause = at - (event.ms or 0.0) / 1000 - group.last
            if pause > IDLE_S:
                coarse = at.is_integer() and group.last.is_integer()
                if not coarse or pause > COARSE_IDLE_S:
                    self._end(self._open.pop(key))
                    group = None
        if group is None:
            group = Group(request)
            if len(self._open) >= MAX_OPEN:
                self._end(self._open.popitem(last=False)[1])
            self._open[key] = group
        else:
            self._open.move_to_end(key)
        if at is not None:
            group.last = at
        return group

    def _end(self, group: Group) -> None:
        self.repeats.groups += 1
        if group.request:
            self.repeats.per_request[len(group.entries) + group.flushed] += 1
        self._analyse(group)

    def _analyse(self, group: Group) -> None:
        if len(group.entries) < MIN_REPEATS:
            return
        seen: set[tuple[str, str]] = set()
        for start, length, repeats in runs([entry.shape for entry in group.entries]):
            for offset in range(length):
                entries = group.entries[start + offset : start + length * repeats : length]
                source = group.entries[start - 1] if start else None
                self._note(seen, kind_of(entries), entries, source, _key(group, entries))
        if group.request or len({e.transaction for e in group.entries} - {None}) == 1:
            self._identical(seen, group)

    def _identical(self, seen: set[tuple[str, str]], group: Group) -> None:
        """The same query again, anywhere in a request: it need not be sent twice."""
        counts = Counter(
            (e.shape, e.parameters)
            for e in group.entries
            if e.shape.kind == "read" and e.parameters is not None
        )
        for (shape, parameters), count in counts.items():
            if count >= MIN_REPEATS and ("repeated", shape.template) not in seen:
                entries = [
                    e for e in group.entries if e.shape is shape and e.parameters == parameters
                ]
                self._note(seen, "repeated", entries, None, _key(group, entries))

    def _note(
        self,
        seen: set[tuple[str, str]],
        kind: str,
        entries: Sequence[Entry],
        source: Entry | None,
        key: str,
    ) -> None:
        alone = key == "session" and source is None and kind != "write-loop"
        if alone and len(entries) < self._min_alone:
            return  # many requests of one lookup each look like this too
        template = entries[0].shape.template
        times = [e.ms for e in entries if e.ms is not None]
        repeat = Repeat(
            kind,
            template,
            source.shape.template if source else None,
            key,
            "unknown" if entries[0].parameters is None else "known",
            len(entries),
            sum(times) if times else None,
            (kind, template) not in seen,
            len(entries),
        )
        seen.add((kind, template))
        if (before := self.repeats.found.get((kind, template))) is not None:
            before.add(repeat)
        else:
            self.repeats.found[kind, template] = repeat


def _key(group: Group, entries: Sequence[Entry]) -> str:
    if group.request:
        return "request"
    transactions = {entry.transaction for entry in entries}
    return "transaction" if len(transactions) == 1 and None not in transactions else "session"
