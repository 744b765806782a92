"""Serializers of the Django REST framework against the query of the view that uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code
from ...facts import Call, Class
from ...project import Place
from ...source.paths import last

_LOADS = ("select_related", "prefetch_related", "Prefetch")
_SOURCE = re.compile(r"^source\s*=\s*[\"'](\w+)\.")
_STRING = re.compile(r"[\"']([\w.]+)[\"']")
_ONE_ROW = re.compile(r"\b(Retrieve|Create|Update|Destroy)\w*APIView\b")
_MANY_KEYS = re.compile(r"\bmany\s*=\s*True")
_DEPTH = 2


def serialized(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each view whose query leaves out relations that its serializer reads."""
    for view, file in code.project.each_class():
        name = last(view.assigned.get("serializer_class", ""))
        if file.language != "python" or name not in code.project.classes:
            continue
        places = [p for p in code.project.by_path[file.path] if p.function.owner == view.name]
        query = next((p for p in places if p.function.name == "get_queryset"), None)
        calls = _query(code, view, query)
        if not calls or _ONE_ROW.search(view.bases):
            continue
        loaded = [text for c in calls for a in c.arguments for text in _STRING.findall(a)]
        missing = [path for path in _relations(code, name) if not _is_loaded(path, loaded)]
        first = next((call for call in calls if call.name in _LOADS), calls[0])
        place = query or code.project.by_path[file.path][0]
        if missing:
            yield code.row(place, first) | {
                "function": f"{view.name}.{place.function.name or 'queryset'}",
                "serializer": name,
                "missing": ",".join(missing[:6]),
                # A function that is given the query may load the rest.
                "unseen": any(_hides(code, place, call) for call in calls),
            }


def _query(code: Code, view: Class, query: Place | None) -> list[Call]:
    """The calls that make the query of a view."""
    if query is not None:
        return query.function.calls
    return [call for call in view.calls if call.target == "queryset"] or [
        call for call in view.calls if ".objects" in call.receiver
    ]


def _hides(code: Code, place: Place, call: Call) -> bool:
    """Whether an argument is a call: what it gives is not seen here."""
    return call.name in _LOADS and any("(" in text for text in call.arguments)


def _relations(code: Code, name: str, depth: int = 0) -> list[str]:
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
                    f"{field}__{more}": None for more in _relations(code, call.name, depth + 1)
                }
        for call in known.calls:
            sources = [m[1] for text in call.arguments if (m := _SOURCE.match(text))]
            found |= {s: None for s in sources if code.project.models.is_relation(s)}
    return list(found)


def _is_loaded(path: str, loaded: list[str]) -> bool:
    return any(text == path or text.startswith(f"{path}__") for text in loaded)
