"""A cause as data: what is wrong, where, what it costs, what to do, and how to prove it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..session import Reading
from ..statements.model import Statement

#: Kinds of entry points that say who waits.
_ENTRIES = ("route", "job", "consumer", "script", "migration")


@dataclass(frozen=True)
class Place:
    """A place in the code that a cause is about; the path is relative to the code's root."""

    file: str
    line: int | None = None
    function: str | None = None

    def __str__(self) -> str:
        line = f":{self.line}" if self.line else ""
        return f"{self.file}{line}" + (f" ({self.function})" if self.function else "")


@dataclass(frozen=True)
class Subject:
    """What a cause is about: a statement, a table, an index, a route, a function …"""

    kind: str
    name: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Signal:
    """One row of evidence, read as a sign of trouble."""

    system: str
    theme: str
    subject: Subject
    verdict: str  # fail | judge
    title: str
    also: str
    cost: Mapping[str, float]
    statements: tuple[Statement, ...]
    is_urgent: bool
    #: Place of its sketch: within a cause the lowest one gives the title.
    lead: int
    reading: Reading
    row: Mapping[str, Any]
    #: The checklist item that advises, where the sketch names one.
    item: str
    #: What to do, where the item's advice is about more than this.
    fix: str
    #: What the fix can harm.
    risk: str
    #: Names that other evidence may use for the same thing.
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Cause:
    """Evidence that points the same way, told once."""

    id: str
    title: str
    system: str
    theme: str
    subject: Subject
    verdict: str  # fail | judge
    is_urgent: bool
    cost: Mapping[str, float]
    signals: tuple[Signal, ...]
    statements: tuple[Statement, ...]
    question: str = ""
    #: Identifier of the checklist item that gives the advice.
    item: str | None = None
    impact: str | None = None
    effort: str | None = None
    #: Labelled fields of that item: fix, risk, verify, …
    advice: Mapping[str, str] = field(default_factory=dict)
    #: The case that measured this fault, and what it gained.
    gain: Mapping[str, str] | None = None
    read: str | None = None

    @property
    def number(self) -> int:
        """Its place in the order in which to read the leads of code; 0 for other systems."""
        return min((row["lead"] for s in self.signals if "lead" in (row := s.row)), default=0)

    @property
    def place(self) -> str:
        """The first place in the code, and who waits there; titles of leads name the function."""
        place = self.subject.places[0]
        if not self.number:
            return str(place)
        entry = self.signals[0].row.get("entry")
        return str(replace(place, function=None)) + (f", a {entry}" if entry in _ENTRIES else "")

    @property
    def probes(self) -> tuple[str, ...]:
        """The probes that report the cause, each once."""
        return tuple(dict.fromkeys(signal.reading.probe for signal in self.signals))

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The evidence, each reading with only the rows about the cause and its words for them."""
        by_probe = ([s for s in self.signals if s.reading.probe == name] for name in self.probes)
        return tuple(map(_narrowed, by_probe))

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", self.title[:1].upper() + self.title[1:])

    def to_json(self) -> dict[str, Any]:
        """Return the cause as in ``report.schema.json``."""
        return {
            "cause": self.id,
            "title": self.title,
            "system": self.system,
            "subject": {
                "kind": self.subject.kind,
                "name": self.subject.name,
                "places": [asdict(place) for place in self.subject.places],
            },
            "verdict": self.verdict,
            "is_urgent": self.is_urgent,
            "cost": dict(self.cost),
            "impact": self.impact,
            "effort": self.effort,
            "evidence": [
                {"probe": signal.reading.probe, "verdict": signal.verdict, "row": dict(signal.row)}
                for signal in self.signals
            ],
            "question": self.question or None,
            "item": self.item,
            "fix": self.advice.get("fix"),
            "risk": self.advice.get("risk"),
            "statements": [statement.to_json() for statement in self.statements],
            "verify": self.advice.get("verify"),
            "gain": dict(self.gain) if self.gain else None,
            "read": self.read,
        }


def _narrowed(signals: Sequence[Signal]) -> Reading:
    """Return the reading of these signals without what it says of other rows."""
    reading = signals[0].reading
    rows = tuple(signal.row for signal in signals if signal.row in reading.rows)
    if not rows:
        return reading
    said = dict.fromkeys(str(row.get("because") or reading.reason) for row in rows)
    verdict = "fail" if any(signal.verdict == "fail" for signal in signals) else "judge"
    return replace(reading, rows=rows, verdict=verdict, reason="; ".join(said))
