"""Tables by their names in the database: those of Rails, of models, and with indexes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable

from ...base import Code
from ...facts import Class

_LITERAL = re.compile(r"^[rfbFRB]*[\"'`]([^\"'`]{1,120})[\"'`]")
_NAMED_TABLE = re.compile(r"(?:db_table|__tablename__|table_name|tableName|\$?table)")
_ENTITY = re.compile(r"@?\b(?:Table|Entity)\(.*?[\"'](\w+)[\"']")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
#: A column that an index of a statement begins with, and one of a call in a migration.
_INDEX = re.compile(
    r"\bindex\b[^;()]{0,120}?\bon\s+(?:only\s+)?[\"`]?(?:\w+[\"`]?\.[\"`]?)?(\w+)[\"`]?\s*"
    r"(?:using\s+\w+\s*)?\(\s*[\"`]?(\w+)",
    re.I,
)
_INDEX_CALLS = frozenset(("addIndex", "add_index", "createIndex"))
#: A name as a symbol, a string or a word.
NAME = re.compile(r"[:\"']?(\w+)")


def rails_tables(code: Code) -> dict[str, dict[str, bool]]:
    """Columns by table, each with whether an index begins with it.

    Without db/schema.rb they are those that the migrations have ever made.
    """
    tables: dict[str, dict[str, bool]] = defaultdict(dict)
    places = code.project.by_path.get("db/schema.rb") or [
        place for place in code.project.places if place.file.path.startswith("db/migrate/")
    ]
    for place in places:
        table = ""
        for call in place.function.calls:
            name = NAME.match(call.arguments[0].lstrip("[")) if call.arguments else None
            if name is None:
                continue
            if call.name == "create_table":
                table = name[1]
            elif call.receiver == "t" and call.name == "index":
                tables[table][name[1]] = True
            elif call.name == "add_index" and len(call.arguments) > 1:
                column = NAME.match(call.arguments[1].lstrip("["))
                if column:
                    tables[name[1]][column[1]] = True
            elif call.name in ("references", "belongs_to", "add_reference"):
                tables[table][f"{name[1]}_id"] = True  # indexed unless it says otherwise
            elif call.receiver == "t":
                tables[table].setdefault(name[1], False)
    return tables


def index_names(code: Code) -> dict[str, set[str]]:
    """First columns of the indexes that statements and migrations create, by table."""
    found: dict[str, set[str]] = defaultdict(set)
    for place in code.project.places:
        for text in place.function.statements:
            for table, column in _INDEX.findall(text.text):
                found[table.lower()].add(column)
        for call in place.function.calls:
            if call.name in _INDEX_CALLS and len(call.arguments) > 1:
                named = NAME.match(call.arguments[0])
                column = re.search(r"\w+", call.arguments[1])
                if named and column:
                    found[named[1].lower()].add(column[0])
    return found


def table_names(code: Code, name: str, model: Class, rails: Container[str]) -> tuple[str, ...]:
    """Return the names that the table of a model may have, lower-case."""
    path = code.project.models.files[name]
    declared = _declared(model, code.project.file(path).classes)
    if declared:
        return (declared,)
    if rails:
        return (table_of(name, rails),)
    spelled = snake(name.rpartition(":")[2])
    app = path.rpartition("/")[0].removesuffix("/models")
    plural = re.sub(r"ys$", "ies", f"{spelled}s")
    attributes = [a.lower() for a, of in code.project.models.named.items() if of == name]
    of_app = f"{app.rpartition('/')[2]}_{spelled.replace('_', '')}"
    return (plural, spelled, of_app, *attributes)


def snake(name: str) -> str:
    """``createdAt`` → ``created_at``."""
    return _CAMEL.sub("_", name).lower()


def _declared(model: Class, around: Iterable[Class]) -> str:
    """The table that a model names itself: in its body, its Meta, its annotation or its call."""
    inside = [c for c in around if model.line <= c.line <= model.end_line]
    for one in (model, *inside):
        for field, text in one.texts.items():
            literal = _LITERAL.match(text.text)
            if literal and _NAMED_TABLE.fullmatch(field):
                return literal[1].rpartition(".")[2].lower()
    found = (_ENTITY.search(text) for text in model.decorators)
    return next((match[1].lower() for match in found if match), "")


def table_of(model: str, tables: Container[str]) -> str:
    """Return the table of a class: OrderLine → order_lines, Category → categories."""
    table = snake(model.rpartition(":")[2])
    plural = re.sub(r"y$", "ies", table)
    return f"{table}s" if f"{table}s" in tables else plural
