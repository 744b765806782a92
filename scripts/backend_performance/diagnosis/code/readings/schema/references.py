"""Columns that refer to another table, against the indexes that are declared and the queries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...base import Code
from .columns import Table, bare, tables
from .indexes import queries
from .tables import by_table

#: ``hook.owner_id = ?`` and ``owner_id IN (…)`` in a string.
_COMPARED = re.compile(r"(?i)\b(\w+)[\"`\]]?\s*(?:=|[<>]|\bin\b)")
_CLASS = re.compile(r"(\w+)::class$")
_MANY = frozenset(("hasMany", "hasOne"))


def references(code: Code) -> Iterator[dict[str, Any]]:
    """Columns that refer to another table and that no index begins with, by table.

    Where queries can be told, with whether one searches by such a column.
    """
    known = [(table, _unserved(table)) for table in tables(code).values()]
    known = [(table, columns) for table, columns in known if columns]
    searched = _searched_columns(code) if known else {}
    texts = _texts(code) if known else []
    everywhere = _about("", texts)
    for table, columns in known:
        place = code.project.by_path[table.file][0]
        jpa = place.family == "java"  # its queries name their tables
        compared = _about(bare(table.name), texts) if jpa else everywhere
        words = searched.get(table.name, set()) | compared
        rows = [
            code.row(
                place,
                line,
                function=table.name,
                table=table.name,
                column=column,
                searched=_is_searched(code, table, column, words),
            )
            for column, line in columns.items()
        ]
        yield from by_table(rows, "searched")


def _unserved(table: Table) -> dict[str, int]:
    """The columns that refer to other tables and that no index begins with, by line."""
    return {name: line for name, line in table.foreign.items() if not table.serves(name)}


def _about(table: str, texts: Iterable[tuple[str, frozenset[str]]]) -> frozenset[str]:
    """The columns that strings compare; with a table, without the strings about others."""
    found = (words for text, words in texts if table in text or " from " not in text)
    return frozenset().union(*found)


def _is_searched(code: Code, table: Table, column: str, words: set[str]) -> bool:
    """Whether queries, or a relation to many of the other model, search by a column.

    Always so for models whose queries are not told: those of SQLAlchemy and Prisma.
    """
    if not table.told:
        return True
    plain = bare(column)
    if not words.isdisjoint((plain, f"{plain}id", plain.removesuffix("id"))):
        return True
    many = {bare(name): owners for name, owners in code.project.models.to_many.items()}
    owners = many.get(f"{bare(table.name)}s", set())
    return any(f"{bare(owner)}id" == plain for owner in owners)


def _searched_columns(code: Code) -> dict[str, set[str]]:
    """The columns that queries search by, by table, however they are spelled."""
    found: dict[str, set[str]] = {}
    for *_, table, columns in queries(code):
        found.setdefault(table.name, set()).update(map(bare, columns))
    for place, known in code.calls():  # $this->hasMany(Line::class, "order_id")
        target = _CLASS.search(known.call.arguments[0]) if known.call.arguments else None
        if target and known.call.name in _MANY:
            key = " ".join(known.call.arguments[1:2]) or f"{place.function.owner}_id"
            name = place.function.owner if target[1] in ("self", "static") else target[1]
            found.setdefault(name, set()).add(bare(key.strip("\"'")))
    return found


def _texts(code: Code) -> list[tuple[str, frozenset[str]]]:
    """Statements, joins and conditions in strings, with the columns that they compare."""
    texts = {
        text
        for place in code.project.places
        for call in place.function.calls
        for text in call.arguments
        if text[:1] in "\"'`"
    }
    texts |= {text.text for place in code.project.places for text in place.function.statements}
    found = ((bare(text), _COMPARED.findall(text)) for text in texts)
    return [(text, frozenset(map(bare, words))) for text, words in found if words]
