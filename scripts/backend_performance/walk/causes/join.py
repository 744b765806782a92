"""Signs of trouble about the same thing become one cause."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ...diagnosis.evidence import fingerprint
from .. import order
from ..session import Session, Step
from ..statements.model import Statement
from ..untrusted import MAX_TEXT, plain
from . import hosts, measured, signals
from .model import Cause, Place, Signal, Subject

_WORD = re.compile(r"[^a-z0-9_.]+")
_MAX_ALSO = 6
_MAX_STATEMENTS = 12
#: Advice that holds for most servers: after everything that is special about this one.
_HYGIENE = ("cacheable", "defaults", "setting", "timeouts", "tracking")


def of(session: Session) -> tuple[Cause, ...]:
    """Return the causes in a session's evidence, the most expensive first."""
    found = [signal for reading in session.readings for signal in signals.of(reading)]
    found = hosts.sparing_waiters(hosts.without_bypassed(found))
    groups = hosts.attached(_grouped(found))
    settled = {
        standing.step.id
        for standing in order.standings(session)
        if standing.decision and standing.verdict in ("pass", "not_applicable")
    }
    causes = [_cause(group, session) for group in groups]
    causes = [cause for cause in causes if cause.item is None or cause.item not in settled]
    return _unique(sorted(causes, key=_rank))


def _grouped(found: Iterable[Signal]) -> list[list[Signal]]:
    """Return the signals that share a key, directly or through others, in their order."""
    groups: dict[int, list[Signal]] = {}
    owner: dict[str, int] = {}
    for number, signal in enumerate(found):
        met = {owner[key] for key in signal.keys if key in owner}
        group = groups[number] = [each for other in sorted(met) for each in groups.pop(other)]
        group.append(signal)
        owner.update({key: number for each in group for key in each.keys})
    return list(groups.values())


def _question(signal: Signal) -> str:
    """Return what is left to decide about the row; what the probe asks may be about another."""
    whole = "" if "verdict" in signal.row else signal.reading.question
    return str(signal.row.get("ask") or whole or "")


def _without_kept(group: list[Signal]) -> list[Signal]:
    """Leave out indexes that stay because another one of the cause is covered by them."""
    kept = {signal.row.get("covered_by") for signal in group} - {None}
    left = [s for s in group if s.row.get("covered_by") or s.row.get("index_name") not in kept]
    return left or group


def _cause(group: list[Signal], session: Session) -> Cause:
    group = _without_kept(group)
    ordered = sorted(group, key=lambda signal: (signal.verdict != "fail", signal.lead))
    lead = min(group, key=lambda signal: (signal.theme == hosts.SCAN, signal.lead))
    step = _step([lead, *ordered], session)
    questions = dict.fromkeys(filter(None, map(_question, ordered)))
    return Cause(
        id=_identifier(lead),
        title=_title(lead, group),
        system=lead.system,
        theme=lead.theme,
        subject=Subject(lead.subject.kind, lead.subject.name, _all_places(group)),
        verdict="fail" if any(signal.verdict == "fail" for signal in group) else "judge",
        is_urgent=any(signal.is_urgent for signal in group),
        cost=_costs(group),
        signals=tuple(ordered),
        statements=_statements([lead, *ordered]),
        question=plain(" ".join(list(questions)[:2]), 2 * MAX_TEXT),
        item=step.id if step else None,
        impact=step.impact if step else None,
        effort=step.effort if step else None,
        advice=_advice(lead, step),
        gain=measured.gain(lead, session),
        read=(step.read[0] if step.read else f"{step.file}:{step.line}") if step else None,
    )


def _title(lead: Signal, group: Sequence[Signal]) -> str:
    others = [s for s in group if s is not lead and s.also != lead.also]
    others = [s for s in others if s.theme != hosts.WAITS]  # the lead names who waits
    others = [s for s in others if not _is_repeated(s, group)]
    if _joins(lead) and lead.subject.name:  # each name once, with what the first probe says of it
        others = [s for s in others if s.subject != lead.subject]
        others = list({s.subject.name: s for s in reversed(others)}.values())[::-1]
    more = list(dict.fromkeys(_also(s, lead) for s in others))
    if not more:
        return lead.title
    hidden = len(more) - _MAX_ALSO
    listed = "; ".join(more[:_MAX_ALSO]) + (f"; and {hidden} more" if hidden > 0 else "")
    return f"{lead.title}; {listed}"


