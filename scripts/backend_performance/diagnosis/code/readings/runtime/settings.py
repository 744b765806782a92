"""Settings and options that say how to reach a system, and not how long to wait for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ...base import Code
from ...project import Place
from ...source.grammar import NEVER, table
from ...words import pattern

_OF_DEVELOPERS = pattern("settings_of_developers")


@dataclass(frozen=True)
class Missing:
    """A setting, or options of a type, and the limit that belongs to it."""

    languages: tuple[str, ...]
    name: re.Pattern[str]
    type: re.Pattern[str]
    limit: re.Pattern[str]
    system: str


@cache
def _table() -> tuple[Missing, ...]:
    rows = table("limits")
    return tuple(
        Missing(
            tuple(row["languages"]),
            re.compile(row.get("name", NEVER)),
            re.compile(row.get("type", NEVER)),
            re.compile(row["limit"]),
            row["system"],
        )
        for row in rows
    )


def settings(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each setting of the table: where it is, and whether its limit is anywhere."""
    names = _names(code)
    for place in code.project.places:
        for missing in _table() if not _OF_DEVELOPERS.search(place.file.path) else ():
            if place.file.language in missing.languages:
                yield from _rows(code, place, missing, names)


def _names(code: Code) -> Mapping[str, str]:
    """All names that get a value at the top level or in a class, by language."""
    found: dict[str, set[str]] = {}
    for file in code.project.files:
        known = found.setdefault(file.language, set())
        known.update(file.functions[0].assigned)
        for one in file.classes:
            known.update(one.assigned)
    return {language: " ".join(sorted(known)) for language, known in found.items()}


def _rows(
    code: Code, place: Place, missing: Missing, names: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    function, system = place.function, missing.system
    name = next(filter(missing.name.fullmatch, () if function.name else function.assigned), "")
    if name:
        line = next((at for at, _ in function.values.get(name, ())), function.line)
        limited = bool(missing.limit.search(names[place.file.language]))
        yield code.row(place, line, name=name, system=system, limited=limited)
    for name, kind in function.types.items():
        text = function.texts.get(name)
        if text is not None and missing.type.fullmatch(kind):
            # Options that are made from others may have the limit from there.
            limited = bool(missing.limit.search(text.text)) or "..." in text.text
            yield code.row(place, text.line, name=name, system=system, limited=limited)
