"""Serializers against the query whose rows they get: of Django REST, of Ruby, of Laravel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...base import Code
from ...facts import Call, Class
from ...project import Place
from ...source.paths import last, root
from ...words import pattern
from .sources import is_rows, source_of_path

_LOADS = ("select_related", "prefetch_related", "Prefetch")
_SOURCE = re.compile(r"^source\s*=\s*[\"'](\w+)\.")
_STRING = re.compile(r"[\"']([\w.]+)[\"']")
_ONE_ROW = re.compile(r"\b(Retrieve|Create|Update|Destroy)\w*APIView\b")
_MANY_KEYS = re.compile(r"\bmany\s*=\s*True")
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
    yield from _of_django(code)
    for place, known in code.calls():
        if place.file.language in ("ruby", "php"):
            yield from _by_call(code, place, known.call)


def missing(place: Place, name: str, relations: Iterable[str], source: str) -> list[str]:
    """Return the relations that no call of the function loads for the rows in a variable.

    Args:
        source: Where the rows come from, as `lazy.source_of_path` gives it.
    """
    words = {name, *re.findall(r"\b[a-z_]\w*", source)}
    loaded = {
        word
        for call in place.function.calls
        if _PRELOADS.search(call.name)
        if {call.target.lstrip("@$"), root(call.receiver).lstrip("@$")} & words
        for text in (call.name.replace("_", " "), *call.arguments)
        for word in _WORDS.findall(text)
    }
    return [relation for relation in relations if relation not in loaded]


def row(
    code: Code, place: Place, line: int, serializer: str, relations: list[str]
) -> dict[str, Any]:
    """Return the row of a query whose rows are shown with relations that it does not load."""
    names = ",".join(relations[:_NAMED])
    return code.row(place, None) | {
        **{"line": line, "end_line": line, "serializer": serializer, "missing": names},
        "unseen": False,
    }


def _of_django(code: Code) -> Iterator[dict[str, Any]]:
    """Views of the Django REST framework: the relations that the query of each leaves out."""
    for view, file in code.project.each_class():
        name = last(view.assigned.get("serializer_class", ""))
        if file.language != "python" or name not in code.project.classes:
            continue
        places = [p for p in code.project.by_path[file.path] if p.function.owner == view.name]
        query = next((p for p in places if p.function.name == "get_queryset"), None)
        calls = _query(view, query)
        if not calls or _ONE_ROW.search(view.bases):
            continue
        loaded = [text for c in calls for a in c.arguments for text in _STRING.findall(a)]
        absent = [path for path in _nested_relations(code, name) if not _is_loaded(path, loaded)]
        first = next((call for call in calls if call.name in _LOADS), calls[0])
        place = query or code.project.by_path[file.path][0]
        if absent:
            yield code.row(place, first) | {
                "function": f"{view.name}.{place.function.name or 'queryset'}",
                "serializer": name,
                "missing": ",".join(absent[:_NAMED]),
                # A function that is given the query may load the rest.
                "unseen": any(map(_hides, calls)),
            }


def _query(view: Class, query: Place | None) -> list[Call]:
    """The calls that make the query of a view."""
    if query is not None:
        return query.function.calls
    return [call for call in view.calls if call.target == "queryset"] or [
        call for call in view.calls if ".objects" in call.receiver
    ]


def _hides(call: Call) -> bool:
    """Whether an argument is a call: what it gives is not seen here."""
    return call.name in _LOADS and any("(" in text for text in call.arguments)


def _nested_relations(code: Code, name: str, depth: int = 0) -> list[str]:
    """The relations that a serializer reads of each row, as paths of ``prefetch_related``."""
    found: dict[str, None] = {}
    for known, _ in code.project.classes.get(name, ())[:1]:
        for call in known.calls:
            field = call.target
            if not field or not code.project.models.is_relation(field):
                continue
            nested = call.name in code.project.classes and "Serializer" in call.name
            if nested or _MANY_KEYS.search(" ".join(call.arguments)):
                found[field] = None
            if nested and depth + 1 < _DEPTH:
                found |= {
                    f"{field}__{more}": None
                    for more in _nested_relations(code, call.name, depth + 1)
                }
        for call in known.calls:
            sources = [m[1] for text in call.arguments if (m := _SOURCE.match(text))]
            found |= {s: None for s in sources if code.project.models.is_relation(s)}
    return list(found)


def _is_loaded(path: str, loaded: list[str]) -> bool:
    return any(text == path or text.startswith(f"{path}__") for text in loaded)


def _by_call(code: Code, place: Place, call: Call) -> Iterator[dict[str, Any]]:
    """A call that gives rows to a serializer of Ruby or a resource of Laravel."""
    text = " ".join((call.receiver, *call.arguments))
    if not call.arguments or not _RENDERS.search(text):
        return
    names = [n for n in _WORDS.findall(text) if _RENDERS.search(n) and n in code.project.classes]
    rows = call.arguments[0].partition(": ")[2] or call.arguments[0]
    source = source_of_path(code, rows, place, call.line)
    if not names or not (
        _RENDERS_MANY.search(f"{call.path} {text}") or is_rows(code, source, place)
    ):
        return
    if "[" in rows or not re.match(r"[@$\w]", rows):
        return
    absent = missing(place, root(rows).lstrip("@$"), _relations(code, names[-1]), source)
    words = set(_WORDS.findall(text))
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
