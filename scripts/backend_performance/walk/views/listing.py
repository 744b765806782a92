"""Causes and items: one line each, or everything about chosen ones."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...diagnosis.evidence.model import ROW_WORDS
from ...program import called
from ...refusal import Refusal
from .. import causes, order
from ..causes import Cause
from ..order import STATES, WORDS, Standing
from ..session import Session
from ..untrusted import code, plain, sentence
from . import costs
from .card import cut, evidence_line

#: What this program is called where it was started.
_WALK = called("walk")

LIST_SCHEMA, SHOW_SCHEMA = "list/1", "show/1"
_MAX_ROWS, _MAX_TITLE = 8, 160


def listed(session: Session, areas: Sequence[str], states: Sequence[str]) -> tuple[Standing, ...]:
    """Return the items in ``areas`` and ``states`` (empty: all of them), worst first."""
    found = (
        standing
        for standing in order.standings(session)
        if (not areas or standing.step.area in areas) and (not states or standing.state in states)
    )
    return tuple(sorted(found, key=lambda each: (STATES.index(each.state), *each.weight)))


def listed_causes(
    session: Session, areas: Sequence[str], states: Sequence[str]
) -> tuple[tuple[int, Cause], ...]:
    """Return the causes and leads with their numbers, chosen as ``listed`` chooses items."""
    return tuple(
        (number, cause)
        for number, cause in enumerate(causes.of(session), 1)
        if (not areas or (cause.item or "").split("/")[0] in areas)
        and (not states or cause.verdict in states)
    )


def list_text(found: Sequence[tuple[int, Cause]], items: Sequence[Standing]) -> str:
    """Return causes by number, then items by state, one line each."""
    lines = ["CAUSES AND LEADS: number, verdict, title, place or identifier"] if found else []
    for number, cause in found:
        title = cut(cause.title, _MAX_TITLE)
        where = f"at {cause.place}" if cause.number else f"[{cause.id}]"
        lines.append(f"{number:>3}  {WORDS[cause.verdict]:<8}  {title}  {where}")
    if items:
        lines += ["", "ITEMS: state, impact/effort, identifier"] if found else []
    width = max((len(WORDS[each.state]) for each in items), default=0)
    for standing in items:
        step = standing.step
        weight = f"{step.impact or '?'}/{step.effort or '?'}"
        lines.append(f"     {WORDS[standing.state]:<{width}}  {weight:<13}  {step.id}")
    return "\n".join(lines) or "nothing to list"


def list_json(found: Sequence[tuple[int, Cause]], items: Sequence[Standing]) -> dict[str, Any]:
    """Return the same in the form ``list/1``."""
    return {
        "schema": LIST_SCHEMA,
        "causes": [
            {"number": number, "cause": cause.id, "verdict": cause.verdict, "title": cause.title}
            for number, cause in found
        ],
        "items": [
            {
                "item": standing.step.id,
                "title": standing.step.title,
                "state": standing.state,
                "impact": standing.step.impact,
                "effort": standing.step.effort,
            }
            for standing in items
        ],
    }


def chosen(session: Session, names: Sequence[str]) -> list[Cause | Standing]:
    """Return the causes and items with these numbers and identifiers.

    Raises:
        Refusal: a name matches no cause or item.
    """
    found_causes = causes.of(session)
    by_name: Mapping[str, Cause] = {
        name: cause
        for number, cause in enumerate(found_causes, 1)
        for name in (str(number), cause.id)
    }
    standings = {standing.step.id: standing for standing in order.standings(session)}
    found: list[Cause | Standing] = []
    for name in names:
        if name in by_name:
            found.append(by_name[name])
        elif name.isdecimal():
            raise Refusal(
                f"no cause {name}: there are {len(found_causes)}, which {_WALK} list shows"
            )
        else:
            found.append(standings[session.step(name).id])
    return found


def show_text(shown: Sequence[Cause | Standing], skill: str = "") -> str:
    """Return everything about each of them, uncut.

    Args:
        skill: Path of the skill, if it is not this program's own.
    """
    return "\n\n".join(
        "\n".join(
            _cause_lines(each, skill) if isinstance(each, Cause) else _item_lines(each, skill)
        )
        for each in shown
    )


def show_json(shown: Sequence[Cause | Standing]) -> dict[str, Any]:
    """Return the same in the form ``show/1``."""
    from ..report.model import item_json

    return {
        "schema": SHOW_SCHEMA,
        "causes": [each.to_json() for each in shown if isinstance(each, Cause)],
        "items": [item_json(each) for each in shown if isinstance(each, Standing)],
    }


def _cause_lines(cause: Cause, skill: str) -> Iterator[str]:
    yield f"{WORDS[cause.verdict].upper()}: {cause.title}"
    spent = costs.cost(cause)
    weight = f"impact {cause.impact or '?'}, effort {cause.effort or '?'}"
    yield f"cause: {cause.id} · {spent + ' · ' if spent else ''}{weight}"
    for place in cause.subject.places:
        yield f"at: {place}"
    for reading in cause.readings:
        yield f"seen by {reading.probe}: {sentence(reading.reason)}"
        rows = reading.rows or (reading.observed,)
        for row in rows[:_MAX_ROWS]:
            yield "  " + ", ".join(f"{k}={v}" for k, v in _plain_row(row))
        if len(rows) > _MAX_ROWS:
            yield f"  … {len(rows) - _MAX_ROWS} more rows"
    if cause.question:
        yield f"decide: {sentence(cause.question)}"
    for statement in cause.statements:
        yield statement.commented()
    # Its probes are named where they saw something; what they rest on is a matter of the item.
    yield from _advice({name: text for name, text in cause.advice.items() if name != "probe"})
    if cause.gain:
        yield f"measured gain: {cause.gain['figure']}, {cause.gain['case']}"
    if cause.read:
        yield f"read: {_reading((cause.read,), skill)}"
    if cause.item:
        yield f"then: {_WALK} record {cause.item} pass --note … --before … --after …"


def _item_lines(standing: Standing, skill: str) -> Iterator[str]:
    step = standing.step
    yield f"{WORDS[standing.state].upper()}: {step.title}"
    yield f"item: {step.id} · impact {step.impact or '?'}, effort {step.effort or '?'}"
    if standing.about:
        yield standing.about
    if standing.note:
        yield f"note: {sentence(standing.note)}"
    for reading in (*standing.readings, *standing.related):
        yield f"evidence: {evidence_line(reading, _MAX_ROWS)}"
    yield from _advice(step.advice)
    for case, figure in step.gains.items():
        yield f"measured case: {figure}, {case}"
    places = (*step.read, *step.cases)
    yield f"read: {_reading(places, skill) if places else f'{step.file}:{step.line}'}"


def _reading(places: Sequence[str], skill: str) -> str:
    """Return the command that prints only these sections of their pages."""
    named = f"{called('checklists')} {shlex.quote(skill)}" if skill else called("checklists")
    return f"{named} --section {' '.join(map(shlex.quote, dict.fromkeys(places)))}"


def _advice(advice: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{name}: {text}" for name, text in advice.items() if name != "why")


def _plain_row(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the non-empty columns of a row, with their values as inert code."""
    for name, value in row.items():
        if name not in ROW_WORDS and value not in (None, "", []):
            yield plain(name, 60), code(value, 200)
