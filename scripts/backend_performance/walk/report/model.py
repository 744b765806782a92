"""What a walk found, as data: pure, in the order a reader needs it, ready for any renderer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from .. import figure, order
from ..order import Standing
from ..session import Reading, Session, Target, moment

SCHEMA = "report/1"
#: The order of columns and of sections.
STATES = ("fail", "judge", "unknown", order.OPEN, "pass", "not_applicable", "not_asked")
#: The same in words for people.
WORDS = {
    "fail": "fail",
    "judge": "to judge",
    "unknown": "unknown",
    "open": "open",
    "pass": "pass",
    "not_applicable": "not applicable",
    "not_asked": "not asked",
}


@dataclass(frozen=True)
class Entry:
    """One item of the report with everything said about it."""

    id: str
    title: str
    text: str
    area: str
    checklist: str
    file: str
    line: int
    state: str
    decided_by: str | None
    decided_at: str | None
    impact: str | None
    effort: str | None
    is_quick_win: bool
    note: str | None
    before: str | None
    after: str | None
    ratio: float | None
    check: str | None
    fix: str | None
    verify: str | None
    why: str | None
    read: tuple[str, ...]
    #: Measured cases: what gain to expect, and what it was measured on.
    cases: tuple[str, ...]
    engines: tuple[str, ...]
    evidence: tuple[Reading, ...]
    #: Evidence of probes the item links to, without being answered by them.
    related: tuple[Reading, ...]


@dataclass(frozen=True)
class Area:
    """How many items of one area are in which state."""

    name: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Report:
    skill_name: str
    skill_version: str
    started: str
    written: str
    engines: tuple[str, ...] | None
    targets: tuple[Target, ...]
    parameters: dict[str, Any]
    areas: tuple[Area, ...]
    totals: dict[str, int]
    #: Every item; findings first, by impact, then effort.
    entries: tuple[Entry, ...]
    #: Evidence that no item of this walk is tied to.
    loose: tuple[Reading, ...]

    def of(self, *states: str) -> tuple[Entry, ...]:
        """Return the entries in any of ``states``, in the report's order."""
        return tuple(entry for entry in self.entries if entry.state in states)

    @property
    def failures(self) -> int:
        """How many failures stand, also those that no item is tied to."""
        return self.totals["fail"] + len(self.loose_of("fail"))

    def loose_of(self, *verdicts: str) -> tuple[Reading, ...]:
        """Return the readings without an item that have any of ``verdicts``."""
        return tuple(reading for reading in self.loose if reading.verdict in verdicts)

    @property
    def improved(self) -> tuple[Entry, ...]:
        """Items with a figure before and after."""
        return tuple(entry for entry in self.entries if entry.before and entry.after)

    def to_json(self) -> dict[str, Any]:
        """Return the report as in ``report.schema.json``."""
        return {
            "schema": SCHEMA,
            "skill": {"name": self.skill_name, "version": self.skill_version},
            "started": self.started,
            "written": self.written,
            "engines": None if self.engines is None else list(self.engines),
            "targets": [asdict(target) for target in self.targets],
            "parameters": self.parameters,
            "summary": {"failures": self.failures, **self.totals},
            "areas": [{"name": area.name, **area.counts} for area in self.areas],
            "items": [_plain(asdict(entry)) for entry in self.entries],
            "evidence_without_item": [_plain(asdict(reading)) for reading in self.loose],
        }


def build(session: Session, now: datetime) -> Report:
    """Return the report about ``session`` as of ``now``."""
    standings = sorted(order.standings(session), key=_report_order)
    entries = tuple(_entry(standing) for standing in standings)
    names = dict.fromkeys(step.area for step in session.steps)
    return Report(
        skill_name=session.skill_name,
        skill_version=session.skill_version,
        started=session.started,
        written=moment(now),
        engines=session.engines,
        targets=session.targets,
        parameters=dict(session.parameters),
        areas=tuple(Area(name, _counts(e for e in entries if e.area == name)) for name in names),
        totals=_counts(entries),
        entries=entries,
        loose=order.loose(session),
    )


def state_of(standing: Standing) -> str:
    """Return the item's state in words of a report: its verdict, ``open`` or ``not_asked``."""
    is_out = not standing.is_asked and standing.verdict == order.OPEN
    return "not_asked" if is_out else standing.verdict


def _report_order(standing: Standing) -> tuple[int, ...]:
    return (STATES.index(state_of(standing)), *standing.weight)


def _counts(entries: Iterable[Entry]) -> dict[str, int]:
    counts = dict.fromkeys(STATES, 0)
    for entry in entries:
        counts[entry.state] += 1
    return counts


def _entry(standing: Standing) -> Entry:
    step, decision = standing.step, standing.decision
    before = decision.before if decision else None
    after = decision.after if decision else None
    return Entry(
        id=step.id,
        title=step.title,
        text=" ".join((step.text, *step.notes)).strip(),
        area=step.area,
        checklist=step.checklist,
        file=step.file,
        line=step.line,
        state=state_of(standing),
        decided_by=standing.decided_by,
        decided_at=decision.at if decision else None,
        impact=step.impact,
        effort=step.effort,
        is_quick_win=bool(step.aliases),
        note=decision.note if decision else None,
        before=before,
        after=after,
        ratio=figure.ratio(before, after),
        check=step.check,
        fix=step.fix,
        verify=step.verify,
        why=step.why,
        read=step.read,
        cases=step.cases,
        engines=step.engines,
        evidence=standing.readings,
        related=standing.related,
    )


def _plain(value: Any) -> Any:
    """Return ``value`` with lists in place of tuples, as JSON has it."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
