"""Relations that are read for every row although the rows were loaded without them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from ...base import Code, eager, translated
from ...facts import Loop
from ...origin import declared, selves
from ...project import Place
from ...resolution import called
from ...source.paths import last, root, row_of
from ...words import pattern
from .serializers import missing
from .sources import is_rows, queried, source_of_loop

_OWN, _LOADING = pattern("lazy_own"), pattern("lazy_loading")
_EAGER = pattern("eager")
#: Calls of Active Record and Eloquent that name what they load, and names that are literals.
_LOADED_HERE = re.compile(r"includes|preload|eager_load|eager|with|with_attached_\w+")
_LITERAL = re.compile(r":\w+$|\w+: [:\[{\w]|[\"'{\[][^$]*$")
_CHANGES = pattern("changes")
#: Calls of a relation of Rails that make a row and load none.
_BUILDS = ("build", "new")
#: Languages with an ORM that loads a relation when it is read.
_LAZY = ("python", "ruby", "php", "java", "kotlin", "csharp")
#: A query that names the model it asks.
_ASKED = re.compile(r"(?:^|[~. ])([A-Z]\w*)\.(?:objects|query|where|all|includes|order)\b")
_GETTER = re.compile(r"get([A-Z])(\w*)$")
#: The relation that a function reads, by its number and whether it is one of the row it belongs to.
_Inner = dict[tuple[int, bool], str]


def lazy(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each loop and relation of its element."""
    inner = _read_within(code)
    languages = [one for one in _LAZY if one != "csharp" or _loads_lazily(code)]
    for place in code.project.places:
        if place.file.language not in languages:
            continue
        seen: set[tuple[int, str]] = set()
        for relation, line, index in _relations(code, place, inner):
            loop = place.file.loops[index]
            if (index, relation) in seen:
                continue
            seen.add((index, relation))
            source = source_of_loop(code, loop, place)
            rows = is_rows(code, source, place) or queried(code, loop, place)
            rows = rows or _are_named(code, loop, place, relation)
            yield code.row(
                place,
                line,
                relation=relation,
                over=loop.over,
                rows=rows and not _is_input(code, loop, place),
                eager=_is_loaded(code, place, loop, source, relation),
                batched=code.batched(loop),
                few=code.few(place, loop),
            )


def _loads_lazily(code: Code) -> bool:
    """Whether anything in C# turns on that virtual members are loaded when they are read."""
    imports = code.project.imports.get("csharp")
    kinds = (kind for one, _ in code.project.each_class() for kind in one.types.values())
    calls = (known.call.name for _, known in code.calls())
    return imports is not None and any(map(_LOADING.search, chain((imports,), kinds, calls)))


def _relations(code: Code, place: Place, inner: _Inner) -> Iterator[tuple[str, int, int]]:
    """Relations that are read of the elements of loops, here or in a function that gets one."""
    for path, line, index in _reads(code, place):
        loop = place.file.loops[index]
        kind = declared(code.project, root(path), place) or _element_of(code, loop, place)
        relation, after = _relation(code, path, kind)
        others = bool(relation) and _is_of_others(code, place, path, kind, loop)
        if _loads(code, place, relation, after) and not others:
            yield relation, line, index
    for known in code.effects.calls[place.number]:
        call = known.call
        if not call.loops or len(known.targets.numbers) != 1:
            continue
        loop, number = place.file.loops[call.loops[-1]], known.targets.numbers[0]
        named = loop.variable in call.arguments and known.targets.sure
        own = call.receiver in (loop.variable, "it")
        relation = inner.get((number, True), "") if own else ""
        relation = relation or (inner.get((number, False), "") if named else "")
        if relation:
            yield relation, call.line, call.loops[-1]


def _loads(code: Code, place: Place, relation: str, after: str) -> bool:
    """Whether a read of a relation loads it: one that JPA keeps as a proxy may be passed on."""
    whole = place.family != "java" or relation in code.project.models.to_many
    return bool(relation) and not _OWN.match(after) and (whole or bool(after))


def _is_of_others(code: Code, place: Place, path: str, kind: str, loop: Loop) -> bool:
    """Whether a getter of PHP is one of classes that are no models, too, as far as is known."""
    models = code.project.models
    listed = _GETTER.sub(lambda m: m[1].lower() + m[2], last(loop.over.rstrip("()")))
    if place.file.language != "php" or kind in models.classes or listed in models.to_many:
        return False
    named = code.project.named.get((place.family, path.replace("()", "").split(".")[1]), ())
    return any(code.project.places[n].function.owner not in models.classes for n in named)


def _read_within(code: Code) -> _Inner:
    """Functions that read a relation of a row that they are given, or that they belong to."""
    found: _Inner = {}
    for place in code.project.places:
        for itself, relation in _of_row(code, place) if place.file.language in _LAZY else ():
            found.setdefault((place.number, itself), relation)
    return found


