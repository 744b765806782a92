"""Which functions of the project a call may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from .facts import Call
from .origin import class_of, declared, origin, selves
from .project import MAX_CANDIDATES, MIN_NAME, WORD, Place, Project
from .source.paths import last, root, row_of
from .words import names

_MAX_DEPTH = 5
_CONSTRUCTORS = ("__init__", "constructor", "__construct", "initialize")
_PASSED = re.compile(r"(?:self\.|this\.|cls\.)?[A-Za-z_]\w{3,60}")
_NAME = re.compile(r"[A-Za-z_]\w{3,60}")
#: An object that is built, by the name of its class: ``EmailMessage()``.
_BUILT = re.compile(r"^(?:\w+\.)*([A-Z]\w*[a-z]\w*)\(\)$")
#: A call on the way from some rows to others, as ``map`` and ``sort_by``.
_STEP = re.compile(r"\.\w+[?!]?\(\)")
#: Names of methods of standard libraries; one function of the project with the name proves little.
_EVERYWHERE = names("everywhere")
#: Parameters of a method of Python, which is only called on an object.
_NEEDS_OBJECT = re.compile(r"\(\s*(self|cls)\b")
#: Classes whose methods are called by a framework and never through a variable.
_CALLED_BY_FRAMEWORK = re.compile(r"Controller$|Middleware$")
#: Languages in which a call without a receiver never means a method.
_FREE = frozenset(("go", "javascript", "php", "python"))


class Targets(NamedTuple):
    """The functions that a call may mean; ``sure`` when any of them may be the one that runs."""

    numbers: tuple[int, ...] = ()
    sure: bool = False


def resolve(project: Project, call: Call, place: Place) -> Targets:
    """Return the functions that a call may mean; nothing where it cannot be told."""
    receiver, name = call.receiver, call.name
    if call.constructs:
        return Targets(_constructor(project, name), True)
    if name not in project.functions and name not in project.classes:
        return Targets()
    if not receiver:
        return _plain(project, name, place)
    if receiver in selves(place):
        found = method(project, place.function.owner, name)
        return Targets(found, True) if found else _by_name(project, name, place)
    kind = class_of(project, receiver, place)
    if kind:
        found = method(project, kind, name)
        if not any(project.places[number].function.calls for number in found):
            found += _implemented(project, kind, name)  # of an interface
        if found:
            return Targets(found, True)
    elif found := method(project, _named_after(project, call, place), name):
        return Targets(found, True)
    package = _of_package(project, receiver, name, place)
    if package:
        return Targets(package, True)
    if kind:
        if kind in project.owners or _is_data(project, kind, place):
            return Targets()
    elif _foreign(project, receiver, place):
        return Targets()
    module = [
        number
        for number in project.modules.get((last(receiver), name), ())
        if project.places[number].family == place.family
    ]
    if module and "()" not in receiver:
        return _targets(module, len(module) == 1)
    # A method of an object is no function of a module.
    bound = (
        place.file.language == "python" and root(receiver) not in project.imported[place.file.path]
    )
    return _by_name(project, name, place, bound=bound)


def called(project: Project, path: str, place: Place) -> tuple[int, ...]:
    """Return the functions that the end of a path may mean, without a known receiver."""
    name = last(path)
    if not _NAME.fullmatch(name):
        return ()
    local = project.local.get((place.file.path, name), ())
    if local:
        return tuple(local[:2])
    return method(project, place.function.owner, name) if root(path) in selves(place) else ()


def passed(project: Project, call: Call, place: Place) -> tuple[int, ...]:
    """Return the functions that are given to a call by their name."""
    numbers: list[int] = []
    for text in call.arguments:
        if _PASSED.fullmatch(text):
            name = text.rpartition(".")[2]
            numbers += project.local.get((place.file.path, name), ())[:2]
    return tuple(numbers)


def _targets(numbers: Iterable[int], sure: bool) -> Targets:
    return Targets(tuple(numbers)[:MAX_CANDIDATES], sure)


def _named_after(project: Project, call: Call, place: Place) -> str:
    """The model after which a receiver is named, or what a loop goes through to give it."""
    loops = (place.file.loops[index] for index in call.loops)
    overs = [_STEP.sub("", loop.over) for loop in loops if loop.variable == call.receiver]
    kinds = (row_of(last(name).lstrip("@$")) for name in (call.receiver, *overs))
    return next((kind for kind in kinds if kind in project.models.classes), "")


def _is_data(project: Project, kind: str, place: Place) -> bool:
    """Whether a class is a model, or has no base and no methods: its accessors are generated."""
    plain = not any(known.bases for known, _ in project.classes[kind])
    return place.family in ("java", "csharp") and (plain or kind in project.models.classes)


def _foreign(project: Project, receiver: str, place: Place) -> bool:
    """Whether a receiver is declared with a type that the project does not define."""
    kind = declared(project, receiver.rpartition(".")[2].lstrip("@$"), place)
    if not kind and place.file.language == "python" and "." not in receiver:
        kind = "".join(_BUILT.findall(origin(project, receiver, place)))
    return bool(kind) and last(kind) not in project.classes


def _of_package(project: Project, receiver: str, name: str, place: Place) -> tuple[int, ...]:
    """The methods of that name in the package of a type of Go.

    What implements an interface of Go is not declared. Most of it is in the same package.
    """
    if place.file.language != "go":
        return ()
    kind = declared(project, receiver.rpartition(".")[2], place)
    package = kind.rpartition(".")[0] or _package(place)
    if not kind or kind.rpartition(".")[2] not in project.classes:
        return ()
    found = [
        number
        for number in project.named.get((place.family, name), ())
        if project.places[number].function.owner and _package(project.places[number]) == package
    ]
    return tuple(found) if len(found) <= MAX_CANDIDATES else ()


def _package(place: Place) -> str:
    """The last folder of the file's path, after which most packages of Go are named."""
    return place.file.path.rpartition("/")[0].rpartition("/")[2]


