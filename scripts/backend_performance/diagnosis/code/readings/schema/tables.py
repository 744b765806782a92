"""Tables by their names in the database: those of Rails, of models, and with indexes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from ...base import Code
from ...facts import Class, Function
from ...words import names, pattern
from .hazards import last_word

_LITERAL = re.compile(r"^[rfbFRB]*[\"'`]([^\"'`]{1,120})[\"'`]")
_NAMED_TABLE = re.compile(r"(?:db_table|__tablename__|table_name|tableName|\$?table)")
_ENTITY = re.compile(r"@?\b(?:Table|Entity)\(.*?[\"'](\w+)[\"']")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
#: A column that an index of a statement begins with, and one of a call in a migration.
_INDEX = re.compile(
    r"\bindex\b[^;()]{0,120}?\bon\s+(?:only\s+)?[\"`\[]?(?:[\w${}]+[\"`\]]?\.[\"`\[]?)?(\w+)[\"`\]]?\s*"
    r"(?:using\s+\w+\s*)?\(\s*[\"`\[]?(\w+)",
    re.I,
)
_TIMES = {
    "timestamps": ("created_at", "updated_at"),
    "timestampsTz": ("created_at", "updated_at"),
    "softDeletes": ("deleted_at",),
}
_MOST_BLOCKS = 200
_CREATE_TABLE = re.compile(r"(?i)create table (?:if not exists )?(?:\w+\.)?\"?(\w+)")
_SQL_COLUMN = re.compile(
    r"(?m)^\s+\"?(?!CONSTRAINT\b|PRIMARY\b|UNIQUE\b|CHECK\b)(\w+)\"? (?!bool)\w"
)
_UNIQUE = re.compile(
    r"(?i)alter table (?:only )?(?:\w+\.)?\"?(\w+)\"?\s+add constraint \S+ "
    r"(?:unique|primary key) \(\"?(\w+)"
)
#: What declares an index of Laravel: before a column, or behind one.
_SERVES = names("laravel_index")
_BACK = pattern("migration_back")
_INDEX_CALLS = frozenset(("addIndex", "add_index", "createIndex"))
#: A name as a symbol, a string or a word.
NAME = re.compile(r"[:\"']?(\w+)")


def created_tables(code: Code) -> dict[str, dict[str, bool]]:
    """Columns by table of Rails and Laravel, each with whether an index begins with it.

    Without db/schema.rb they are those of db/structure.sql, or that the migrations have ever made.
    """
    tables: dict[str, dict[str, bool]] = defaultdict(dict)
    by_path = code.project.by_path
    places = by_path.get("db/schema.rb") or [
        place for place in code.project.places if "db/migrate/" in place.file.path
    ]
    if "db/structure.sql" in by_path:
        places = []
        _of_statements(by_path["db/structure.sql"][0].function, tables)
    for place in code.project.places:
        if place.entry == "migration" and place.file.language == "php":
            _of_closures(place.function, tables)
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
            elif call.receiver == "t" and call.name != "boolean":
                tables[table].setdefault(name[1], False)
    return tables


def _of_statements(function: Function, tables: dict[str, dict[str, bool]]) -> None:
    """The columns in a dump of PostgreSQL; its indexes are those of all statements."""
    for text in function.statements:
        if made := _CREATE_TABLE.match(text.text):
            tables[made[1]] |= dict.fromkeys(_SQL_COLUMN.findall(text.text), False)
        elif unique := _UNIQUE.search(text.text):
            tables[unique[1]][unique[2]] = True
        elif index := _INDEX.search(text.text):
            tables[index[1]][index[2]] = True


def _of_closures(function: Function, tables: dict[str, dict[str, bool]]) -> None:
    """What the functions given to ``Schema::create`` and ``Schema::table`` declare."""
    if _BACK.search(function.name):
        return
    blocks = [one for one in function.calls if one.receiver.startswith("Schema") and one.arguments]
    for block in blocks[:_MOST_BLOCKS]:
        table = tables[last_word(block.arguments[0])]
        inside = [one for one in function.calls if block.line <= one.line <= block.end_line]
        for name in [name for one in inside for name in _TIMES.get(one.name, ())]:
            table.setdefault(name, False)
        chained = {(one.line, one.name) for one in inside if "()" in one.receiver}
        for call in inside:
            first = NAME.match(call.arguments[0].lstrip("[")) if call.arguments else None
            if first is None or "()" in call.receiver or not call.receiver.startswith("$"):
                continue
            if call.name == "boolean":
                continue
            served = call.name in _SERVES or any((call.line, name) in chained for name in _SERVES)
            table[first[1]] = table.get(first[1], False) or served


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


def table_names(code: Code, name: str, model: Class, rails: Collection[str]) -> tuple[str, ...]:
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
    # The name of a table comes before that of its entity.
    decorators = sorted(model.decorators, key=lambda text: "Entity" in text)
    found = (_ENTITY.search(text) for text in decorators)
    return next((match[1].lower() for match in found if match), "")


def table_of(model: str, tables: Collection[str]) -> str:
    """Return the table of a class: OrderLine → order_lines, Category → categories.

    Also one of that name behind a prefix, as that of an engine, where there is only one.
    """
    table = snake(model.rpartition(":")[2])
    plural = re.sub(r"(s|x|ch|sh)s$", r"\1es", re.sub(r"ys$", "ies", f"{table}s"))
    module = snake(model.partition(":")[0])
    for name in (f"{module}_{plural}", f"{table}s", plural):
        if name in tables:
            return name
    prefixed = [name for name in tables if name.endswith(f"_{plural}")]
    return prefixed[0] if len(prefixed) == 1 else plural


def by_table(rows: Sequence[dict[str, Any]], apart: str) -> Iterator[dict[str, Any]]:
    """Put the columns of one table together, but for those that differ in ``apart``."""
    for value in dict.fromkeys(row[apart] for row in rows):
        same = [row for row in rows if row[apart] == value]
        same.sort(key=lambda row: (row["line"], row["column"]))
        columns = [row["column"] for row in same]
        yield same[0] | {"end_line": same[-1]["end_line"], "columns": columns}
