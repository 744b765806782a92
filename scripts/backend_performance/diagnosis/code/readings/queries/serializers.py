"""Serializers against the query whose rows they get: of Django REST, of Ruby, of Laravel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ...base import Code
from ...facts import Call, Class, File
from ...project import Place
from ...resolution import method
from ...source.paths import last, root
from ...words import pattern
from .sources import is_rows, source_of_path

_LOADS = ("select_related", "prefetch", "Prefetch")
_SOURCE = re.compile(r"^source\s*=\s*[\"'](\w+)\.")
_STRING = re.compile(r"[\"']([\w.]+)[\"']")
_ONE_ROW = re.compile(r"\b(Retrieve|Create|Update|Destroy)\w*APIView\b|CurrentUser|\bMe\w*View")
_MANY_KEYS = re.compile(r"\bmany\s*=\s*True")
_SHOWS_RELATION = ("SlugRelatedField", "StringRelatedField")
_DEPTH = 2
_PRELOADS = pattern("preloads")
_RENDERS = pattern("renders")
_RENDERS_MANY = pattern("renders_many")
_ROW = pattern("row_in_serializer")
_DECLARES = ("has_many", "has_one", "belongs_to", "association")
_WORDS = re.compile(r"\w+")
_NAMED = 6  # so many of the missing relations are named


def serialized(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each query that leaves out relations that the serializer of its rows reads."""
    yield from of_classes(code, lambda view, _: _serializers(code, view))
    for place, known in code.calls():
        if place.file.language in ("ruby", "php", "python"):
            yield from _by_call(code, place, known.call)


def missing(
    code: Code, place: Place, name: str, relations: Iterable[str], source: str
) -> list[str]:
    """Return the relations that no call of the function loads for the rows in a variable.

    Args:
        name: The variable; where it is "", every call of the function is for these rows.
        source: Where the rows come from, as `lazy.source_of_path` gives it.
    """
    words = {name, *re.findall(r"\b[a-z_]\w*", source)}
    loads = [
        call
        for call in place.function.calls
        if _PRELOADS.search(call.name) or call.name in code.project.models.loads
        if not name
        or call.path.startswith("prefetch")
        or {call.target.lstrip("@$"), root(call.receiver).lstrip("@$")} & words
    ]
    if _all(loads):
        return []
    texts = [text for call in loads for text in (call.name.replace("_", " "), *call.arguments)]
    loaded = {word for text in texts for word in _WORDS.findall(text)}
    loaded.update(*(code.project.models.loads.get(call.name, ()) for call in loads))
    return [relation for relation in relations if not _is_loaded(relation, loaded)]


def row(
    code: Code, place: Place, line: int, serializer: str, relations: list[str]
) -> dict[str, Any]:
    """Return the row of a query whose rows are shown with relations that it does not load."""
    names = ",".join(relations[:_NAMED])
    return code.row(place, line, serializer=serializer, missing=names, unseen=False)


def of_classes(
    code: Code, shows: Callable[[Class, File], Iterable[Mapping[str, str]]]
) -> Iterator[dict[str, Any]]:
    """One row for each class-based view and what it shows with relations that nothing loads.

    Args:
        shows: Gives the relations that each thing shows of the rows, with its name or place.
    """
    seen: set[tuple[str, int, str]] = set()
    for view, file in code.project.each_class():
        if file.language != "python" or _ONE_ROW.search(f"{view.name} {view.bases}"):
            continue
        for shown in filter(None, shows(view, file)):
            place, calls = _query(code, view, file)
            loaded = [text for c in calls for a in c.arguments for text in _STRING.findall(a)]
            loaded += [text for c in calls for text in code.project.models.loads.get(c.name, ())]
            absent = [path for path in shown if not _is_loaded(path, loaded)]
            lines = [c.line for c in calls if c.name.startswith(_LOADS)]
            lines += [c.line for c in calls if ".objects" in c.path]
            lines += [call.line for call in calls] or [view.lines.get("model", 0)]
            if not absent or not lines[0] or _all(calls):
                continue
            name = shown[absent[0]]
            if (place.file.path, lines[0], name) in seen:
                continue
            seen.add((place.file.path, lines[0], name))
            yield row(code, place, lines[0], name, absent) | {
                "function": f"{view.name}.{place.function.name or 'queryset'}",
                # A function that is given the query may load the rest.
                "unseen": any(map(_hides, calls)),
            }


