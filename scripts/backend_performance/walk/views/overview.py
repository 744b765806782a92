"""The progress of a walk on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...program import called
from .. import causes, order
from ..figure import counted
from ..order import STATES, WORDS, Standing
from ..session import Reading, Session
from ..untrusted import sentence

#: What this program is called where it was started.
_WALK = called("walk")

SCHEMA = "status/1"
_MAX_LISTED = 20


@dataclass(frozen=True)
class Overview:
    session: Session
    counts: dict[str, int]
    left: int
    #: Items that fail, by impact, then effort.
    failing: tuple[Standing, ...]
    #: Failing evidence that no item is tied to.
    loose: tuple[Reading, ...]
    #: Engines that some items concern but that are out of scope.
    engines_left_out: tuple[str, ...]

    @property
    def failures(self) -> int:
        return len(self.failing) + len(self.loose)


def build(session: Session) -> Overview:
    """Return the overview of ``session``."""
    standings = order.standings(session)
    out = [s for s in standings if s.state == "not_asked"]
    failing = sorted((s for s in standings if s.verdict == "fail"), key=lambda s: s.weight)
    return Overview(
        session=session,
        counts=order.counts(standings),
        left=len(order.queue(session)),
        failing=tuple(failing),
        loose=tuple(r for r in order.loose(session) if r.verdict == "fail"),
        engines_left_out=tuple(sorted({engine for s in out for engine in s.step.engines})),
    )


def to_json(overview: Overview) -> dict[str, Any]:
    """Return the overview in the form ``status/1``."""
    session = overview.session
    return {
        "schema": SCHEMA,
        "skill": {"name": session.skill.name, "version": session.skill.version},
        "started": session.started,
        "engines": None if session.engines is None else list(session.engines),
        "engines_left_out": list(overview.engines_left_out),
        "summary": {"failures": overview.failures, "left": overview.left, **overview.counts},
        "failing": [
            {
                "item": standing.step.id,
                "title": standing.step.title,
                "impact": standing.step.impact,
                "effort": standing.step.effort,
                "decided_by": standing.decided_by,
            }
            for standing in overview.failing
        ],
        "failing_probes_without_item": [reading.probe for reading in overview.loose],
        "decisions": len(session.decisions),
    }


def render(overview: Overview) -> str:
    """Return the overview as text."""
    session, counts = overview.session, overview.counts
    said = ", ".join(f"{counts[state]} {WORDS[state]}" for state in STATES if counts[state])
    items = counted(len(session.steps), "item")
    found = [cause.verdict for cause in causes.of(session)]
    lines = [f"{items}: {said}", f"{overview.left} left to ask"]
    if found:
        failing, leads = found.count("fail"), found.count("judge")
        lines.insert(0, f"{counted(failing, 'cause')}, {counted(leads, 'lead')}: {_WALK} list")
    if overview.engines_left_out:
        engines = ",".join(overview.engines_left_out)
        lines.append(
            f"Not asked: items only about {engines.replace(',', ', ')}. If the system uses one "
            f"of them: {_WALK} start --force … --engines {engines}"
        )
    if overview.failing or overview.loose:
        lines.append("Failing items, worst first:")
    for standing in overview.failing[:_MAX_LISTED]:
        step = standing.step
        weight = f"{step.impact or '?'} impact, {step.effort or '?'} effort"
        lines.append(f"  {step.title} [{weight}, by {standing.decided_by}]\n    {step.id}")
    lines += [f"  {r.probe} (no item): {sentence(r.reason)}" for r in overview.loose]
    hidden = len(overview.failing) - _MAX_LISTED
    if hidden > 0:
        lines.append(f"  and {hidden} more: {_WALK} list --state fail")
    return "\n".join(lines)
