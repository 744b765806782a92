"""Relations that a template or a serializer reads of every row that a query gives it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any

from ...base import Code
from ...facts import Call
from ...project import Place
from ...source.paths import root
from ...words import pattern
from .lazy import is_rows, source_of_path

_VIEW = re.compile(r"app/views/(.*)/(_?)(\w+)[^/]*$")
_LOADED = pattern("preloads")
_RENDERS = pattern("renders")
_ROW = pattern("row_in_serializer")
_DECLARES = ("has_many", "has_one", "belongs_to", "association")
#: Namespaces of controllers that have templates of their own.
_SPACES = frozenset(("api", "admin"))
_ACTIONS = frozenset(("index", "show", "new", "edit", "create", "update", "destroy"))
_WORDS = re.compile(r"\w+")
_MANY = pattern("renders_many")


def rendered(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each query whose rows are shown with relations that it does not load."""
    yield from _templates(code)
    for place, known in code.calls():
        if place.file.language in ("ruby", "php"):
            yield from _serialized(code, place, known.call)


def _templates(code: Code) -> Iterator[dict[str, Any]]:
    given = _given(code)
    seen: set[tuple[str, int, str]] = set()
    for view in code.project.places:
        found = _VIEW.search(view.file.path) if view.file.language == "ruby" else None
        if found is None:
            continue
        partial, action = (found[3], "") if found[2] else ("", found[3])
        own = f"{view.file.path[: found.start()]}app/controllers/{found[1]}_controller.rb"
        for name, relation, line in _shown(code, view, partial):
            for place, call in given.get(name, ()):
                of_action = _is_shown_by(place.function.name, action)
                fits = (place.file.path == own and of_action) or (
                    name == f"{partial}s" and _is_partial_of(found[1], name, place.file.path)
                )
                key = (place.file.path, call.line, relation)
                if key in seen or not fits:
                    continue
                source = source_of_path(code, f"@{name}", place, call.end_line)
                missing = _missing(place, name, [relation], source)
                if missing and is_rows(code, source, place):
                    seen.add(key)
                    yield _row(code, place, call.line, f"{view.file.path}:{line}", missing)


def _given(code: Code) -> dict[str, list[tuple[Place, Call]]]:
    """What controllers give to their templates: the call whose result each variable gets."""
    found: dict[str, list[tuple[Place, Call]]] = {}
    for place in code.project.places:
        if place.file.path.endswith("_controller.rb"):
            targets = {call.target: call for call in reversed(place.function.calls)}
            for target, call in targets.items():
                if target.startswith("@"):
                    found.setdefault(target[1:], []).append((place, call))
    return found


def _is_partial_of(folder: str, name: str, controller: str) -> bool:
    """Whether a partial in a folder is that of all such rows: ``api/ways/_way`` of ``@ways``."""
    own, other = folder.split("/"), controller.split("app/controllers/")[-1].split("/")
    spaced = not _SPACES.isdisjoint((own[0], other[0]))
    return own[-1] == name and (not spaced or own[0] == other[0])


def _is_shown_by(function: str, action: str) -> bool:
    """Whether a function of a controller prepares a template; a partial has no action."""
    return function == (action or "index") or function not in _ACTIONS


def _shown(code: Code, view: Place, partial: str) -> Iterator[tuple[str, str, int]]:
    """What a template shows of the rows in a variable: variable, relation, line."""
    for call in view.function.calls:
        element, *path = call.receiver.replace("()", "").split(".")
        loops = [view.file.loops[index] for index in call.loops]
        shown = [f"{partial}s"] if partial and element == partial else []
        shown += [
            root(loop.over).lstrip("@")
            for loop in loops
            if loop.over.startswith("@") and element in _WORDS.findall(loop.variable)
        ]
        for relation in takewhile(code.project.models.is_relation, path):
            yield from ((name, relation, call.line) for name in shown)


def _missing(place: Place, name: str, relations: Iterable[str], source: str) -> list[str]:
    """The relations that no call of the function loads for these rows."""
    words = {name, *re.findall(r"\b[a-z_]\w*", source)}
    loaded = {
        word
        for call in place.function.calls
        if _LOADED.search(call.name)
        if {call.target.lstrip("@$"), root(call.receiver).lstrip("@$")} & words
        for text in (call.name.replace("_", " "), *call.arguments)
        for word in _WORDS.findall(text)
    }
    return [relation for relation in relations if relation not in loaded]


def _serialized(code: Code, place: Place, call: Call) -> Iterator[dict[str, Any]]:
    text = " ".join((call.receiver, *call.arguments))
    if not call.arguments or not _RENDERS.search(text):
        return
    names = [n for n in _WORDS.findall(text) if _RENDERS.search(n) and n in code.project.classes]
    rows = call.arguments[0].partition(": ")[2] or call.arguments[0]
    source = source_of_path(code, rows, place, call.line)
    if not names or not (_MANY.search(f"{call.path} {text}") or is_rows(code, source, place)):
        return
    if "[" in rows or not re.match(r"[@$\w]", rows):
        return
    missing = _missing(place, root(rows).lstrip("@$"), _relations(code, names[-1]), source)
    words = set(_WORDS.findall(text))
    missing = [one for one in missing if one not in words]
    if missing:
        yield _row(code, place, call.line, names[-1], missing)


def _relations(code: Code, name: str) -> list[str]:
    """The relations that a serializer reads of its row, by a declaration or in a method."""
    models, found = code.project.models, dict[str, None]()
    for known, file in code.project.classes.get(name, ())[:1]:
        paths = [
            call.arguments[0] for call in known.calls if call.name in _DECLARES and call.arguments
        ]
        for function in file.functions:
            if function.owner == name:
                paths += [
                    _ROW.sub("", c.receiver) for c in function.calls if _ROW.match(c.receiver)
                ]
                paths += [_ROW.sub("", r.path) for r in function.reads if _ROW.match(r.path)]
        for path in paths:
            relation = root(path.lstrip(":"))
            if models.is_relation(relation):
                found[relation] = None
    return list(found)


def _row(code: Code, place: Place, line: int, shown: str, missing: list[str]) -> dict[str, Any]:
    names = ",".join(missing[:6])
    return code.row(place, None) | {
        **{"line": line, "end_line": line, "serializer": shown, "missing": names},
        "unseen": False,
    }
