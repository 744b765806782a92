"""Relations that are read for every row although the rows were loaded without them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..base import Code, batched, few
from ..facts import Loop
from ..project import Place
from ..words import pattern

_EAGER = pattern("eager")
_ROWS = pattern("rows")
_OWN = pattern("lazy_own")


def lazy(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each loop and relation of its element."""
    for place in code.project.places:
        if place.file.language not in ("python", "ruby"):
            continue
        seen: set[tuple[int, str]] = set()
        for path, line, index in _reads(place):
            loop = place.file.loops[index]
            relation, after = _relation(code, path, loop)
            if not relation or (index, relation) in seen or _OWN.match(after):
                continue
            seen.add((index, relation))
            source = _source(code, loop, place)
            yield code.row(place, None) | {
                "line": line,
                "end_line": line,
                "relation": relation,
                "owners": len(code.project.models.to_one.get(relation, ()))
                + len(code.project.models.to_many.get(relation, ())),
                "many": relation in code.project.models.to_many,
                "over": loop.over,
                "rows": bool(_ROWS.search(source)) or _is_rows(code, source),
                "eager": bool(_EAGER.search(source)),
                "batched": batched(loop),
                "few": few(loop),
                "read": path,
                "deep": bool(after),
                "template": place.file.path.endswith(".erb"),
            }


def _reads(place: Place) -> Iterator[tuple[str, int, int]]:
    for read in place.function.reads:
        yield read.path, read.line, read.loop
    if place.file.language != "ruby":
        return
    for call in place.function.calls:
        for index in reversed(call.loops):
            loop = place.file.loops[index]
            names = re.findall(r"\w+", loop.variable)
            first = call.receiver.split(".")[0]
            if first in names:
                yield call.path, call.line, index
                break


def _relation(code: Code, path: str, loop: Loop) -> tuple[str, str]:
    """The relation that is read of the element, and what is read of it then."""
    parts = path.replace("()", "").split(".")
    if len(parts) >= 2 and code.project.models.is_relation(parts[1]):
        return parts[1], parts[2] if len(parts) > 2 else ""
    return "", ""


def _source(code: Code, loop: Loop, place: Place) -> str:
    """What a loop runs over, as far as it can be seen: variables, and a method of the object."""
    text = code.source_of(loop.over, place)
    for _ in range(3):
        name = re.split(r"[.(\[ ]", text.rpartition("~")[2])[0]
        more = code.project.origin(name, place) if name else ""
        if not more or more in text:
            break
        text = f"{text} ~{more}"
    return text


def _is_rows(code: Code, source: str) -> bool:
    """Whether the source is a model's class, or a relation to many of something."""
    words = re.findall(r"\w+", source)
    models = code.project.models
    return any(word in models.classes for word in words) or any(
        part in models.to_many for part in source.replace("()", "").split(".")[1:]
    )