def _also(signal: Signal, lead: Signal) -> str:
    """Return what a signal adds to the title: in full where it is of a statement not named yet."""
    if signal.theme != "statement" or lead.theme != hosts.WAITS:
        return signal.also.removeprefix(f"`{lead.subject.name}`: ")
    named = fingerprint.statement(str(lead.row.get("query_untrusted", "")))
    return signal.also if fingerprint.statement(signal.subject.name) == named else signal.title


def _is_repeated(signal: Signal, group: Iterable[Signal]) -> bool:
    """Return whether a more telling probe sends this statement to the same advice."""
    in_code = signal.system == "code"
    items = signal.reading.items if in_code else (signal.item,)
    return any(
        other.item in items
        and other.item
        and (in_code or other.subject.name == signal.subject.name)
        and other.lead < signal.lead
        and other.reading.probe != signal.reading.probe
        for other in group
    )


def _joins(signal: Signal) -> bool:
    """Return whether signals of its theme are one cause, whatever they are about."""
    return any(key.endswith(" *") for key in signal.keys)


def _step(group: Sequence[Signal], session: Session) -> Step | None:
    """Return the checklist item that advises: one a probe decides before one it only informs."""
    known = {name: step for step in session.steps for name in (step.id, *step.aliases)}
    for names in (
        [group[0].item],
        [name for signal in group for name in signal.reading.items],
        [name for signal in group for name in signal.reading.related],
    ):
        steps = [known[name] for name in names if name in known]
        if steps:
            return min(steps, key=lambda step: order.IMPACT.get(step.impact or "", 3))
    probes = {signal.reading.probe for signal in group}
    return next((step for step in session.steps if probes.intersection(step.probes)), None)


def _advice(lead: Signal, step: Step | None) -> Mapping[str, str]:
    own = {"fix": lead.fix, "risk": lead.risk} if lead.fix else {}
    return {**(step.advice if step else {}), **own}


def _costs(group: Sequence[Signal]) -> Mapping[str, float]:
    """Return each cost once: the largest of equal subjects, the sum over several ones."""
    found: dict[str, dict[str, float]] = {}
    for signal in group:
        for name, value in signal.cost.items():
            of_subject = found.setdefault(name, {})
            subject = signal.subject.name
            of_subject[subject] = max(value, of_subject.get(subject, 0.0))
    return {
        name: round(
            sum(values.values()) if name in ("bytes", "share_pct") else max(values.values()), 3
        )
        for name, values in found.items()
    }


def _statements(group: Iterable[Signal]) -> tuple[Statement, ...]:
    """Return every statement once, that of the leading signal first.

    ANALYZE is left out where VACUUM (ANALYZE) does the same work.
    """
    found = dict.fromkeys(statement for signal in group for statement in signal.statements)
    done = {
        each.text.replace("VACUUM (ANALYZE)", "ANALYZE") for each in found if "VACUUM" in each.text
    }
    return tuple(each for each in found if each.text not in done)[:_MAX_STATEMENTS]


def _all_places(group: Iterable[Signal]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(place for signal in group for place in signal.subject.places))


def _identifier(lead: Signal) -> str:
    """Return a name that stays the same from walk to walk."""
    if _joins(lead) or not lead.subject.name or lead.subject.kind == "connection":
        return f"{lead.system}/{lead.theme}"
    if lead.subject.kind == "statement":
        digest = hashlib.sha256(fingerprint.statement(lead.subject.name).encode()).hexdigest()
        return f"{lead.system}/{lead.theme}/{digest[:8]}"
    name = _WORD.sub("-", lead.subject.name.lower()).strip("-")[:60] or "unnamed"
    return f"{lead.system}/{lead.theme}/{name}"


def _unique(causes: Iterable[Cause]) -> tuple[Cause, ...]:
    """Number the causes that would have the same name."""
    counts: dict[str, int] = {}
    found = []
    for cause in causes:
        number = counts[cause.id] = counts.get(cause.id, 0) + 1
        found.append(cause if number == 1 else replace(cause, id=f"{cause.id}-{number}"))
    return tuple(found)


def _rank(cause: Cause) -> tuple[float, ...]:
    """Order failures before leads; in each what is urgent, then by share of time, then impact.

    Leads of code come in the order in which to read them, behind what is measured and quick to
    mend.
    """
    return (
        cause.verdict != "fail",
        not cause.is_urgent,
        cause.theme in _HYGIENE,
        -cause.cost.get("share_pct", 0.0),
        order.IMPACT.get("high" if cause.number else cause.impact or "", 3),
        order.EFFORT.get("medium" if cause.number else cause.effort or "", 3),
        cause.number,
        -cause.cost.get("ms_per_call", 0.0),
        -cause.cost.get("bytes", 0.0),
        -cause.cost.get("rows", 0.0),
    )