def _of_row(code: Code, place: Place) -> Iterator[tuple[bool, str]]:
    """The relations that a function reads, and whether they are those of its own row."""
    function, classes = place.function, code.project.models.classes
    given = set(re.findall(r"\w+", function.parameters))
    own, changes = function.owner in classes, _CHANGES.match(function.name)
    kinds = {name: declared(code.project, name, place) for name in given if not changes}
    rows = {name: kind for name, kind in kinds.items() if kind in classes}
    paths = [read.path for read in function.reads] + [call.path for call in function.calls]
    for path in paths if own or rows else ():
        if own and (relation := _of_itself(code, place, path, given)):
            yield True, relation
        kind = rows.get(root(path).lstrip("$"), "")
        relation, after = _relation(code, path, kind) if kind else ("", "")
        if relation and (place.family != "java" or _loads(code, place, relation, after)):
            yield False, relation


def _of_itself(code: Code, place: Place, path: str, given: set[str]) -> str:
    """The relation that a method of a model reads of its own row: ``config`` of ``config.plan``."""
    first, _, rest = path.partition(".")
    owner, own = place.function.owner, selves(place)
    if first not in own:
        local = first in given or first in place.function.values
        rest = path if place.file.language == "ruby" and not local else ""
    relation, after = _relation(code, f"self.{rest}", owner)
    return relation if after and not _OWN.match(after) else ""


def _is_loaded(code: Code, place: Place, loop: Loop, source: str, relation: str) -> bool:
    """Whether what a loop runs over is loaded with a relation, as far as it can be seen.

    Where the function itself names all relations that it loads, others are not loaded.
    """
    source = here = f"{source} {_declared_query(code, source, place)}"
    loads = [call for call in place.function.calls if _LOADED_HERE.fullmatch(call.name)]
    for path in sorted((call.path for call in loads), key=len, reverse=True):
        here = here.replace(f"{path}()", root(path))
    if not eager(place, loop, source) or here == source or _EAGER.search(here):
        return eager(place, loop, source)
    plain = all(_LITERAL.match(text) for call in loads for text in call.arguments)
    return not plain or not missing(code, place, root(loop.over).lstrip("@$"), [relation], source)


def _declared_query(code: Code, source: str, place: Place) -> str:
    """The decorators of the function that gives the rows, such as ``@EntityGraph``."""
    name = last(source.partition(" ~")[0]) or last(source)
    numbers = code.project.named.get((place.family, name), ())[:2]
    return " ".join(" ".join(code.project.places[n].function.decorators) for n in numbers)


def _are_named(code: Code, loop: Loop, place: Place, relation: str) -> bool:
    """Whether a function next to it gives rows of the relation's model: ``all_users``."""
    models, kind = code.project.models, row_of(last(loop.over).rpartition("_")[2])
    owners = models.to_one.get(relation, set()) | models.to_many.get(relation, set())
    return kind in owners and bool(called(code.project, loop.over, place))


def _is_input(code: Code, loop: Loop, place: Place) -> bool:
    """Whether a loop runs over a field of something declared as a class that is no model."""
    kind = last(declared(code.project, root(loop.over), place))
    return (
        "." in loop.over
        and kind in code.project.classes
        and kind not in code.project.models.classes
    )


def _reads(code: Code, place: Place) -> Iterator[tuple[str, int, int]]:
    """Paths that begin with the element of a loop around them: path, line, loop."""
    calls = place.function.calls
    built = {(c.receiver, c.line) for c in calls if c.name in _BUILDS}
    paths = [(read.path, read.line, read.loops) for read in place.function.reads]
    paths += [(c.path, c.line, c.loops) for c in calls if c.loops and (c.path, c.line) not in built]
    for path, line, loops in paths:
        if any(translated(code, place, place.file.loops[index]) for index in loops):
            continue
        for index in reversed(loops):
            if root(path).lstrip("$") in place.file.loops[index].names:
                yield path, line, index
                break


def _relation(code: Code, path: str, kind: str) -> tuple[str, str]:
    """The relation that is read of an element of a class, and what is read of it then."""
    _, name, after = [*path.replace("()", "").split("."), "", ""][:3]
    if getter := _GETTER.match(name):
        name = f"{getter[1].lower()}{getter[2]}"
    models = code.project.models
    owners = models.to_one.get(name, set()) | models.to_many.get(name, set())
    fits = kind in owners if kind in models.classes else bool(owners)
    return (name, after) if fits or kind in models.common.get(name, ()) else ("", "")


def _element_of(code: Code, loop: Loop, place: Place) -> str:
    """The model whose rows a query or a relation to many gives: ``Tag`` of ``story.tags``."""
    asked = _ASKED.search(code.source_of(loop.over, place, loop.line))
    if asked and asked[1] in code.project.models.classes:
        return asked[1]
    models = code.project.models
    parts = loop.over.replace("()", "").split(".")
    relation = next((part for part in reversed(parts) if part in models.to_many), "")
    rows = models.rows.get(relation, ()) if relation != parts[0] else ()
    return next(iter(rows)) if len(rows) == 1 else row_of(relation)
