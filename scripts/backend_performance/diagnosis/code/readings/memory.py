"""What is taken into memory whole: files, answers, tables; and what only grows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..base import Code
from ..facts import Call, Function
from ..project import Place
from ..words import names, pattern

_LIMITS = pattern("memory_limits")
_ALL = names("memory_all")
_CONTAINERS = pattern("containers")
_ADDS = names("adds")
_REMOVES = names("removes")
_BOUNDED = pattern("bounded")
_COUNTED = names("counted_by")
_UNBOUNDED_CACHE = pattern("unbounded_cache")


def whole(code: Code) -> Iterator[dict[str, Any]]:
    """Reads of a whole file, body or sheet."""
    for place in code.project.places:
        for known in code.effects.calls[place.number]:
            sink, call = known.sink, known.call
            if sink is None or sink.does != "read_all":
                continue
            text = " ".join(
                (
                    *call.arguments,
                    call.receiver,
                    call.argument_of,
                    code.project.subject(call, place),
                )
            )
            yield code.row(
                place,
                call,
                name=call.path,
                library=sink.library,
                sized=bool(call.arguments)
                and bool(re.match(r"^\d|.*(size|SIZE|limit|LIMIT|max|MAX|n\b)", call.arguments[0]))
                or bool(re.search(r"[lL]imit|MaxBytes", text)),
                remote=bool(
                    re.search(r"resp|\bres\b|body|Body|stream|download|http|url|fetch", text, re.I)
                ),
                in_loop=any(place.file.loops[i].kind == "each" for i in call.loops),
                upload=bool(
                    re.search(
                        r"upload|\bfile\b|attachment|blob|image|zip|archive|chunk|dump|export|import",
                        f"{text} {place.function.name}",
                        re.I,
                    )
                ),
                config=bool(
                    re.search(
                        r"config|setting|template|key|cert|pem|secret|manifest|package\.json|version|schema|fixture|license|token|yaml|json\b|__dir|__file|static|locale|stdin|tmpl|sql\b",
                        f"{text} {place.function.qualified} {place.file.path}",
                        re.I,
                    )
                ),
                errors_only=call.guard == "catch",
            )


def unbounded(code: Code) -> Iterator[dict[str, Any]]:
    """Queries for all rows of something that is not limited."""
    for place in code.project.places:
        for known in code.effects.calls[place.number]:
            sink, call = known.sink, known.call
            if sink is None or sink.does != "query" or call.chained or call.name not in _ALL:
                continue
            text = " ".join((call.path, *call.arguments, call.argument_of))
            chain = [
                c for c in place.function.calls if c.chained and call.receiver.startswith(c.path)
            ]
            more = " ".join(a for c in chain for a in c.arguments)
            yield code.row(
                place,
                call,
                name=call.path,
                library=sink.library,
                limited=bool(_LIMITS.search(text))
                or bool(_LIMITS.search(place.function.parameters)),
                filtered=bool(call.arguments)
                or bool(re.search(r"filter|where|Where|find_by|exclude", call.receiver)),
                filters=more[:120],
                memory=_into_memory(place, call),
                in_loop=bool(call.loops),
                returned=call.returned,
            )


def _into_memory(place: Place, call: Call) -> bool:
    """Whether the rows are filtered, sorted or counted in the program."""
    name = call.target.split(",")[0].lstrip("@$ ")
    used = re.compile(rf"^{re.escape(name)}$") if name else None
    later = [
        c for c in place.function.calls
        if used and c.name in _COUNTED
        and (used.match(c.receiver) or any(used.match(a) for a in c.arguments))
    ]  # fmt: skip
    return bool(later) or call.argument_of in (
        "len",
        "sorted",
        "set",
        "list",
        "json.dumps",
        "max",
        "min",
    )


def growing(code: Code) -> Iterator[dict[str, Any]]:
    """Containers that outlive a request and are only added to, and caches without a bound."""
    for place in code.project.places:
        function = place.function
        for text in function.decorators:
            method = "self" in function.parameters
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
        "kind": "container" if place.function.name == "" else "cached_method",
        "name": name,
        "bounded": bounded,
        "method": method,
    }


def _containers(code: Code, place: Place) -> Iterator[dict[str, Any]]:
    """The containers at the top level of a file that a function adds to and none removes from."""
    functions = [function for function in place.file.functions if function.name]
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
