"""What is taken into memory whole: files, answers, tables; and what only grows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code, chain
from ...facts import Call, Function
from ...origin import subject
from ...project import Place
from ...words import names, pattern

_AT_START = pattern("at_start")
_LIMITS = pattern("memory_limits")
_SIZED = pattern("sized")
_REMOTE = pattern("remote_body")
_LARGE = pattern("large")
_SMALL = pattern("small")
_FILTERED = pattern("filtered")
_NOTHING = pattern("no_condition")
_ALL = names("memory_all")
_WHOLE_TABLE = pattern("whole_table")
_EAGER = names("memory_eager")
_EAGER_ALL = pattern("eager_all")
_KEYED_BY_OBJECT = pattern("keyed_by_object")
_CONTAINERS = pattern("containers")
_ADDS = names("adds")
_REMOVES = names("removes")
_BOUNDED = pattern("bounded")
_COUNTED = names("counted_by")
_INTO_LISTS = names("into_lists")
_UNBOUNDED_CACHE = pattern("unbounded_cache")


def whole(code: Code) -> Iterator[dict[str, Any]]:
    """Reads of a whole file, body or sheet."""
    for place, known in code.calls():
        call = known.call
        step, hops = code.effects.of_call(known, "read_all")
        if step is None or hops > 1:
            continue
        text = " ".join((*call.arguments, subject(code.project, call, place), call.argument_of))
        where = f"{text} {place.function.qualified} {place.file.path}"
        yield code.row(
            place,
            call,
            hops=hops,
            sized=bool(_SIZED.search(text)),
            remote=bool(_REMOTE.search(text)),
            large=bool(_LARGE.search(f"{text} {place.function.name}")),
            small=bool(_SMALL.search(where)),
            in_loop=any(place.file.loops[index].kind == "each" for index in call.loops),
            errors_only=call.guard == "catch",
            starts=bool(_AT_START.match(place.function.name)),
        )


def unbounded(code: Code) -> Iterator[dict[str, Any]]:
    """Queries for all rows of something that is not limited."""
    for place, known, _ in code.found("query"):
        call = known.call
        eager = call.name in _EAGER or bool(_EAGER_ALL.search(call.name))
        # A function that is called after all rows, and gives back what a query found.
        whole = bool(_EAGER_ALL.search(place.function.name)) and call.returned and not call.loops
        eager = eager or whole
        if not eager and (call.chained or call.name not in _ALL):
            continue
        text = " ".join((call.path, *call.arguments, call.argument_of, chain(place, call)))
        yield code.row(
            place,
            call,
            limited=bool(_LIMITS.search(f"{text} {place.function.parameters}")),
            filtered=_is_filtered(call, eager)
            or bool(_FILTERED.search(f"{call.receiver} {text}"))
            or (call.name == "all" and not _WHOLE_TABLE.search(call.receiver)),
            memory=_into_memory(place, call),
            everything=False,
        )
    for place, known, _ in code.found("write"):
        call = known.call
        if call.name in ("delete", "destroy_all") and call.receiver.endswith("objects.all()"):
            yield code.row(
                place, call, limited=False, filtered=False, memory=False, everything=True
            )


def _is_filtered(call: Call, eager: bool) -> bool:
    """Whether arguments choose rows: any for ``find``, a value for ``getAll``, two elsewhere."""
    if _EAGER_ALL.search(call.name):
        return not all(map(_NOTHING.match, call.arguments))
    return len(call.arguments) > (1 if eager else 0)


def _into_memory(place: Place, call: Call) -> bool:
    """Whether the rows are filtered, sorted or counted in the program."""
    name = call.target.split(",")[0].lstrip("@$ ")
    return call.argument_of in _INTO_LISTS or any(
        name and other.name in _COUNTED and (other.receiver == name or name in other.arguments)
        for other in place.function.calls
    )


def growing(code: Code) -> Iterator[dict[str, Any]]:
    """Containers that outlive a request and are only added to, and caches without a bound."""
    for place in code.project.places:
        function = place.function
        for text in function.decorators:
            method = bool(_KEYED_BY_OBJECT.search(function.parameters))
            endless = "maxsize=None" in text.replace(" ", "")
            if _UNBOUNDED_CACHE.search(text) and (method or endless):
                yield _grows(code, place, function.line - 1, function, function.name, method=method)
        if not function.name:
            yield from _containers(code, place)


def _grows(
    code: Code,
    place: Place,
    line: int,
    function: Function,
    name: str,
    *,
    method: bool = False,
    bounded: bool = False,
) -> dict[str, Any]:
    return code.row(place, None) | {
        "line": line,
        "end_line": line,
        "function": function.qualified,
        "kind": "cached_method" if place.function.name else "container",
        "name": name,
        "bounded": bounded,
        "method": method,
    }


def _containers(code: Code, place: Place) -> Iterator[dict[str, Any]]:
    """The containers at the top level of a file that a function adds to and none removes from."""
    functions = [f for f in place.file.functions if f.name and not _AT_START.match(f.name)]
    for name, value in place.function.assigned.items():
        if not _CONTAINERS.match(value) or not re.fullmatch(r"\w+", name):
            continue
        added = [
            (call.line, function)
            for function in functions
            for call in function.calls
            if call.receiver == name and call.name in _ADDS
        ]
        added += [
            (function.line, function)
            for function in functions
            if any(target.startswith(f"{name}[") for target in function.assigned)
        ]
        if added and not any(_removes(call, name) for f in functions for call in f.calls):
            line, function = added[0]
            bounded = bool(_BOUNDED.search(value))
            yield _grows(code, place, line, function, name, bounded=bounded)


def _removes(call: Call, name: str) -> bool:
    if call.receiver == name:
        return call.name in _REMOVES
    return call.name in ("delete", "len") and name in call.arguments
