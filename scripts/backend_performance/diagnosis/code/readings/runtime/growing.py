"""Containers that outlive a request and are only added to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ...base import Code
from ...facts import Class, File, Function
from ...project import Place
from ...words import names, pattern

_AT_START, _HANDLES = pattern("at_start"), pattern("handler_calls")
_BUILDS = pattern("runs_once")
_KEYED_BY_OBJECT = pattern("keyed_by_object")
_CONTAINERS = pattern("containers")
_CONTAINER_TYPES = pattern("container_types")
_ADDS = names("adds")
_REMOVES = names("removes")
_MEASURES = frozenset(("delete", "del", "len", "clear"))
_BOUNDED, _FEW_KEYS = pattern("bounded"), pattern("few_keys")
_UNBOUNDED_CACHE = pattern("unbounded_cache")
_LONG_LIVED = pattern("long_lived")
_PASSING = pattern("passing_classes")
_GATHERS = pattern("gathers")
_PARTS = pattern("parts_of_program")
#: A cache without a bound.
_ENDLESS = re.compile(r"maxsize\s*=\s*None|^@(functools\.)?cache$")
#: Languages whose classes declare the containers that their objects keep.
_OBJECTS = frozenset(
    ("python", "javascript", "typescript", "tsx", "java", "kotlin", "csharp", "go", "ruby")
)


@dataclass(frozen=True)
class _Container:
    """A container of a file or of an object, with the functions that may reach it."""

    kind: str  #: container or field
    name: str
    places: tuple[Place, ...]


def growing(code: Code) -> Iterator[dict[str, Any]]:
    """Containers that outlive a request and are only added to, and caches keyed by objects."""
    for place in code.project.places:
        function = place.function
        cached = any(map(_UNBOUNDED_CACHE.search, function.decorators))
        if cached and _KEYED_BY_OBJECT.search(function.parameters):
            yield _row(code, place, function.line - 1, function.name, "cached_method")
        elif function.parameters.strip("() ") and any(map(_ENDLESS.search, function.decorators)):
            yield _row(code, place, function.line - 1, function.name, "cached_function")
    for file in code.project.files:
        for one in (*_of_file(code, file), *_of_objects(code, file)):
            if not any(_frees(place.function, one.name) for place in one.places):
                added = ((p, line) for p in one.places for line in _added(p.function, one.name))
                for place, line in islice(added, 1):
                    yield _row(code, place, line, one.name, one.kind)


def _row(code: Code, place: Place, line: int, name: str, kind: str) -> dict[str, Any]:
    return code.row(place, line, kind=kind, name=name)


def _of_file(code: Code, file: File) -> Iterator[_Container]:
    """The containers at the top level of a file."""
    places = tuple(code.project.by_path[file.path])
    for name, value in file.functions[0].assigned.items() if file.functions else ():
        if _holds(name, value):
            yield _Container("container", name, places)


def _of_objects(code: Code, file: File) -> Iterator[_Container]:
    """The containers of the objects that live long, and those whose name says that they gather."""
    for owner in file.classes if file.language in _OBJECTS else ():
        if not _PASSING.search(owner.name):
            lives = bool(_LONG_LIVED.search(owner.name))
            places = code.project.by_path[file.path]
            own = tuple(place for place in places if place.function.owner == owner.name)
            for name in _fields(owner, ruby=file.language == "ruby"):
                if lives or _GATHERS.search(name):
                    yield _Container("field", name, own)


def _fields(owner: Class, *, ruby: bool) -> Iterator[str]:
    """The containers that an object is made with; in Ruby the constants of its class."""
    for name, value in owner.assigned.items():
        if _holds(name, value) and (name.isupper() or not ruby):
            yield name
    for name, kind in owner.types.items():
        container = _CONTAINER_TYPES.fullmatch(kind) and not _BOUNDED.search(f"{kind} {name}")
        if container and name not in owner.assigned:
            yield name


def _holds(name: str, value: str) -> bool:
    """Whether a name gets a container without a bound."""
    plain = re.fullmatch(r"\w+", name) and not _BOUNDED.search(f"{value} {name}")
    return bool(plain and _CONTAINERS.match(value))


def _added(function: Function, name: str) -> Iterator[int]:
    """The lines on which a function adds, but for one that runs once."""
    if _AT_START.match(function.name) or _BUILDS.match(function.name):
        return
    if re.search(rf"\b{name}\b", function.parameters):  # another thing of that name
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
        if not function.name and not any(map(_HANDLES.search, call.scopes)):
            continue
        parts = any(map(_PARTS.fullmatch, call.arguments))
        if adds and call.name in _ADDS and not call.loops and not parts:
            yield call.line
    for target, values in function.values.items() if function.name else ():
        parts = any(_PARTS.fullmatch(value) for _, value in values)
        few = parts or _FEW_KEYS.search(target)
        if re.match(rf"(\w+\.)?{name}\[(?!(self|cls)\])", target) and not few:
            yield values[0][0]


def _frees(function: Function, name: str) -> bool:
    """Whether a function removes, replaces the container, or gives it away to be emptied."""
    for call in function.calls:
        if _is_field(call.receiver, name) and call.name in _REMOVES:
            return True
        if call.name in _MEASURES and any(name in text for text in call.arguments):
            return True
    renewed = re.compile(rf"(\w+\.)?{name}")
    starts = _AT_START.match(function.name) or function.name in ("", function.owner)
    return not starts and any(renewed.fullmatch(target) for target in function.assigned)


def _is_field(receiver: str, name: str) -> bool:
    path = rf"(?:\$?(?:this|self)\.|\w+\.|@{{1,2}})?{name}"
    return receiver.endswith(name) and re.fullmatch(path, receiver) is not None
