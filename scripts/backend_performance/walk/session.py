"""A walk as data: the items it asks about, the evidence it has, the decisions taken so far.

The file of a session names its items; what they say is read from the installed skill alone, so
that no file can put words into its mouth. Decisions are only ever added; the last one about an
item counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from ..refusal import Refusal
from ..verdict import VERDICTS


@dataclass(frozen=True)
class Step:
    """One checklist item as the walk holds it. Paths are relative to the skill root."""

    id: str
    title: str
    text: str
    area: str
    checklist: str
    file: str
    line: int
    #: Labelled fields of the item that a reader follows (check, fix, …), in their order.
    advice: Mapping[str, str] = field(default_factory=dict)
    impact: str | None = None
    effort: str | None = None
    engines: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    #: Where to read on: ``file#anchor``; the measured cases among them are in ``cases``.
    read: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    #: What a case gained, as ``201 queries become 2``, by the case's link.
    gains: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    #: Identifiers of the quick wins that stand for this item.
    aliases: tuple[str, ...] = ()


def gone(identifier: str) -> Step:
    """Return a placeholder for an item that the installed skill does not have."""
    return Step(
        id=identifier,
        title=identifier,
        text="The installed skill has no such item.",
        area=identifier.partition("/")[0],
        checklist="",
        file="SKILL.md",
        line=1,
    )


@dataclass(frozen=True)
class Reading:
    """What one probe said, as the diagnosis half wrote it."""

    probe: str
    items: tuple[str, ...]
    verdict: str
    reason: str | None = None
    observed: Mapping[str, Any] = field(default_factory=dict)
    threshold: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, Any], ...] = ()
    truncated: bool = False
    took_ms: float | None = None
    source: str | None = None
    caveats: tuple[str, ...] = ()
    question: str | None = None
    #: Items that receive the evidence without being decided by it.
    related: tuple[str, ...] = ()
    #: What the rows are about: a ``kind`` and the ``column`` that names it.
    subject: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"{self.probe}: verdict {self.verdict!r} is not one of {VERDICTS}")


@dataclass(frozen=True)
class Decision:
    """What was found out about one item, and what that rests on."""

    item: str
    verdict: str
    at: str
    note: str | None = None
    before: str | None = None
    after: str | None = None

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"verdict {self.verdict!r} is not one of {VERDICTS}")


@dataclass(frozen=True)
class Target:
    """A system the evidence came from; ``env`` names the variable that holds its address."""

    engine: str
    env: str
    server: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SkillStamp:
    """Which skill a walk goes through; ``digest`` is the SHA-256 of its SKILL.md."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True)
class Installed:
    """The skill that is installed here: the SHA-256 of its SKILL.md, its items by identifier."""

    digest: str
    steps: Mapping[str, Step]


@dataclass(frozen=True)
class Session:
    skill: SkillStamp
    started: str
    #: ``None``: the engines were not given, so items of every engine are asked.
    engines: tuple[str, ...] | None
    steps: tuple[Step, ...]
    readings: tuple[Reading, ...] = ()
    decisions: tuple[Decision, ...] = ()
    targets: tuple[Target, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def step(self, identifier: str) -> Step:
        """Return the item with that identifier, or the item that a quick win refers to.

        Raises:
            Refusal: there is none; the nearest identifiers are named.
        """
        for step in self.steps:
            if identifier == step.id or identifier in step.aliases:
                return step
        from difflib import get_close_matches

        known = [name for step in self.steps for name in (step.id, *step.aliases)]
        tails = {name.rsplit("/", 1)[-1]: name for name in known}
        near = get_close_matches(identifier, known, n=3, cutoff=0.5) or [
            tails[tail]
            for tail in get_close_matches(identifier.rsplit("/", 1)[-1], tails, n=3, cutoff=0.4)
        ]
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise Refusal(f"no item {identifier!r} in this session{hint}")


def start(
    steps: Sequence[Step],
    readings: Sequence[Reading],
    engines: Sequence[str] | None,
    *,
    skill: SkillStamp,
    now: datetime,
    targets: Sequence[Target] = (),
    parameters: Mapping[str, Any] | None = None,
) -> Session:
    """Return a new session about ``steps`` of ``skill``."""
    if not steps:
        raise Refusal("the skill has no checklist item to walk through")
    return Session(
        skill=skill,
        started=moment(now),
        engines=None if engines is None else tuple(sorted(set(engines))),
        steps=tuple(steps),
        readings=tuple(readings),
        targets=tuple(targets),
        parameters=dict(parameters or {}),
    )


def record(session: Session, identifier: str, decision: Decision) -> Session:
    """Return the session with one decision more; earlier ones stay in the history.

    Raises:
        Refusal: the item is unknown, or the verdict rests on nothing.
    """
    step = session.step(identifier)
    backed = any(
        step.id in reading.items and reading.verdict == decision.verdict
        for reading in session.readings
    )
    if not (decision.note or decision.before or decision.after or backed):
        raise Refusal(
            f"a decision needs evidence: describe what you saw with --note "
            f"(no evidence in this session supports {decision.verdict} for {step.id})"
        )
    return replace(session, decisions=(*session.decisions, replace(decision, item=step.id)))


def moment(now: datetime) -> str:
    """Return a point in time as RFC 3339 in UTC, to the second."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