def _constructor(project: Project, name: str) -> tuple[int, ...]:
    for method in (*_CONSTRUCTORS, name):
        found = project.methods.get((name, method))
        if found:
            return tuple(found[:2])
    return ()


def _plain(project: Project, name: str, place: Place) -> Targets:
    local = [
        number
        for number in project.local.get((place.file.path, name), [])
        if not _NEEDS_OBJECT.match(project.places[number].function.parameters)
    ]
    owners = ("", place.function.owner)
    owned = [number for number in local if project.places[number].function.owner in owners]
    if owned or local:
        return _targets(owned or local, True)
    if place.function.owner and place.file.language != "python":
        found = method(project, place.function.owner, name)
        if found:
            return Targets(found, True)
    if name[:1].isupper() and name in project.classes:
        return Targets(_constructor(project, name), True)
    return _imported(project, name, place) or _by_name(project, name, place, free=True)


def _imported(project: Project, name: str, place: Place) -> Targets | None:
    """Functions of a module that the file imports the name from."""
    words = project.imported[place.file.path]
    if name not in words:
        return None
    found = [
        number
        for number in project.named.get((place.family, name), ())
        if not project.places[number].function.owner and project.places[number].stem in words
    ]
    return _targets(found, True) if found else None


def method(project: Project, owner: str, name: str, depth: int = 0) -> tuple[int, ...]:
    """The method of a class, or of the classes that it inherits from."""
    found = project.methods.get((owner, name))
    if found:
        return tuple(found[:MAX_CANDIDATES])
    if depth >= _MAX_DEPTH:
        return ()
    for known, _ in project.classes.get(owner, ())[:2]:
        for base in WORD.findall(known.bases)[:6]:
            inherited = method(project, base, name, depth + 1) if base != owner else ()
            if inherited:
                return inherited
    return ()


def _implemented(project: Project, kind: str, name: str) -> tuple[int, ...]:
    """The methods of the classes that inherit from one."""
    numbers: list[int] = []
    for heir in project.heirs.get(kind, ())[:6]:
        numbers += method(project, heir, name)[:1]
    return tuple(numbers[:MAX_CANDIDATES])


def _by_name(
    project: Project, name: str, place: Place, free: bool = False, bound: bool = False
) -> Targets:
    """The functions of a name that few share; a relation's name is no function of another."""
    if len(name) < MIN_NAME or (not free and name in _EVERYWHERE):
        return Targets()
    if not free and project.models.is_relation(name):
        return Targets()
    known = project.named.get((place.family, name), [])
    if free and place.family in _FREE:
        known = [n for n in known if not project.places[n].function.owner]
    functions = {
        number: project.places[number].function
        for number in known
        if not bound or project.places[number].function.owner
        if free or not _CALLED_BY_FRAMEWORK.search(project.places[number].function.owner)
    }
    found = [number for number, f in functions.items() if f.end_line > f.line] or [*functions]
    if 0 < len(found) <= MAX_CANDIDATES:
        return _targets(found, len(found) == 1)
    return Targets()
