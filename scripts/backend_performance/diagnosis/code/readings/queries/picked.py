"""Rows that are loaded and then chosen, counted or tested by the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code, batched
from ...effects import Known
from ...facts import Call, Function, Loop
from ...project import Place
from ...source.paths import last, root
from ...words import names, pattern
from .sources import is_rows, queried, source_of_loop

_PICKS = names("picks")
_STREAMED = pattern("streamed")
#: Queries that give no objects, or only some of their columns.
_PLAIN = re.compile(r"\b(values(_list)?|with_entities|only|load_only|select)\(")
_LISTS = pattern("gives_rows")
_SIZES, _SIZE_FUNCTIONS = names("sizes"), names("size_functions")
_ONE_COLUMN = pattern("one_column")
#: What holds for every row that a program loads without need.
_USED = {"rows": True, "again": True, "batched": False, "always": False}
#: What loads all rows to tell whether there are any; ``any?`` and ``empty?`` do not.
_TESTS = frozenset(("present?", "blank?"))
_LOADS_ROWS = re.compile(r"\.(where|order|joins|includes|not|merge)(\(\))?\.$|^[A-Z]\w*\.all\.$")
_COLUMNS, _CONDITIONS = names("gives_column"), names("conditions")
#: Languages whose ORMs give rows that are filtered as lists are.
_CHAINED = ("python", "ruby", "php")


def picked(code: Code) -> Iterator[dict[str, Any]]:
    """Rows that are loaded and then chosen or counted by the program."""
    for place in code.project.places:
        for loop in _of_function(place):
            column = loop.via == "map" and _reads_column(place, loop)
            if last(loop.via) not in _PICKS and not loop.stops and not column:
                continue
            rows = asked = queried(code, loop, place)
            if loop.via and place.file.language in _CHAINED:
                rows = rows or is_rows(code, source_of_loop(code, loop, place), place)
            yield code.row(place, None) | {
                "line": loop.line,
                "end_line": loop.line,
                "call": loop.via or "none",
                "over": loop.over,
                "rows": rows,
                "again": asked or place.entry == "view" or _is_inner(place, loop),
                "always": False,
                "batched": batched(loop) or bool(_STREAMED.search(loop.over)),
            }


def _reads_column(place: Place, loop: Loop) -> bool:
    """Whether a comprehension of Python takes one plain column of each row: ``o.id``."""
    name, _, column = next(
        (
            read.path.partition(".")
            for read in place.function.reads
            if read.loops and place.file.loops[read.loops[-1]] is loop
        ),
        ("", "", ""),
    )
    inline = "()" in loop.over and not _PLAIN.search(loop.over)
    return inline and name == loop.variable and bool(_ONE_COLUMN.fullmatch(column))


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


def sized(code: Code) -> Iterator[dict[str, Any]]:
    """Rows that are loaded, and of which only the number, or one column, is used."""
    for place, known in code.calls():
        call = known.call
        if call.arguments == ("it",) and _one_column(code, place, call):
            yield _used(code, place, call, "one column")
        if call.name in _TESTS and _only_tested(code, place, call):
            yield _used(code, place, call, "whether there are any")
        if _sent_back(place, known):
            yield _used(code, place, call, "one column")
        step, hops = code.effects.of_call(known, "query")
        if step is None or hops > 1 or not _LISTS.search(call.name):
            continue
        if _only_sized(place, call):
            yield _used(code, place, call, "the number")


def _only_tested(code: Code, place: Place, call: Call) -> bool:
    """Whether ``present?`` loads rows of a query that nothing goes through here."""
    rows = call.receiver
    if place.file.language != "ruby" or not rows or call.loops or rows.endswith("[]"):
        return False
    given = [value for _, value in place.function.values.get(rows.lstrip("@"), ())]
    relation = "." in rows and last(rows) in code.project.models.to_many and "()" not in rows
    asked = bool(given) and all(_LOADS_ROWS.search(f"{value}.") for value in given)
    used = [loop.over for loop in _of_function(place)] + [
        text for other in place.function.calls for text in other.arguments
    ]
    return (relation or asked) and not any(rows in text for text in used)


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


def picked_or_sized(code: Code) -> Iterator[dict[str, Any]]:
    """Rows that are picked or counted by the program, and relations that come with every row."""
    yield from picked(code)
    yield from sized(code)
    yield from _always(code)


def _always(code: Code) -> Iterator[dict[str, Any]]:
    """Relations to many that a model loads with every row."""
    models = code.project.models
    for name, owner in models.classes.items():
        orm, places = models.orms.get(name), code.project.by_path[models.files[name]]
        if orm is None or not places:
            continue
        for one in owner.fields:
            if orm.always.search(one.text):
                place = {"line": one.line, "end_line": one.line, "function": name}
                yield code.row(places[0], None) | _USED | place | {"over": one.name, "always": True}


def _used(code: Code, place: Place, call: Call, over: str) -> dict[str, Any]:
    return code.row(place, call) | _USED | {"over": over}


def _one_column(code: Code, place: Place, call: Call) -> bool:
    """Whether ``map(&:id)`` runs over the rows of a query."""
    if not call.loops or not _ONE_COLUMN.fullmatch(call.name):
        return False
    loop = place.file.loops[call.loops[-1]]
    if last(loop.via) != "map":
        return False
    if place.file.language == "ruby":
        chained = "." in loop.over and "[]" not in loop.over
        return chained and is_rows(code, loop.over, place)
    return queried(code, loop, place)


def _only_sized(place: Place, call: Call) -> bool:
    """Whether only the number of the rows is used, here or through a name."""
    if call.argument_of in _SIZE_FUNCTIONS:
        return True
    result = f"{call.path}()"
    if call.chained:
        return any(_is_size(c) and c.receiver == result for c in place.function.calls)
    if any(c.name == ".length" and c.receiver == result for c in place.function.calls):
        return True
    filled = [text[1:] for text in call.arguments if re.fullmatch(r"&\w+", text)]
    name = filled[0] if place.file.language == "go" and filled else call.target.split(",")[0]
    if not re.fullmatch(r"\$?\w+", name) or any(
        root(loop.over).lstrip("$") == name.lstrip("$") for loop in _of_function(place)
    ):
        return False
    return _name_is_sized(place.function, call, name)


def _is_size(call: Call) -> bool:
    if call.name == "get":
        return call.arguments == ("0",)
    return call.name in _SIZES


def _name_is_sized(function: Function, call: Call, name: str) -> bool:
    """Whether a name is used for nothing but the number of its elements, and at least once."""
    counted = False
    word = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)")
    size = re.compile(rf"{re.escape(name)}\.(length|size\(\)|isEmpty\(\))|len\({re.escape(name)}\)")
    for other in function.calls:
        if other is call:
            continue
        if (
            other.receiver == name
            and _is_size(other)
            or other.name in _SIZE_FUNCTIONS
            and other.arguments == (name,)
        ):
            counted = True
        elif root(other.receiver) == name or any(
            name in text and word.search(size.sub("", text)) for text in other.arguments
        ):
            return False
    texts = [size.sub("", text) for text in function.returns]
    texts += [value for key, values in function.values.items() for _, value in values]
    texts += [read.path for read in function.reads]
    return counted and not any(name in t and word.search(size.sub("", t)) for t in texts)
