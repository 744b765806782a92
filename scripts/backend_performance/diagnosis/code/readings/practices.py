"""What a code base of this kind mostly has, and this one shows no sign of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..base import Code
from ..project import Place
from ..source.grammar import table

_MANY = 3


@dataclass(frozen=True)
class Practice:
    """A practice, the signs of it in code or tests, and what makes it worth having."""

    name: str
    signs: tuple[str, ...]
    where: str  #: code or tests
    needs: str  #: http, route or relation


@cache
def practices_table() -> tuple[Practice, ...]:
    """Return the table of practices."""
    rows = table("practices")
    return tuple(
        Practice(row["name"], tuple(row["signs"].split()), row["where"], row["needs"])
        for row in rows
    )


def practices(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each practice without a sign, at the first place that would need it."""
    signs = _signs(code)
    for practice in practices_table():
        places = list(_needing(code, practice.needs))
        if len(places) < _MANY:
            continue
        sources = (signs, *(code.tests or ())) if practice.where == "tests" else (signs.lower(),)
        yield code.row(
            places[0],
            practice=practice.name,
            shown=any(sign in source for source in sources for sign in practice.signs),
            places=len(places),
            tests=practice.where == "code" or code.tests is not None,
        )


def _signs(code: Code) -> str:
    """Imports, decorators, bases and calls of the whole code base, each once."""
    words = set(code.project.imports.values())
    for place in code.project.places:
        words.update(place.function.decorators)
        words.update(call.path for call in place.function.calls)
    for one, _ in code.project.each_class():
        words.update(one.decorators)
        words.add(one.bases)
        words.update(call.path for call in one.calls)
    return "\n".join(words)


def _needing(code: Code, needs: str) -> Iterator[Place]:
    if needs == "http":
        places = {place.number: place for place, _, _ in code.found("http")}
        yield from (p for p in places.values() if p.entry not in ("script", "migration"))
    elif needs == "route":
        yield from (p for p in code.project.places if p.entry == "route" and p.function.name)
    elif needs == "relation":
        models = code.project.models
        owners = {owner for owners in models.to_many.values() for owner in owners}
        for owner in sorted(owners):
            if owner in models.files:
                yield code.project.by_path[models.files[owner]][0]
