"""Places in the code for what servers, logs and monitoring report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..evidence import fingerprint
from ..evidence.located import Located
from .base import Code
from .facts import Call, Class
from .origin import subject
from .project import Place
from .readings.schema.tables import rails_tables, table_of
from .source.sql import body
from .words import names, pattern

MAX_LOCATED = 20_000
_FILTERS = names("filter_calls")
_ROUTES = names("route_calls")
_COMMANDS = names("key_commands")
_ROUTERS = pattern("routers")
_DECORATED = pattern("route_decorator")
_LITERAL = re.compile(r"^[rfbFRB]*[\"'`]([^\"'`]{1,120})[\"'`]")
_FAMILY = re.compile(r"^[rfbFRB]*[\"'`]([A-Za-z][\w-]{1,40})[:/|.#{$%]")
_NAMED_TABLE = re.compile(r"(?:db_table|__tablename__|table_name|tableName|\$?table)")
_ENTITY = re.compile(r"@(?:Table|Entity)\(.*?[\"'](\w+)[\"']")
_KEYWORD = re.compile(r"^:?(\w+?)(?:__\w+)?\s*(?:=(?!=)|:(?!:))")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def locations(code: Code) -> tuple[Located, ...]:
    """Return the places of statements, searches, tables, key families and routes."""
    found: dict[Located, None] = {}
    for one in _all(code):
        if len(found) >= MAX_LOCATED:
            break
        found.setdefault(one)
    return tuple(found)


def _all(code: Code) -> Iterator[Located]:
    models = dict(_models(code))
    yield from (_at_model(code, name, table) for name, each in models.items() for table in each)
    for place in code.project.places:
        for text in place.function.statements:
            name = fingerprint.statement(body(text.text))
            yield _located("statement", name, place, text.line)
        for decorator in place.function.decorators:
            if match := _DECORATED.search(decorator):
                line = place.function.line
                yield _located("route", fingerprint.route(match[1]), place, line)
        for known in code.effects.calls[place.number]:
            call = known.call
            if call.arguments and call.name in _ROUTES:
                yield from _routed(place, call)
            keyed = known.does("cache") is not None or call.name in _COMMANDS
            if keyed and (family := _family(place, call)):
                yield _located("key_family", family, place, call.line)
            if known.does("query") and call.name in _FILTERS:
                yield from _search(code, place, call, models)


def _located(kind: str, name: str, place: Place, line: int) -> Located:
    return Located(kind, name, place.file.path, line, place.function.qualified)


def _at_model(code: Code, name: str, table: str) -> Located:
    model = code.project.models
    return Located("table", table, model.files[name], model.classes[name].line, name)


def _models(code: Code) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each model with the names that its table may have."""
    rails = rails_tables(code)
    for name, model in code.project.models.classes.items():
        declared = _declared_table(code, name, model)
        if declared:
            yield name, (declared,)
            continue
        snake = _CAMEL.sub("_", name.rpartition(":")[2]).lower()
        app = code.project.models.files[name].rpartition("/")[0].removesuffix("/models")
        plural = re.sub(r"ys$", "ies", f"{snake}s")
        of_app = f"{app.rpartition('/')[2]}_{snake.replace('_', '')}"
        yield name, (table_of(name, rails),) if rails else (plural, snake, of_app)


def _declared_table(code: Code, name: str, model: Class) -> str:
    """The table that a model names itself: in its body, its Meta or its annotation."""
    file = code.project.file(code.project.models.files[name])
    inside = [c for c in file.classes if model.line <= c.line <= model.end_line]
    for one in (model, *inside):
        for field, text in one.texts.items():
            literal = _LITERAL.match(text.text)
            if literal and _NAMED_TABLE.fullmatch(field):
                return literal[1].rpartition(".")[2].lower()
    found = (_ENTITY.search(text) for text in model.decorators)
    return next((match[1].lower() for match in found if match), "")


def _routed(place: Place, call: Call) -> Iterator[Located]:
    """``router.get("/orders/:id", …)`` and ``path("orders/<int:id>/", …)``."""
    literal = _LITERAL.match(call.arguments[0])
    if literal is None or len(call.arguments) < 2:
        return
    if literal[1].startswith("/") or (not call.receiver and _ROUTERS.search(call.name)):
        handler = re.split(r"[(,\s]", call.arguments[-1], maxsplit=1)[0].rpartition(".")[2]
        handler = handler if handler.isidentifier() else place.function.qualified
        name = fingerprint.route(literal[1])
        yield Located("route", name, place.file.path, call.line, handler)


def _family(place: Place, call: Call) -> str:
    """The first part of a key, where it is a word in the code."""
    if not call.arguments:
        return ""
    text = call.arguments[0]
    known = place.function.texts.get(text.lstrip("$"))
    match = _FAMILY.match(known.text if known else text)
    return match[1].lower() if match else ""


def _search(
    code: Code, place: Place, call: Call, models: dict[str, tuple[str, ...]]
) -> Iterator[Located]:
    text = subject(code.project, call, place)
    model = next((word for word in re.findall(r"\b[A-Z]\w+", text) if word in models), None)
    columns = [match[1] for argument in call.arguments if (match := _KEYWORD.match(argument))]
    if model and columns:
        for table in models[model]:
            yield _located("search", fingerprint.searched(table, columns), place, call.line)
