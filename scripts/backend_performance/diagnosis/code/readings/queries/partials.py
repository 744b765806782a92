"""What templates of Rails call for every row: in a loop, or in a partial that shows one row."""

from __future__ import annotations

import re

from ...base import Code
from ...facts import Call

_TEMPLATES = (".erb", ".haml", ".slim", ".jbuilder", ".rabl", ".builder")
#: A partial that may show one row of many; its name is that of the row's variable.
PARTIAL = re.compile(
    r"(^|/)_(?!form|fields|head|foot|nav|side|layout)(?P<name>\w+)"
    r"(?<!fields)(?<!form)(?<!buttons)(?<!menu)(?<!options)\.[^/]*(erb|haml|slim)$"
)
#: The name of a partial, and a row that it gets by a name: ``:agent => agent``.
_NAMED = re.compile(r"[\"'](?:[\w/]*/)?(\w+)[\"']")
_LOCAL = re.compile(r":?(\w+)(?::| =>) *(\w+)$")


def called_per_row(code: Code) -> frozenset[str]:
    """The functions with an argument that a template calls in a loop."""
    return frozenset(
        call.name
        for place in code.project.places
        if place.file.path.endswith(_TEMPLATES)
        for call in place.function.calls
        if not call.receiver and call.arguments
        if call.loops or PARTIAL.search(place.file.path)
    )


def rendered(code: Code) -> dict[str, set[str]]:
    """The names under which partials get the element of a loop, by the name of their file."""
    found: dict[str, set[str]] = {}
    for place, known in code.calls():
        call = known.call
        if call.name != "render" or not call.loops or not place.file.path.endswith(_TEMPLATES):
            continue
        elements = {name for loop in code.loops(place, call) for name in loop.names}
        given = (m for text in call.arguments if (m := _LOCAL.match(text)))
        for partial in filter(None, map(_NAMED.match, call.arguments[:1])):
            names_in = {m[1] for m in given if m[2] in elements}
            found.setdefault(f"_{partial[1]}", set()).update(names_in)
    return found


def of_partial(partial: re.Match[str] | None, call: Call) -> bool:
    """Whether a call is made for the row that a partial shows: by the row's name, or a class."""
    if partial is None or call.receiver.startswith("@"):
        return False
    words = re.findall(r"\w+", " ".join((call.receiver, *call.arguments)))
    names_it = any(partial["name"].endswith(word) for word in words if len(word) > 2)
    return names_it or call.receiver[:1].isupper()
