"""Two walks of the same system side by side: what is fixed, what is new, what is as before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from . import figure, order
from .order import STATES, WORDS
from .session import Reading, Session
from .untrusted import cell

SCHEMA = "comparison/1"
_GOOD = ("pass", "not_applicable")
#: What a probe counted of its own work says nothing about the system.
_COUNTS = ("examined", *STATES)
#: Section → heading, in the order of the output.
_HEADINGS = {
    "new": "Regressions: failures that were not there",
    "fixed": "Fixed",
    "unchanged": "Failures that stand as before",
    "lost": "Failures that can no longer be seen",
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

    kind: str  # a key of _HEADINGS
    id: str
    title: str
    before: str
    after: str
    figures: tuple[Figure, ...]
    measured: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True)
class Comparison:
    old_started: str
    new_started: str
    changes: tuple[Change, ...]

    def of(self, kind: str) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.kind == kind)

    @property
    def is_regression(self) -> bool:
        return bool(self.of("new"))

    def to_json(self) -> dict[str, Any]:
        """Return the comparison in the form ``comparison/1``."""
        return {
            "schema": SCHEMA,
            "old": {"started": self.old_started},
            "new": {"started": self.new_started},
            "summary": {kind: len(self.of(kind)) for kind in _HEADINGS},
            "changes": [_change_json(change) for change in self.changes],
        }


def build(old: Session, new: Session) -> Comparison:
    """Return what changed from ``old`` to ``new``, regressions first."""
    before, after = _subjects(old), _subjects(new)
    names = dict.fromkeys((*after, *before))
    changes = [
        change for name in names if (change := _change(name, before.get(name), after.get(name)))
    ]
    kinds = list(_HEADINGS)
    changes.sort(key=lambda change: kinds.index(change.kind))
    return Comparison(old.started, new.started, tuple(changes))


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
    for reading in new.readings:
        was = earlier.get(reading.probe, {})
        for name, value in reading.observed.items():
            if name in _COUNTS or was.get(name) == value:
                continue
            if _is_number(value) and _is_number(was.get(name)):
                yield Figure(name, float(was[name]), float(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _change_json(change: Change) -> dict[str, Any]:
    figures = [{**asdict(each), "ratio": each.ratio} for each in change.figures]
    measured = {"before": change.measured[0], "after": change.measured[1]}
    return {**asdict(change), "figures": figures, "measured": measured}


def render(comparison: Comparison) -> str:
    """Return the comparison as Markdown."""
    counts = ", ".join(f"{len(comparison.of(kind))} {kind}" for kind in _HEADINGS)
    lines = [
        "# Before and after",
        "",
        f"From the walk of {comparison.old_started} to that of {comparison.new_started}: {counts}.",
        "",
    ]
    for kind, heading in _HEADINGS.items():
        changes = comparison.of(kind)
        if changes:
            lines += [f"## {heading}", "", *map(_line, changes), ""]
    return "\n".join(lines).rstrip() + "\n"


def _line(change: Change) -> str:
    words: Mapping[str, str] = {**{state: WORDS[state] for state in STATES}, "absent": "absent"}
    line = f"- {change.title} (`{change.id}`): {words[change.before]} → {words[change.after]}"
    parts = [_figure_text(each) for each in change.figures]
    if change.measured[0] and change.measured[1]:
        ratio = figure.ratio(*change.measured)
        times = f" ({ratio:.3g} ×)" if ratio else ""
        both = " → ".join(cell(each, 40) for each in change.measured)
        parts.append(f"measured {both}{times}")
    return line + (f"; {', '.join(parts)}" if parts else "")


def _figure_text(found: Figure) -> str:
    times = f" ({found.ratio:.3g} ×)" if found.ratio and found.ratio != 1 else ""
    return f"{cell(found.name, 60)} {found.before:g} → {found.after:g}{times}"
