"""Steps of the newest migrations that lock or rewrite a table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from ...base import Code
from ...project import Place
from ...source.sql import statement
from ...words import pattern

_BACK = pattern("migration_back")
_CREATED = re.compile(r"\bcreate (?:\w+ )?table (?:if not exists )?([\w.\"`]+)", re.I)
_HAZARDS = ("index", "validated", "rewrite", "default", "all_rows", "rename")
_CREATES = frozenset(("create_table", "createTable", "CreateModel", "create"))
_WORDS = re.compile(r"\w+")
_NEWEST = 3


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
