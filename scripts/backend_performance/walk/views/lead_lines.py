"""Leads that ask the same, in a few lines or in one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..causes import Cause
from ..untrusted import plain
from . import costs
from .alike import Alike
from .card import cut

_MAX_BRIEF = 130
#: Columns of a row that say what its title is about.
_NAMED = ("columns", "relations", "relation")


def full(kind: Alike, most_alike: int) -> Iterator[str]:
    (number, cause), *others = kind
    yield f"{number:>2}. {cut(titled(cause))}"
    at = f"at {cause.place}" if cause.subject.places else ""
    if where := " · ".join(part for part in (costs.unsaid(cause), at) if part):
        yield f"    {where}"
    if detail := _detail(cause):
        yield f"    {cut(detail)}"
    if others:
        named = ", ".join(f"{_where(other)} [{n}]" for n, other in others[:most_alike])
        hidden = len(others) - most_alike
        yield f"    the same: {named}" + (f" and {hidden} more" if hidden > 0 else "")
    if cause.question:
        yield f"    decide: {cut(cause.question)}"


def brief(kind: Alike) -> str:
    """Return a lower-ranked lead on one line, with the number of leads that ask the same."""
    (number, cause), *others = kind
    at = f" at {cause.place}" if cause.subject.places else ""
    same = f" (and {len(others)} more)" if others else ""
    return f"{number:>2}. {cut(titled(cause), _MAX_BRIEF)}{at}{same}"


def _detail(cause: Cause) -> str:
    """Return the way from a place in code to what it does, or the columns and relations."""
    row = cause.signals[0].row if cause.number else {}
    if isinstance(via := row.get("via"), (list, tuple)):
        steps = (plain(step, 160).partition("@") for step in via)
        return "through " + " → ".join(f"{name} ({at})" if at else name for name, _, at in steps)
    named = next((name for name in _NAMED if row.get(name)), "")
    return f"{named}: {plain(row[named], 160)}" if named else ""


def _where(cause: Cause) -> str:
    """Return the place of a lead in the code, or what it is about."""
    if not cause.subject.places:
        return plain(cause.subject.name, 60)
    place = cause.subject.places[0]
    return str(replace(place, function=(place.function or "").rpartition(".")[2]))


def titled(cause: Cause) -> str:
    """Return the title, with a word of urgency."""
    return ("NOW: " if cause.is_urgent else "") + cause.title
