"""Imports, classes, functions and the types that they declare."""

from __future__ import annotations

import re

from ...facts import MAX_TEXT, Class, Field, Function
from ..reading import Captures, Reading, lines, type_name

_ASYNC = re.compile(rb"\b(async|suspend)\b")
_MAX_FIELDS, _MAX_FIELD = 300, 600
_CONSTRUCTORS = frozenset(("__init__", "constructor", "__construct", "initialize"))


def decorator(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """Keep it for the function or class that follows."""
    reading.decorators.append(reading.text(captures["decorator"][0])[:160])


def imported(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """Keep the text of an import."""
    reading.imports.append(" ".join(reading.text(captures["import"][0])[:300].split()))


def declared_class(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A class with its bases."""
    parts = [captures[name][0] for name in ("bases", "interfaces") if name in captures]
    bases = " ".join(reading.text(part)[:200] for part in parts)
    first, final = lines(captures["class"][0])
    name = reading.text(captures["name"][0])[:80]
    found = Class(name, bases, first, final, reading.taken_decorators())
    reading.classes.append(found)
    reading.holders.append((end, found))


def function(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A function or method."""
    if (start, end) in reading.bodies:
        return
    reading.bodies.add((start, end))
    node, name = captures["function"][0], captures["name"][0]
    around = reading.owner()
    owner = around.name if around else ""
    if "owner" in captures:
        owner = type_name(reading.text(captures["owner"][0]))
    source = reading.source
    head = source[min(start, name.start_byte) : max(start, name.start_byte) + 12]
    first, final = lines(node)
    found = Function(reading.text(name)[:80], owner, first, final)
    found.is_async = bool(_ASYNC.search(source[start : start + 12] + b" " + head))
    if "parameters" in captures:
        found.parameters = reading.text(captures["parameters"][0])[:MAX_TEXT]
    if "result" in captures:
        found.result = type_name(reading.text(captures["result"][0]).strip("(").partition(",")[0])
    if "self" in captures:
        found.types[reading.text(captures["self"][0])] = owner
    found.decorators = reading.taken_decorators()
    reading.functions.append(found)
    reading.holders.append((end, found))
    reading.open("function", start, end)


def field(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A field of a class, or of a schema that is given as an object."""
    reading.taken_decorators()
    holder, name = reading.holder(), captures["name"][0]
    if isinstance(holder, Class) and len(holder.fields) < _MAX_FIELDS:
        text = " ".join(reading.text(captures["field"][0])[:_MAX_FIELD].split())
        line = name.start_point[0] + 1
        holder.fields.append(Field(reading.text(name)[:80].strip("\"'"), text, line))


def typed(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A variable, parameter or attribute with a declared type."""
    name = reading.text(captures["name"][0]).lstrip("$")
    kind = type_name(reading.text(captures["type"][0]))
    if not kind:
        return
    holder, owner = reading.holder(), reading.owner()
    holder.types.setdefault(name, kind)
    if isinstance(holder, Class) and captures["type"][0].type == "map_type":
        holder.assigned.setdefault(name, "map[]")
    if owner is not None and isinstance(holder, Function) and _constructs(holder, owner):
        owner.types.setdefault(name, kind)  # what it is given is mostly kept as an attribute


def _constructs(function: Function, owner: Class) -> bool:
    return function.name in _CONSTRUCTORS or function.name == owner.name
