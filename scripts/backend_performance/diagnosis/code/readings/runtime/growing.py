"""Containers that outlive a request and are only added to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code
from ...facts import Call, Class, File, Function
from ...project import Place
from ...words import names, pattern

_AT_START = pattern("at_start")
_BUILDS = pattern("runs_once")
_KEYED_BY_OBJECT = pattern("keyed_by_object")
_CONTAINERS = pattern("containers")
_CONTAINER_TYPES = pattern("container_types")
_ADDS = names("adds")
_REMOVES = names("removes")
_BOUNDED = pattern("bounded")
_UNBOUNDED_CACHE = pattern("unbounded_cache")
_LONG_LIVED = pattern("long_lived")
_PASSING = pattern("passing_classes")
_GATHERS = pattern("gathers")
#: Languages whose classes declare the containers that their objects keep.
_OBJECTS = frozenset(
    ("python", "javascript", "typescript", "tsx", "java", "kotlin", "csharp", "go", "ruby")
)


def growing(code: Code) -> Iterator[dict[str, Any]]:
    """Containers that outlive a request and are only added to, and caches without a bound."""
    for place in code.project.places:
        function = place.function
        for text in function.decorators:
            method = bool(_KEYED_BY_OBJECT.search(function.parameters))
            endless = "maxsize=None" in text.replace(" ", "")
            if _UNBOUNDED_CACHE.search(text) and (method or endless):
                yield _grows(code, place, function.line - 1, function, function.name, method=method)
        if not function.name:
            yield from _containers(code, place)
    for owner, file in code.project.each_class():
        if not _PASSING.search(owner.name) and file.language in _OBJECTS:
            yield from _fields(code, owner, file)


def _grows(
    code: Code,
    place: Place,
    line: int,
    function: Function,
    name: str,
    *,
    method: bool = False,
    bounded: bool = False,
) -> dict[str, Any]:
    return code.row(place, None) | {
        "line": line,
        "end_line": line,
        "function": function.qualified,
        "kind": "cached_method" if place.function.name else "container",
        "name": name,
        "bounded": bounded,
        "method": method,
    }


def _containers(code: Code, place: Place) -> Iterator[dict[str, Any]]:
    """The containers at the top level of a file that a function adds to and none removes from."""
    functions = [
        f
        for f in place.file.functions
        if f.name and not _AT_START.match(f.name) and not _BUILDS.match(f.name)
    ]
    for name, value in place.function.assigned.items():
        if not _CONTAINERS.match(value) or not re.fullmatch(r"\w+", name):
            continue
        added = [
            (call.line, function)
            for function in functions
            for call in function.calls
            if call.receiver == name and call.name in _ADDS
        ]
        added += [
            (function.line, function)
            for function in functions
            if any(target.startswith(f"{name}[") for target in function.assigned)
        ]
        if added and not any(_removes(call, name) for f in functions for call in f.calls):
            line, function = added[0]
            bounded = bool(_BOUNDED.search(value))
            yield _grows(code, place, line, function, name, bounded=bounded)


def _removes(call: Call, name: str) -> bool:
    if call.receiver == name:
        return call.name in _REMOVES
    return call.name in ("delete", "len") and name in call.arguments


def _fields(code: Code, owner: Class, file: File) -> Iterator[dict[str, Any]]:
    """Containers of an object that lives long, with a method that adds and none that removes."""
    places = [p for p in code.project.by_path[file.path] if p.function.owner == owner.name]
    lives = bool(_LONG_LIVED.search(owner.name))
    for name, value in _kept(owner, ruby=file.language == "ruby"):
        if not (lives or _GATHERS.search(name)) or _BOUNDED.search(f"{value} {name}"):
            continue
        if any(_frees(place, name) for place in places):
            continue
        added = next((one for place in places for one in _added(place, name)), None)
        if added is not None:
            place, line = added
            yield _grows(code, place, line, place.function, name) | {"kind": "field"}


def _kept(owner: Class, *, ruby: bool) -> Iterator[tuple[str, str]]:
    """The containers that an object is made with: name and value or type."""
    for name, value in owner.assigned.items():
        if ruby and not name.isupper():
            continue
        if _CONTAINERS.match(value) and re.fullmatch(r"\w+", name):
            yield name, value
    for name, kind in owner.types.items():
        if _CONTAINER_TYPES.fullmatch(kind) and name not in owner.assigned:
            yield name, kind


def _added(place: Place, name: str) -> Iterator[tuple[Place, int]]:
    """Where a method adds, other than one that runs once."""
    function = place.function
    if _AT_START.match(function.name) or _BUILDS.match(function.name):
        return
    # Another name of the field, as in ``relations = given or self.relations``.
    field = re.compile(rf".*\b(this|self)\.{name}")
    aliases = {
        target
        for target, values in function.values.items()
        if any(field.fullmatch(value) for _, value in values)
    }
    for call in function.calls:
        adds = _is_field(call.receiver, name) or call.receiver in aliases
        if adds and call.name in _ADDS and not call.loops:
            yield place, call.line
    for target, values in function.values.items():
        if re.match(rf"(\w+\.)?{name}\[", target):
            yield place, values[0][0]


def _frees(place: Place, name: str) -> bool:
    """Whether a method removes, replaces the container, or gives it away to be emptied."""
    function = place.function
    if any(_is_field(c.receiver, name) and c.name in _REMOVES for c in function.calls):
        return True
    if any(
        c.name in ("delete", "del", "len", "clear") and any(name in text for text in c.arguments)
        for c in function.calls
    ):
        return True
    renewed = re.compile(rf"(\w+\.)?{name}")
    starts = _AT_START.match(function.name) or function.name == function.owner
    return not starts and any(renewed.fullmatch(target) for target in function.assigned)


def _is_field(receiver: str, name: str) -> bool:
    return re.fullmatch(rf"(?:\$?(?:this|self)\.|\w+\.|@{{1,2}})?{name}", receiver) is not None
