"""Templates of Rails against the query of the controller that shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from ...base import Code
from ...facts import Call
from ...project import Place
from ...source.paths import root
from .serializers import missing, row
from .sources import is_rows, source_of_path

_VIEW = re.compile(r"app/views/(.*)/(_?)(\w+)[^/]*$")
#: Namespaces of controllers that have templates of their own.
_SPACES = frozenset(("api", "admin"))
_ACTIONS = frozenset(("index", "show", "new", "edit", "create", "update", "destroy"))


def rendered(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each query, and relation of its rows that a template reads and nothing loads."""
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
                if missing(place, name, [relation], source) and is_rows(code, source, place):
                    seen.add(key)
                    shown = f"{view.file.path}:{line}"
                    yield row(code, place, call.line, shown, [relation])


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
            if loop.over.startswith("@") and element in loop.names
        ]
        for relation in takewhile(code.project.models.is_relation, path):
            yield from ((name, relation, call.line) for name in shown)
