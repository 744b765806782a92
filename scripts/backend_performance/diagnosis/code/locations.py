"""Places in the code for what servers, logs and monitoring report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..evidence import fingerprint
from ..evidence.located import Located
from .base import Code
from .facts import Call
from .project import Place
from .readings.schema.columns import Table, tables
from .readings.schema.indexes import queries
from .readings.schema.tables import snake
from .source.sql import body
from .words import names, pattern

MAX_LOCATED = 20_000
_ROUTES = names("route_calls")
_COMMANDS = names("key_commands")
_ROUTERS = pattern("routers")
_DECORATED = pattern("route_decorator")
_LITERAL = re.compile(r"^[rfbFRB]*[\"'`]([^\"'`]{0,120})[\"'`]")
#: An argument by name, as ``name="orders"``.
_OPTION = re.compile(r"\w+\s*=")
_NAMED = re.compile(r"name\s*=\s*[\"']([\w.:-]{1,80})[\"']")
_FAMILY = re.compile(r"^[rfbFRB]*[\"'`]([A-Za-z][\w-]{1,40})[:/|.#{$%]")


def locations(code: Code) -> tuple[Located, ...]:
    """Return the places of statements, searches, tables, key families and routes."""
    found: dict[Located, None] = {}
    for one in _all(code):
        if len(found) >= MAX_LOCATED:
            break
        found.setdefault(one)
    return tuple(found)


def _all(code: Code) -> Iterator[Located]:
    for table in tables(code).values():
        for name in table.names:
            yield Located("table", name, table.file, table.line, table.name)
    for place, searching, table, columns in queries(code):
        yield from _search(place, searching, table, columns)
    for place in code.project.places:
        yield from _handler(place)
        for text in place.function.statements:
            name = fingerprint.statement(body(text.text))
            yield _located("statement", name, place, text.line)
        for decorator in place.function.decorators:
            if match := _DECORATED.search(decorator):
                line = place.function.line
                yield _located("route", fingerprint.route(match[1]), place, line)
        for one in code.effects.calls[place.number]:
            call = one.call
            if call.arguments and call.name in _ROUTES:
                yield from _routed(place, call)
            keyed = one.does("cache") is not None or call.name in _COMMANDS
            if keyed and (family := _family(place, call)):
                yield _located("key_family", family, place, call.line)


def _located(kind: str, name: str, place: Place, line: int) -> Located:
    return Located(kind, name, place.file.path, line, place.function.qualified)


def _handler(place: Place) -> Iterator[Located]:
    """An action of a controller, or a view of Django by its path: ``shop.views.order``."""
    function = place.function
    if function.owner.endswith("Controller"):
        name = fingerprint.handler(function.owner, function.name)
        yield _located("handler", name, place, function.line)
    elif place.file.language == "python" and place.entry == "route" and function.name:
        module = place.file.path.removesuffix(".py").replace("/", ".")
        yield _located("handler", f"{module}.{function.qualified}", place, function.line)


def _routed(place: Place, call: Call) -> Iterator[Located]:
    """``router.get("/orders/:id", …)`` and ``path("orders/<int:id>/", …)``."""
    literal = _LITERAL.match(call.arguments[0])
    if literal is None or len(call.arguments) < 2:
        return
    plain = [text for text in call.arguments if not _OPTION.match(text)]
    handler = re.split(r"[(,\s]", plain[-1], maxsplit=1)[0].rpartition(".")[2]
    handler = handler if handler.isidentifier() else place.function.qualified
    router = not call.receiver and _ROUTERS.search(call.name)
    if router or literal[1].startswith("/"):
        name = fingerprint.route(literal[1])
        yield Located("route", name, place.file.path, call.line, handler)
    for text in call.arguments:  # path("orders/", views.orders, name="orders")
        if router and (named := _NAMED.fullmatch(text)):
            yield Located("handler", named[1], place.file.path, call.line, handler)


def _family(place: Place, call: Call) -> str:
    """The first part of a key, where it is a word in the code."""
    if not call.arguments:
        return ""
    text = call.arguments[0]
    known = place.function.texts.get(text.lstrip("$"))
    match = _FAMILY.match(known.text if known else text)
    return match[1].lower() if match else ""


def _search(
    place: Place, call: Call | None, table: Table, columns: Sequence[str]
) -> Iterator[Located]:
    line = call.line if call else place.function.line
    plain = [table.named(one) for one in columns]
    stored = [[table.stored.get(one, one) for one in plain], [snake(one) for one in plain]]
    for given in stored if columns else ():
        for name in table.names:
            yield _located("search", fingerprint.searched(name, given), place, line)
