"""Relations that are read for every row although the rows were loaded without them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code, batched, few
from ...facts import Loop
from ...origin import declared, origin
from ...project import Place
from ...resolution import called
from ...source.paths import last, root
from ...words import pattern

_EAGER = pattern("eager")
_ROWS = pattern("rows")
_OWN = pattern("lazy_own")
#: Languages with an ORM that loads a relation when it is read.
_LAZY = ("python", "ruby", "java", "kotlin", "csharp")
_GETTER = re.compile(r"get([A-Z])(\w*)$")


def lazy(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each loop and relation of its element."""
    for place in code.project.places:
        if place.file.language not in _LAZY:
            continue
        seen: set[tuple[int, str]] = set()
        for path, line, index in _reads(place):
            loop = place.file.loops[index]
            relation, after = _relation(code, path, place, loop)
            if not relation or (index, relation) in seen or _OWN.match(after):
                continue
            seen.add((index, relation))
            source = source_of(code, loop, place)
            rows = is_rows(code, source, place) and not _is_input(code, loop, place)
            yield code.row(place, None) | {
                "line": line,
                "end_line": line,
                "relation": relation,
                "many": relation in code.project.models.to_many,
                "over": loop.over,
                "rows": rows,
                "eager": bool(_EAGER.search(source)),
                "batched": batched(loop),
                "few": few(loop),
            }


def _is_input(code: Code, loop: Loop, place: Place) -> bool:
    """Whether a loop runs over a field of something declared as a class that is no model."""
    kind = last(declared(code.project, root(loop.over), place))
    return (
        "." in loop.over
        and kind in code.project.classes
        and kind not in code.project.models.classes
    )


def _reads(place: Place) -> Iterator[tuple[str, int, int]]:
    """Paths that begin with the element of a loop around them: path, line, loop."""
    paths = [(read.path, read.line, read.loops) for read in place.function.reads]
    paths += [(c.path, c.line, c.loops) for c in place.function.calls if c.loops]
    for path, line, loops in paths:
        for index in reversed(loops):
            if root(path).lstrip("$") in re.findall(r"\w+", place.file.loops[index].variable):
                yield path, line, index
                break


def _relation(code: Code, path: str, place: Place, loop: Loop) -> tuple[str, str]:
    """The relation that is read of the element, and what is read of it then."""
    element, name, after = [*path.replace("()", "").split("."), "", ""][:3]
    if getter := _GETTER.match(name):
        name = f"{getter[1].lower()}{getter[2]}"
    models = code.project.models
    owners = models.to_one.get(name, set()) | models.to_many.get(name, set())
    kind = declared(code.project, element, place) or _element_of(code, loop)
    known = kind in models.classes
    return (name, after) if owners and (not known or kind in owners) else ("", "")


def _element_of(code: Code, loop: Loop) -> str:
    """The model whose rows a relation to many gives by its name: ``Tag`` of ``story.tags``."""
    relation = last(loop.over.rstrip("()"))
    if relation not in code.project.models.to_many:
        return ""
    words = relation.removesuffix("s").split("_")
    return "".join(word.capitalize() for word in words)


def source_of(code: Code, loop: Loop, place: Place) -> str:
    """What a loop runs over, as far as it can be seen: variables, and functions called."""
    text = code.source_of(loop.over, place, loop.line)
    for _ in range(3):
        name = root(text.rpartition("~")[2].strip())
        more = origin(code.project, name, place, loop.line) if name else ""
        if not more or more in text:
            break
        text = f"{text} ~{more}"
    for path in text.split(" ~"):
        for number in called(code.project, path, place)[:1]:
            calls = code.project.places[number].function.calls
            text += " ~" + " ".join(call.path for call in calls[:12])
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
    return owned or any(part in named for path in paths for part in path)
