"""Steps of the newest migrations that lock or rewrite a table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ...base import Code
from ...project import Place
from ...source.sql import body
from ...words import pattern
from . import squawk
from .hazards import CHANGES_SCHEMA, Step, last_word, row, rows, steps

_BACK, _SERVER = pattern("migration_back"), pattern("server_driver")
_POSTGRES, _OTHER = pattern("dialect_postgres"), pattern("dialect_other")
_ONLINE, _LOCK_LIMIT = pattern("dialect_online"), pattern("lock_limit")
_CREATED = re.compile(r"\bcreate (?:\w+ )?table (?:if not exists )?([\w.\"`]+)", re.I)
_CREATES = frozenset(("create_table", "createTable", "CreateModel", "create", "CreateTable"))
#: The table in ``new Table({ name: "orders" })`` and the like.
_NAME = re.compile(r"\bname\s*[:=]\s*[\"'](\w+)[\"']")
_QUOTED = re.compile(r"[\"'](\w+)[\"']")
_NUMBER = re.compile(r"(\d+)")
#: A folder for each migration or version, as that of Prisma.
_NUMBERED = re.compile(r"[vV]?\d")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.S)
_NEWEST = 3


def migrations(code: Code) -> Iterator[dict[str, Any]]:
    """Steps of the newest migrations of each folder, with the hazards that they show."""
    imports = " ".join(code.project.imports.values()).lower()
    if "sqlite" in imports and not _SERVER.search(imports):
        return  # inside one process nobody else waits for a lock
    folders: dict[str, list[str]] = defaultdict(list)
    for path, places in code.project.by_path.items():
        if places[0].entry == "migration" and not _BACK.search(path):
            folder = path.rpartition("/")[0]
            above, _, name = folder.rpartition("/")
            folders[above if _NUMBERED.match(name) else folder].append(path)
    newest = {folder: _newest(code, paths) for folder, paths in folders.items()}
    signs = {folder: _signs(code, paths) for folder, paths in folders.items()}
    plain = [
        path
        for folder, paths in newest.items()
        for path in paths
        if _is_postgres(signs[folder]) and code.project.file(path).language == "sql"
    ]
    rules = squawk.rules(code, plain)
    waiting: list[tuple[Place, Step]] = []
    for folder in sorted(newest):
        online = bool(_ONLINE.search(signs[folder])) and not _is_postgres(signs[folder])
        for path in newest[folder]:
            places = code.project.by_path[path]
            there = [place for place in places if not _BACK.search(place.function.name)]
            for place, found in steps(there, _created(there), rules.get(path, {})):
                reported = [*rows(code, place, found, online)]
                yield from reported
                lines = {one["line"] for one in reported}
                rest = [one for one in found if one.line not in lines]
                waiting += [(place, one) for one in rest if CHANGES_SCHEMA.search(one.text)]
    if waiting and not _is_limited(code):  # said once: one setting of the tool mends all
        yield row(code, *waiting[-1], waits=True)


def _newest(code: Code, paths: list[str]) -> list[str]:
    """The last migrations of a folder: along the chain of Alembic, else by number or name."""
    before: dict[str, str] = {}
    by_revision: dict[str, str] = {}
    for path in paths:
        texts = code.project.by_path[path][0].function.texts
        if "revision" in texts:
            revision = texts["revision"].text.strip("\"'")
            by_revision[revision] = path
            before[revision] = texts["down_revision"].text if "down_revision" in texts else ""
    if not by_revision:
        numbered = [path for path in paths if _NUMBER.search(path.rpartition("/")[2])]
        return sorted(numbered or paths, key=_by_number)[-_NEWEST:]
    followed = {name for text in before.values() for name in _QUOTED.findall(text)}
    found = [name for name in by_revision if name not in followed]
    for name in found:  # it grows by what came before
        if len(found) < _NEWEST:
            found += [one for one in _QUOTED.findall(before[name]) if one in by_revision]
    return [by_revision[name] for name in reversed(found[:_NEWEST])]


def _by_number(path: str) -> list[tuple[int, str]]:
    """The parts of a path, so that V10 comes after V9."""
    return [(int(part) if part.isdigit() else -1, part) for part in _NUMBER.split(path)]


def _is_postgres(signs: str) -> bool:
    """Whether a folder holds statements of PostgreSQL and of nothing else."""
    return bool(_POSTGRES.search(signs)) and not _OTHER.search(signs)


def _signs(code: Code, paths: list[str]) -> str:
    """The paths, imports and statements of the files of a folder, without comments."""
    texts = []
    for path in paths:
        texts += [path, code.project.file(path).imports]
        for place in code.project.by_path[path]:
            texts += [_COMMENT.sub(" ", body(one.text)) for one in place.function.statements]
    return "\n".join(texts)


def _is_limited(code: Code) -> bool:
    """Whether the code names a limit for the wait for a lock anywhere."""
    functions = [place.function for place in code.project.places]
    texts = (t.text for one in functions for t in (*one.statements, *one.texts.values()))
    found = [one.calls for one in functions] + [one.calls for one, _ in code.project.each_class()]
    calls = (text for part in found for call in part for text in (call.path, *call.arguments))
    return any(map(_LOCK_LIMIT.search, texts)) or any(map(_LOCK_LIMIT.search, calls))


def _created(places: list[Place]) -> frozenset[str]:
    """The tables that a migration creates: what it then does to them locks nobody out."""
    found: set[str] = set()
    holders = [place.function for place in places]
    for function in holders:
        for text in function.statements:
            found.update(last_word(name) for name in _CREATED.findall(text.text))
    for holder in (*holders, *(places[0].file.classes if places else ())):
        for call in holder.calls:
            if call.name in _CREATES and call.arguments:
                named = _NAME.search(call.arguments[0])
                found.add(named[1].lower() if named else last_word(call.arguments[0]))
    return frozenset(found - {""})