def _all(calls: Iterable[Call]) -> bool:
    """Whether a call loads all relations of a kind, or some that it does not name itself."""
    return any(
        call.name.startswith(_LOADS)
        and not any(re.search("[\"']", text) for text in call.arguments)
        for call in calls
    )


def _serializers(code: Code, view: Class) -> Iterator[dict[str, str]]:
    """The serializers of a view: its attribute, and what its method chooses from."""
    given = [view.assigned.get("serializer_class", "")]
    for number in method(code.project, view.name, "get_serializer_class"):
        given += code.project.places[number].function.returns
    for name in dict.fromkeys(map(last, given)):
        if name in code.project.classes:
            yield dict.fromkeys(_nested_relations(code, name), name)


def _query(code: Code, view: Class, file: File) -> tuple[Place, list[Call]]:
    """Where a view makes its query, also in a class that it inherits from, and the calls."""
    own = [call for call in view.calls if call.target == "queryset"] or [
        call for call in view.calls if ".objects" in call.receiver
    ]
    for number in method(code.project, view.name, "get_queryset")[:1]:
        place = code.project.places[number]
        if place.function.owner == view.name or not own:
            return place, [*place.function.calls, *own]
    return code.project.by_path[file.path][0], own


def _hides(call: Call) -> bool:
    """Whether an argument is a call: what it gives is not seen here."""
    return call.name.startswith(_LOADS) and any("(" in text for text in call.arguments)


def _nested_relations(code: Code, name: str, depth: int = 0) -> list[str]:
    """The relations that a serializer reads of each row, as paths of ``prefetch_related``."""
    found: dict[str, None] = {}
    for known, _ in code.project.classes.get(name, ())[:1]:
        for call in known.calls:
            field = call.target
            if not field or not code.project.models.is_relation(field):
                continue
            nested = call.name in code.project.classes and "Serializer" in call.name
            keys = call.name in _SHOWS_RELATION or _MANY_KEYS.search(" ".join(call.arguments))
            if nested or keys:
                found[field] = None
            if nested and depth + 1 < _DEPTH:
                found |= {
                    f"{field}__{more}": None
                    for more in _nested_relations(code, call.name, depth + 1)
                }
        for call in known.calls:
            sources = [m[1] for text in call.arguments if (m := _SOURCE.match(text))]
            found |= {s: None for s in sources if code.project.models.is_relation(s)}
    return list(found | dict.fromkeys(_relations(code, name)))


def _is_loaded(path: str, loaded: Iterable[str]) -> bool:
    return any(f"__{path}__" in f"__{text}__" for text in loaded)


def _by_call(code: Code, place: Place, call: Call) -> Iterator[dict[str, Any]]:
    """A call that gives rows to a serializer of Django or Ruby, or to a resource of Laravel."""
    text = " ".join((call.receiver, *call.arguments))
    python = place.file.language == "python"
    if not call.arguments or not (_MANY_KEYS if python else _RENDERS).search(text):
        return
    words = [call.name] if python else _WORDS.findall(text)
    names = [n for n in words if _RENDERS.search(n) and n in code.project.classes]
    rows = call.arguments[0].partition(": ")[2] or call.arguments[0]
    source = source_of_path(code, rows, place, call.line)
    if not names or not (
        _RENDERS_MANY.search(f"{call.path} {text}") or is_rows(code, source, place)
    ):
        return
    if "[" in rows or not re.match(r"[@$\w]", rows):
        return
    shown = (_nested_relations if python else _relations)(code, names[-1])
    absent = missing(code, place, root(rows).lstrip("@$"), shown, source)
    words = _WORDS.findall(text)
    absent = [one for one in absent if one not in words]
    if absent:
        yield row(code, place, call.line, names[-1], absent)


def _relations(code: Code, name: str) -> list[str]:
    """The relations that a serializer reads of its row, by a declaration or in a method."""
    models, found = code.project.models, dict[str, None]()
    for known, file in code.project.classes.get(name, ())[:1]:
        paths = [
            call.arguments[0] for call in known.calls if call.name in _DECLARES and call.arguments
        ]
        for place in code.project.by_path[file.path]:
            function, shows = place.function, file.language != "python" or place.entry == "element"
            if function.owner == name and shows:
                paths += [
                    _ROW.sub("", c.receiver) for c in function.calls if _ROW.match(c.receiver)
                ]
                paths += [_ROW.sub("", r.path) for r in function.reads if _ROW.match(r.path)]
        for path in paths:
            relation = root(path.lstrip(":"))
            if models.is_relation(relation):
                found[relation] = None
    return list(found)
