"""Columns that queries filter or sort by, against the indexes that models and schemas declare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...base import Code
from ...effects import Known
from ...facts import Call, Class
from ...origin import subject
from ...project import Place
from ...words import names, pattern
from .tables import rails_tables, table_of

_FILTERS = names("filter_calls")
_SORTS = names("sort_calls")
_FIELD_TYPES = pattern("searched_field")
_SERVED = pattern("served_field")
_KEYWORD = re.compile(
    r"^[:\"']?(\w+?)(?:__(?:gte?|lte?|in|exact|range))?[\"']?\s*(?:=(?!=)|:(?!:)|=>)"
)
_SORTED = re.compile(r"^[\"':]-?(\w+)[\"']?(?:\s*(?::|=>)\s*:?\w+)?$")
_QUOTED = re.compile(r"[\"'](-?\w+)[\"']")


@dataclass
class Columns:
    """The columns of a model: those an index begins with, and others that can be searched."""

    served: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)


def searches(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each column that queries of one function search by, where no index serves."""
    known = _models(code)
    seen: set[tuple[str, str]] = set()
    for place in code.project.places:
        for one in code.effects.calls[place.number]:
            if one.call.name not in _FILTERS and one.call.name not in _SORTS:
                continue
            model = _model(code, one, place, known)
            if model is None:
                continue
            columns = _searched(one)
            if columns and not known[model].served.intersection(columns):
                column = next((c for c in columns if c in known[model].plain), "")
                if column and (model, column) not in seen:
                    seen.add((model, column))
                    sorts = one.call.name in _SORTS
                    yield _row(code, place, one.call, model, column) | {"sorts": sorts}


def _row(code: Code, place: Place, call: Call, model: str, column: str) -> dict[str, Any]:
    """Where the column is declared, with the query that searches by it."""
    declared = code.project.models.classes[model]
    lines = [field.line for field in declared.calls if field.target == column]
    line = lines[0] if lines else declared.line
    return code.row(place, call) | {
        "file": code.project.models.files[model],
        "line": line,
        "end_line": line,
        "function": model,
        "table": model,
        "column": column,
        "searched_at": f"{place.file.path}:{call.line}",
    }


def _model(code: Code, known: Known, place: Place, models: Mapping[str, Columns]) -> str | None:
    """The model that a query is about: the first class of the receiver's path."""
    text = subject(code.project, known.call, place)
    return next((word for word in re.findall(r"\b[A-Z]\w+", text) if word in models), None)


def _searched(known: Known) -> list[str]:
    """The columns of all conditions of a call, in their order."""
    call, found = known.call, []
    for text in call.arguments:
        match = _SORTED.match(text) if call.name in _SORTS else _KEYWORD.match(text)
        if match:
            found.append(match[1].lstrip("-"))
    return found


def _models(code: Code) -> dict[str, Columns]:
    """The columns of models by class, from their fields or from db/schema.rb."""
    found: dict[str, Columns] = {}
    tables = rails_tables(code)
    for name, declared in code.project.models.classes.items():
        columns = tables.get(table_of(name, tables)) if tables else None
        if columns is not None:
            served = {column for column, indexed in columns.items() if indexed} | {"id"}
            found[name] = Columns(served, set(columns) - served)
        else:
            found[name] = _declared(declared)
    for file in code.project.files:
        metas = [one for one in file.classes if one.name == "Meta"]
        for outer in file.classes:
            if outer.name in found:
                inner = [m for m in metas if outer.line <= m.line <= outer.end_line]
                found[outer.name].served.update(*map(_of_meta, inner))
    return found


def _declared(model: Class) -> Columns:
    columns = Columns()
    for call in model.calls:
        if call.target and _FIELD_TYPES.search(call.name):
            text = " ".join(call.arguments)
            served = _SERVED.search(f"{call.name}({text}")
            (columns.served if served else columns.plain).add(call.target)
        elif call.name in ("Index", "UniqueConstraint"):
            columns.served.update(_QUOTED.findall(" ".join(call.arguments)))
    columns.plain -= columns.served
    return columns


def _of_meta(meta: Class) -> set[str]:
    texts = [text.text for text in meta.texts.values()]
    texts += [text for call in meta.calls for text in call.arguments]
    return {name.lstrip("-") for text in texts for name in _QUOTED.findall(text)}
