"""Two walks of the same system side by side: what is fixed, what is new, what is as before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from . import asked, causes, order
from .causes import Cause
from .order import STATES
from .session import Reading, Session

SCHEMA = "comparison/2"
_GOOD = ("pass", "not_applicable")
#: A probe's counts of its own work do not describe the system.
_COUNTS = ("examined", *STATES)
#: How long something has been counted is no figure of the system either.
_AGES = (
    "statistics_hours",
    "statistics_days",
    "window_hours",
    "window_calls",
    "total_calls",
    "keys_measured",
    "lookups",
    "sessions",
    "window_s",
    "uptime_s",
    "uptime_hours",
    "uptime_days",
    "blocks_requested",
)
#: Two runs of the same system differ by so much without a reason.
_NOISE = 0.1
#: Section → heading, in the order of the output.
HEADINGS = {
    "new": "Regressions: failures that were not there",
    "fixed": "Fixed",
    "unchanged": "Failures that stand as before",
    "lost": "Failures that are neither seen again nor shown to be fixed",
    "other": "Other changes",
}


@dataclass(frozen=True)
class Figure:
    """One observed number in both walks."""

    name: str
    before: float
    after: float

    @property
    def ratio(self) -> float | None:
        return self.before / self.after if self.after else None


@dataclass(frozen=True)
class Change:
    """One item whose state or failure is worth a line."""

    kind: str  # a key of HEADINGS
    id: str
    title: str
    before: str
    after: str
    figures: tuple[Figure, ...]
    measured: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True)
class CauseChange:
    """One cause with how many findings it had in each walk."""

    id: str
    title: str
    before: int
    after: int

    @property
    def kind(self) -> str:
        """``new``, ``fixed`` or ``unchanged``, as the changes of items are called."""
        if not self.after:
            return "fixed"
        return "unchanged" if self.before else "new"


@dataclass(frozen=True)
class Comparison:
    old_started: str
    new_started: str
    changes: tuple[Change, ...]
    causes: tuple[CauseChange, ...] = ()
    #: How the two walks differ in what they asked, one sentence each.
    scope: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.kind == kind)

    @property
    def is_regression(self) -> bool:
        return bool(self.of("new"))

    def to_json(self) -> dict[str, Any]:
        """Return the comparison in the form ``comparison/2``."""
        return {
            "schema": SCHEMA,
            "old": {"started": self.old_started},
            "new": {"started": self.new_started},
            "scope": list(self.scope),
            "causes": [{**asdict(each), "kind": each.kind} for each in self.causes],
            "summary": {kind: len(self.of(kind)) for kind in HEADINGS},
            "changes": [_change_json(change) for change in self.changes],
        }


def build(old: Session, new: Session) -> Comparison:
    """Return what changed from ``old`` to ``new``, regressions first."""
    before, after = _subjects(old), _subjects(new)
    names = dict.fromkeys((*after, *before))
    found = (_change(name, before.get(name), after.get(name)) for name in names)
    changes = [change for change in found if change]
    kinds = list(HEADINGS)
    changes.sort(key=lambda change: kinds.index(change.kind))
    return Comparison(
        old.started,
        new.started,
        tuple(changes),
        tuple(_cause_changes(old, new)),
        tuple(asked.differences(old, new)),
    )


def _cause_changes(old: Session, new: Session) -> Iterator[CauseChange]:
    """Yield every cause that failed in one of the walks, the largest change first."""
    before, after = ({c.id: c for c in causes.of(each)} for each in (old, new))
    found = []
    for name in dict.fromkeys((*before, *after)):
        first, second = before.get(name), after.get(name)
        counts = [_failures(each) for each in (first, second)]
        shown = first if first and counts[0] else second
        if shown and any(counts):
            found.append(CauseChange(name, shown.title, *counts))
    yield from sorted(found, key=lambda each: (each.kind != "new", each.after - each.before))


def _failures(cause: Cause | None) -> int:
    return sum(signal.verdict == "fail" for signal in cause.signals) if cause else 0


@dataclass(frozen=True)
class _Subject:
    title: str
    state: str
    readings: tuple[Reading, ...]
    measured: tuple[str | None, str | None] = (None, None)


def _subjects(session: Session) -> dict[str, _Subject]:
    """Return items and, as things of their own, probes that no item is tied to."""
    subjects = {}
    for standing in order.standings(session):
        decision = standing.decision
        measured = (decision.before, decision.after) if decision else (None, None)
        subjects[standing.step.id] = _Subject(
            standing.step.title, standing.state, standing.readings, measured
        )
    for reading in order.loose(session):
        subjects[f"probe:{reading.probe}"] = _Subject(reading.probe, reading.verdict, (reading,))
    return subjects


def _change(name: str, old: _Subject | None, new: _Subject | None) -> Change | None:
    before = old.state if old else "absent"
    after = new.state if new else "absent"
    kind = _kind(before, after)
    if kind == "lost" and _failures_pass(old, new):
        # What failed passes now; that another probe of the item cannot tell is no loss.
        kind = "fixed"
    subject = new or old
    if kind is None or subject is None:
        return None
    figures = tuple(_figures(old, new))
    return Change(kind, name, subject.title, before, after, figures, subject.measured)


def _kind(before: str, after: str) -> str | None:
    if after == "fail":
        return "unchanged" if before == "fail" else "new"
    if before == "fail":
        return "fixed" if after in _GOOD else "lost"
    return None if before == after else "other"


def _failures_pass(old: _Subject | None, new: _Subject | None) -> bool:
    """Return whether each probe that failed before passes now, and there was one."""
    if not old or not new:
        return False
    failed = {reading.probe for reading in old.readings if reading.verdict == "fail"}
    passing = {reading.probe for reading in new.readings if reading.verdict in _GOOD}
    return bool(failed) and failed <= passing


def _figures(old: _Subject | None, new: _Subject | None) -> Iterator[Figure]:
    if not old or not new:
        return
    earlier = {reading.probe: reading.observed for reading in old.readings}
    seen = Counter(name for reading in new.readings for name in reading.observed)
    told = set()
    for reading in new.readings:
        was = earlier.get(reading.probe, {})
        for name, value in reading.observed.items():
            if name in (*_COUNTS, *_AGES) or was.get(name) == value:
                continue
            if _is_number(value) and _is_number(was.get(name)) and _differs(was[name], value):
                label = name if seen[name] == 1 else f"{reading.probe} {name}"
                found = Figure(label, float(was[name]), float(value))
                if found not in told:
                    yield found
                told.add(found)


def _differs(before: float, after: float) -> bool:
    return abs(after - before) > _NOISE * max(abs(before), abs(after))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _change_json(change: Change) -> dict[str, Any]:
    figures = [{**asdict(each), "ratio": each.ratio} for each in change.figures]
    measured = {"before": change.measured[0], "after": change.measured[1]}
    return {**asdict(change), "figures": figures, "measured": measured}
