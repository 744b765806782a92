"""Where each item stands, and which one is next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from . import figure
from .session import Decision, Reading, Session, Step

OPEN = "open"
NOT_ASKED = "not_asked"
#: Every state of an item, in the order of a report's columns and sections.
STATES = ("fail", "judge", "unknown", OPEN, "pass", "not_applicable", NOT_ASKED)
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
#: From a group of readings the first verdict of this list that occurs counts: one failing
#: probe is a finding, and what one probe could not see another's ``pass`` does not settle.
_STRONGEST = ("fail", "judge", "unknown", "pass", "not_applicable")
_SETTLED = ("pass", "not_applicable")
_RANK = {"fail": 0, "judge": 1}
#: How much an item matters, and what it takes: the lowest comes first, an unnamed one last.
IMPACT = {"high": 0, "medium": 1, "low": 2}
EFFORT = {"low": 0, "medium": 1, "high": 2}


@dataclass(frozen=True)
class Standing:
    """One item, what is known about it, and who said so."""

    step: Step
    verdict: str  # one of session.VERDICTS, or OPEN
    #: Probes that answer the item.
    readings: tuple[Reading, ...]
    #: Probes the item only links to: they point, they do not settle.
    related: tuple[Reading, ...]
    decision: Decision | None
    is_asked: bool
    position: int

    @property
    def decided_by(self) -> str | None:
        if self.decision:
            return "decision"
        return "evidence" if self.verdict != OPEN else None

    @property
    def state(self) -> str:
        """The item's state as a report names it, one of ``STATES``."""
        is_out = not self.is_asked and self.verdict == OPEN
        return NOT_ASKED if is_out else self.verdict

    @property
    def note(self) -> str | None:
        return self.decision.note if self.decision else None

    @property
    def measured(self) -> tuple[str, str] | None:
        """The figures before and after a fix, where both were recorded."""
        decision = self.decision
        if decision and decision.before and decision.after:
            return decision.before, decision.after
        return None

    @property
    def ratio(self) -> float | None:
        """How many times smaller the figure after the fix is."""
        return figure.ratio(*self.measured) if self.measured else None

    @property
    def about(self) -> str:
        """What the item says beyond its title."""
        return " ".join((self.step.text, *self.step.notes)).strip()

    @property
    def order(self) -> tuple[int, int, int, int]:
        """By impact, then effort, then page order, within the rank of the verdict."""
        return (_RANK.get(self.verdict, 2), *self.weight)

    @property
    def weight(self) -> tuple[int, int, int]:
        step = self.step
        return IMPACT.get(step.impact or "", 3), EFFORT.get(step.effort or "", 3), self.position


def standings(session: Session) -> tuple[Standing, ...]:
    """Return where every item stands, in page order."""
    latest = {decision.item: decision for decision in session.decisions}
    unclaimed = loose(session)
    return tuple(
        _standing(session, step, latest.get(step.id), position, unclaimed)
        for position, step in enumerate(session.steps)
    )


def queue(session: Session) -> tuple[Standing, ...]:
    """Return the items still to be asked, the next one first.

    Leaves out items that were decided, items that the evidence settled, and items for engines
    that are not part of the audited system.
    """
    waiting = [
        standing
        for standing in standings(session)
        if standing.is_asked and not standing.decision and standing.verdict not in _SETTLED
    ]
    return tuple(sorted(waiting, key=lambda standing: standing.order))


def counts(found: Iterable[Standing]) -> dict[str, int]:
    """Return how many items are in each of ``STATES``."""
    states = Counter(standing.state for standing in found)
    return {state: states[state] for state in STATES}


def loose(session: Session) -> tuple[Reading, ...]:
    """Return the readings that answer no item of this session, linked from one or not."""
    answered = _identifiers(session)
    return tuple(r for r in session.readings if not answered.intersection(r.items))


def _identifiers(session: Session) -> set[str]:
    return {name for step in session.steps for name in (step.id, *step.aliases)}


def _standing(
    session: Session,
    step: Step,
    decision: Decision | None,
    position: int,
    unclaimed: tuple[Reading, ...],
) -> Standing:
    names = {step.id, *step.aliases}
    readings = tuple(r for r in session.readings if names.intersection(r.items))
    related = tuple(
        r for r in session.readings if r.probe in step.probes and not names.intersection(r.items)
    )
    pointing = tuple(reading for reading in related if reading in unclaimed)
    return Standing(
        step=step,
        verdict=decision.verdict if decision else _verdict(readings, pointing),
        readings=readings,
        related=related,
        decision=decision,
        is_asked=_is_asked(session, step),
        position=position,
    )


def _verdict(readings: tuple[Reading, ...], pointing: tuple[Reading, ...]) -> str:
    """Return the state the evidence gives an item.

    A finding that answers no item points at the items that link to its probe; one that answers
    another item is dealt with there.
    """
    said = {reading.verdict for reading in readings}
    strongest = next((verdict for verdict in _STRONGEST if verdict in said), OPEN)
    pointed_at = any(reading.verdict in ("fail", "judge") for reading in pointing)
    return "judge" if pointed_at and strongest in (OPEN, "unknown") else strongest


def _is_asked(session: Session, step: Step) -> bool:
    if session.engines is None or not step.engines:
        return True
    return bool(set(step.engines).intersection(session.engines))
