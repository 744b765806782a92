"""Where the rows come from that a loop runs over, or that a program shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...base import Code
from ...facts import Call, Loop
from ...origin import origin
from ...project import Place
from ...resolution import called
from ...source.paths import path as path_of
from ...source.paths import root, row_of
from ...words import pattern

_ROWS = pattern("rows")
_STREAM = re.compile(r"\.(stream|parallelStream|asSequence|iterator)\(\)$")


def queried(code: Code, loop: Loop, place: Place) -> bool:
    """Whether the rows that a loop runs over come from a query in the function."""
    return any(queries(code, loop, place))


def queries(code: Code, loop: Loop, place: Place) -> Iterator[Call]:
    """Yield the queries in the function that give the rows that a loop runs over."""
    over = _STREAM.sub("", loop.over.lstrip("@$"))
    for known in code.effects.calls[place.number]:
        call = known.call
        given = (call.target.split(",")[0].strip().lstrip("@$"), f"{call.path}()".lstrip("@$"))
        if over in given and call.line <= loop.end_line and code.effects.has(known, "query"):
            yield call


def source_of_loop(code: Code, loop: Loop, place: Place) -> str:
    """What a loop runs over, as far as it can be seen: variables, and functions called."""
    return source_of_path(code, loop.over, place, loop.line)


def source_of_path(code: Code, over: str, place: Place, line: int) -> str:
    """The path with the values of variables, what functions call, and what callers give."""
    text = code.source_of(over, place, line)
    value = code.value(place, root(over), line)
    text = text if value in text else f"{text} ~{value}"
    for _ in range(3):
        name = root(text.rpartition("~")[2].strip())
        more = origin(code.project, name, place, line) if name else ""
        if not more or more in text:
            break
        text = f"{text} ~{more}"
    for path in text.split(" ~"):
        for number in called(code.project, path, place)[:1]:
            calls = code.project.places[number].function.calls
            text += " ~" + " ".join(call.path for call in calls[:12])
    for caller, call, given in code.effects.given(place.number, over):
        text += f" ~{code.source_of(path_of(given), caller, call.line)}"
    return text


def is_rows(code: Code, source: str, place: Place) -> bool:
    """Whether the source is a query, a model's class, or a relation to many of something."""
    if _ROWS.search(source):
        return True
    models = code.project.models
    paths = [path.replace("()", "").split(".") for path in source.split(" ~")]
    # A bare name that is also a relation's may be any list, but for a relation of the class.
    owned = any(part in models.to_many for path in paths for part in path[1:])
    owned = owned or place.function.owner in models.to_many.get(paths[0][0], ())
    named = models.classes.keys() | models.named.keys()
    if place.file.language in ("ruby", "php") and row_of(source.lstrip("$")) in models.classes:
        owned = owned or source.lstrip("$") in re.findall(r"\w+", place.function.parameters)
    return owned or any(part in named for path in paths for part in path)
