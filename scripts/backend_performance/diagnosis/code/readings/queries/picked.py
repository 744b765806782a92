"""Rows that are loaded and then chosen by the program, or of which one column is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code
from ...effects import Known
from ...facts import Call, Loop
from ...origin import given_by
from ...project import Place
from ...source.paths import last
from ...words import names, pattern
from .sources import is_rows, queried, queries, source_of_loop

_PICKS, _PICKS_OF_ALL = names("picks"), names("picks_of_all")
_EAGER_ALL = pattern("eager_all")
_LOADED = re.compile(r"To(List|Array)(Async)?")
#: Types of queries that are not sent yet; in C# also a type that is not known.
_UNSENT = {"csharp": ("IQueryable", ""), "kotlin": ("Sequence",)}
_STREAMED, _LOADED_WITH = pattern("streamed"), pattern("loaded_with")
_ONE_COLUMN = pattern("one_column")
_COLUMNS, _CONDITIONS = names("gives_column"), names("conditions")
#: Languages whose ORMs give rows that are filtered as lists are.
_CHAINED = ("python", "ruby", "php")
#: Languages in which so much is filtered that only what is chosen from a whole table counts.
_OF_ALL = ("java", "kotlin")


def picked(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each loop that chooses from rows, and each call that loads them for a column."""
    for place in code.project.places:
        for loop in _of_function(place):
            name = last(loop.via)
            asked = name in _PICKS_OF_ALL or (name in _PICKS and place.file.language in _OF_ALL)
            of_all = asked and _is_of_all(code, place, loop)
            if of_all or (place.file.language not in _OF_ALL and (name in _PICKS or loop.stops)):
                yield _chosen(code, place, loop)
    for place, known in code.calls():
        if _one_column(code, place, known.call) or _sent_back(place, known):
            columns = {"rows": True, "again": True, "batched": False}
            yield code.row(place, known.call, over="one column", **columns)


def _is_of_all(code: Code, place: Place, loop: Loop) -> bool:
    """Whether a loop runs over all rows of something, and not over a query that is not sent yet."""
    unsent = _UNSENT.get(place.file.language, ())
    return any(
        (
            _EAGER_ALL.search(call.name)
            and given_by(code.project, result, place) not in unsent
            and not (call.arguments and place.file.language in _OF_ALL and call.name[-3:] != "All")
        )
        or (_LOADED.fullmatch(call.name) and loop.over == result and "Where" not in result)
        for call in queries(code, loop, place)
        for result in [f"{call.path}()"]
    )


def _chosen(code: Code, place: Place, loop: Loop) -> dict[str, Any]:
    rows = asked = queried(code, loop, place)
    if loop.via and place.file.language in _CHAINED:
        rows = rows or is_rows(code, source_of_loop(code, loop, place), place)
        asked = asked or (rows and bool(_LOADED_WITH.search(loop.over)))
    return code.row(
        place,
        loop.line,
        call=loop.via or "none",
        over=loop.over,
        rows=rows,
        again=asked or place.entry == "view" or _is_inner(place, loop),
        batched=code.batched(loop) or bool(_STREAMED.search(loop.over)),
    )


def _is_inner(place: Place, loop: Loop) -> bool:
    """Whether a loop runs for every element of another one."""
    return any(
        outer.kind == "each" and outer.line <= loop.line and loop.end_line <= outer.end_line
        for outer in _of_function(place)
        if outer is not loop and (outer.line, -outer.end_line) < (loop.line, -loop.end_line)
    )


def _of_function(place: Place) -> list[Loop]:
    """The loops between the first and the last line of a function, or of a template."""
    function = place.function
    if not function.name and len(place.file.functions) > 1:
        return []
    return [loop for loop in place.file.loops if function.line <= loop.line <= function.end_line]


def _sent_back(place: Place, known: Known) -> bool:
    """Whether values of a column are loaded only to go into the condition of a next query."""
    call = known.call
    if place.file.language == "php" or not known.does("query"):
        return False
    if call.name not in _COLUMNS and call.argument_of != "list":
        return False
    if last(call.argument_of) in _CONDITIONS:
        return True
    listed = [c.target for c in place.function.calls if c.name == "list" and c.line == call.line]
    name = (call.target or "".join(listed[:1])).lstrip("@$")
    given = re.compile(rf"(?:[:=(]\s*|^)@?\$?{re.escape(name)}$")
    return name.isidentifier() and any(
        other.name in _CONDITIONS
        and other.line >= call.line
        and any(map(given.search, other.arguments))
        for other in place.function.calls
    )


def _one_column(code: Code, place: Place, call: Call) -> bool:
    """Whether ``map(&:id)`` runs over the rows of a query."""
    if call.arguments != ("it",) or not call.loops or not _ONE_COLUMN.fullmatch(call.name):
        return False
    loop = place.file.loops[call.loops[-1]]
    if last(loop.via) != "map":
        return False
    if place.file.language in _OF_ALL:
        return _is_of_all(code, place, loop)
    if place.file.language == "ruby":
        chained = "." in loop.over and "[]" not in loop.over
        return chained and is_rows(code, loop.over, place)
    return queried(code, loop, place)
