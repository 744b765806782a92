"""What models, schemas and migrations declare: references without an index, locks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from ...base import Code
from ...facts import Call, File
from ...project import Place
from ...source.sql import statement
from ...words import pattern
from .tables import rails_tables, table_of

_NAME = re.compile(r"[:\"']?(\w+)")
_INDEXES = frozenset(("Index", "UniqueConstraint"))
_COLUMN = frozenset(("Column", "mapped_column"))
_SERVED = re.compile(r"index\s*=\s*True|primary_key\s*=\s*True|unique\s*=\s*True")
_PRISMA_FIELD = re.compile(
    r"^[ \t]+\w+[ \t]+\w+[?\[\]]*[ \t].*@relation\(.*?fields:\s*\[(\w+)", re.M
)
_PRISMA_SERVED = re.compile(
    r"@@(?:index|unique|id)\(\s*(?:fields:\s*)?\[(\w+)|^\s+(\w+)\s.*@(?:id|unique)\b", re.M
)
_BACK = pattern("migration_back")
_CREATED = re.compile(r"\bcreate (?:\w+ )?table (?:if not exists )?([\w.\"`]+)", re.I)
_HAZARDS = ("index", "validated", "rewrite", "default", "all_rows", "rename")
_CREATES = frozenset(("create_table", "createTable", "CreateModel", "create"))
_WORDS = re.compile(r"\w+")
_NEWEST = 3


def references(code: Code) -> Iterator[dict[str, Any]]:
    """Columns that refer to another table, with whether an index begins with them."""
    yield from _rails(code)
    for place in code.project.places:
        if place.file.language == "prisma":
            yield from _prisma(code, place)
    for found, file in code.project.each_class():
        served = {_first(call) for call in found.calls if call.name in _INDEXES}
        for call in found.calls:
            text = " ".join(call.arguments)
            if call.name in _COLUMN and "ForeignKey(" in text and call.target:
                has = bool(_SERVED.search(text)) or call.target in served
                yield _reference(code, file, call.line, found.name, call.target, has)


def _reference(
    code: Code, file: File, line: int, table: str, column: str, indexed: bool
) -> dict[str, Any]:
    place = code.project.by_path[file.path][0]
    columns = {"line": line, "end_line": line, "function": table, "table": table}
    return code.row(place, None) | columns | {"column": column, "indexed": indexed}


def _first(call: Call) -> str:
    """The first column of ``Index("name", "column", …)`` or ``UniqueConstraint("column", …)``."""
    at = 1 if call.name == "Index" and len(call.arguments) > 1 else 0
    found = _NAME.match(call.arguments[at]) if call.arguments else None
    return found[1] if found else ""


def _prisma(code: Code, place: Place) -> Iterator[dict[str, Any]]:
    for block in place.function.statements:
        table = block.text.split(maxsplit=2)[1]
        served = {name for pair in _PRISMA_SERVED.findall(block.text) for name in pair if name}
        for field in _PRISMA_FIELD.finditer(block.text):
            line = block.line + block.text.count("\n", 0, field.start())
            yield _reference(code, place.file, line, table, field[1], field[1] in served)


def _rails(code: Code) -> Iterator[dict[str, Any]]:
    """``belongs_to`` of models whose table is defined in db/schema.rb."""
    tables = rails_tables(code)
    for name, found in code.project.models.classes.items():
        columns = tables.get(table_of(name, tables))
        if columns is None:
            continue
        for call in found.calls:
            relation = _NAME.match(call.arguments[0]) if call.arguments else None
            if call.name == "belongs_to" and relation and columns.get(f"{relation[1]}_id") is False:
                file = code.project.file(code.project.models.files[name])
                yield _reference(code, file, call.line, name, f"{relation[1]}_id", False)


def migrations(code: Code) -> Iterator[dict[str, Any]]:
    """Steps of the newest migrations of each folder, with the hazards that their text shows."""
    folders: dict[str, set[str]] = defaultdict(set)
    for place in code.project.places:
        path = place.file.path
        if place.entry == "migration" and not _BACK.search(path):
            folder = path.rpartition("/")[0]
            if path.endswith("/migration.sql"):  # Prisma: a folder for each migration
                folder = folder.rpartition("/")[0]
            folders[folder].add(path)
    newest = {path for paths in folders.values() for path in sorted(paths)[-_NEWEST:]}
    for path in sorted(newest):
        places = code.project.by_path[path]
        created = _created(places)
        for place in places:
            if not _BACK.search(place.function.name):
                yield from _steps(code, place, created)


def _steps(code: Code, place: Place, created: frozenset[str]) -> Iterator[dict[str, Any]]:
    for text in place.function.statements:
        found = statement(text.text)
        if found is not None and not created & frozenset(_WORDS.findall(found.template)):
            row = code.row(place, None) | {"line": text.line, "end_line": text.line}
            yield row | _hazards(found.template, "hazard_sql_") | {"table": found.table}
    for call in place.function.calls:
        words = frozenset(_WORDS.findall(" ".join(call.arguments[:1]).lower()))
        if not created & words:
            text_of = f"{call.name}({', '.join(call.arguments)})"
            yield code.row(place, call) | _hazards(text_of, "hazard_call_") | {"table": "none"}


def _created(places: Iterable[Place]) -> frozenset[str]:
    """The tables that a migration creates: what it then does to them locks nobody out."""
    found: set[str] = set()
    for place in places:
        for text in place.function.statements:
            found.update(_last(name) for name in _CREATED.findall(text.text))
        for call in place.function.calls:
            if call.name in _CREATES and call.arguments:
                found.add(_last(call.arguments[0]))
    return frozenset(found - {""})


def _last(name: str) -> str:
    words = _WORDS.findall(name.lower())
    return words[-1] if words else ""


def _hazards(text: str, kind: str) -> dict[str, bool]:
    return {name: bool(pattern(f"{kind}{name}").search(text)) for name in _HAZARDS}
