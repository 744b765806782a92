"""What a walk found, as data: pure, in the order a reader needs it, ready for any renderer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ...skill.checklists.model import ADVICE_FIELDS
from .. import causes, order
from ..causes import Cause
from ..order import STATES, Standing
from ..session import Reading, Session, SkillStamp, Target, moment

SCHEMA = "report/2"


@dataclass(frozen=True)
class Area:
    """How many items of one area are in which state."""

    name: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Report:
    skill: SkillStamp
    started: str
    written: str
    engines: tuple[str, ...] | None
    targets: tuple[Target, ...]
    parameters: dict[str, Any]
    areas: tuple[Area, ...]
    totals: dict[str, int]
    #: Every item; findings first, by impact, then effort.
    entries: tuple[Standing, ...]
    #: Evidence that no item of this walk is tied to.
    loose: tuple[Reading, ...]
    #: All evidence, and what it comes to.
    readings: tuple[Reading, ...]
    causes: tuple[Cause, ...]

    def of(self, *states: str) -> tuple[Standing, ...]:
        """Return the entries in any of ``states``, in the report's order."""
        return tuple(entry for entry in self.entries if entry.state in states)

    @property
    def failures(self) -> int:
        """How many failures stand, also those that no item is tied to."""
        return self.totals["fail"] + len(self.loose_of("fail"))

    def causes_of(self, verdict: str) -> tuple[Cause, ...]:
        """Return the causes of a verdict, ``fail`` or ``judge``, in their order."""
        return tuple(cause for cause in self.causes if cause.verdict == verdict)

    @property
    def decided_failures(self) -> tuple[Standing, ...]:
        """Items that fail by a decision, without evidence that makes a cause."""
        told = {cause.item for cause in self.causes_of("fail")}
        return tuple(
            entry
            for entry in self.of("fail")
            if entry.decision
            and entry.step.id not in told
            and not any(reading.verdict == "fail" for reading in entry.readings)
        )

    def loose_of(self, *verdicts: str) -> tuple[Reading, ...]:
        """Return the readings without an item that have any of ``verdicts``."""
        return tuple(reading for reading in self.loose if reading.verdict in verdicts)

    @property
    def improved(self) -> tuple[Standing, ...]:
        """Items with a figure before and after."""
        return tuple(entry for entry in self.entries if entry.measured)

    def to_json(self) -> dict[str, Any]:
        """Return the report as in ``report.schema.json``."""
        return {
            "schema": SCHEMA,
            "skill": {"name": self.skill.name, "version": self.skill.version},
            "started": self.started,
            "written": self.written,
            "engines": None if self.engines is None else list(self.engines),
            "targets": [asdict(target) for target in self.targets],
            "parameters": self.parameters,
            "summary": {"failures": self.failures, **self.totals},
            "areas": [{"name": area.name, **area.counts} for area in self.areas],
            "causes": [_plain(cause.to_json()) for cause in self.causes],
            "items": [item_json(entry) for entry in self.entries],
            "evidence_without_item": [_plain(asdict(reading)) for reading in self.loose],
        }


def build(session: Session, now: datetime) -> Report:
    """Return the report about ``session`` as of ``now``."""
    entries = tuple(sorted(order.standings(session), key=_report_order))
    names = dict.fromkeys(step.area for step in session.steps)
    return Report(
        skill=session.skill,
        started=session.started,
        written=moment(now),
        engines=session.engines,
        targets=session.targets,
        parameters=dict(session.parameters),
        areas=tuple(
            Area(name, order.counts(e for e in entries if e.step.area == name)) for name in names
        ),
        totals=order.counts(entries),
        entries=entries,
        loose=order.loose(session),
        readings=session.readings,
        causes=causes.of(session),
    )


def _report_order(standing: Standing) -> tuple[int, ...]:
    return (STATES.index(standing.state), *standing.weight)


def item_json(entry: Standing) -> dict[str, Any]:
    """Return everything that is said about one item, its fields side by side."""
    step = asdict(entry.step)
    advice = step.pop("advice")
    aliases = step.pop("aliases")
    decision = entry.decision
    found = {
        **{name: step[name] for name in step if name not in ("notes", "probes", "gains")},
        **{name: advice.get(name) for name in ADVICE_FIELDS},
        "text": entry.about,
        "state": entry.state,
        "decided_by": entry.decided_by,
        "decided_at": decision.at if decision else None,
        "is_quick_win": bool(aliases),
        "note": entry.note,
        "before": decision.before if decision else None,
        "after": decision.after if decision else None,
        "ratio": entry.ratio,
        "evidence": [asdict(reading) for reading in entry.readings],
        "related": [asdict(reading) for reading in entry.related],
    }
    plain: dict[str, Any] = _plain(found)
    return plain


def _plain(value: Any) -> Any:
    """Return ``value`` with lists in place of tuples, as JSON has it."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value
