"""Calls to other systems that may wait forever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...base import Code
from ...facts import Call, Function
from ...project import Place
from ...words import pattern

_LIMIT = pattern("calls_limit")
_CONTEXT = pattern("context")
_ENDLESS = re.compile(r"context\.(Background|TODO)\(")
_LIBRARIES = pattern("libraries")
_DEFAULTED = pattern("default_limits")
_NO_LIMIT = pattern("no_limit")
_REMOTE = ("http", "publish", "process")
#: Calls whose limits hold for the requests of the function that makes them.
_OPTIONS = ("options", "request", "defaults")
_REQUESTS = frozenset(("NewRequest", "NewRequestWithContext"))
_WAITS = (
    *("unlimited", "http", "build", "process", "headers_only", "server", "block"),
    *("unlimited_answer", "contextless"),
)


@dataclass(frozen=True)
class _Limits:
    """The time limits in a function: calls that set or get one, and the names they are set on."""

    named: tuple[Call, ...]
    given: tuple[Call, ...]
    names: frozenset[str]
    everywhere: bool


def unbounded_wait(code: Code) -> Iterator[dict[str, Any]]:
    """Calls to other systems, and clients of them, without a time limit at the place."""
    limits: dict[int, _Limits] = {}
    blocked: set[int] = set()
    for place, known, sink in code.found(*_WAITS):
        call = known.call
        if sink.does == "block":  # the first of a function speaks for the others
            if place.number in blocked:
                continue
            blocked.add(place.number)
        if place.number not in limits:
            limits[place.number] = _limits_in(place.function)
        yield code.row(
            place,
            call,
            effect=sink.does,
            library=sink.library.replace(" ", "-"),
            callee=call.name,
            arguments=len(call.arguments),
            limited=_limited(place, call, limits[place.number])
            or (sink.does == "build" and _requests_limited(place)),
            defaulted=any(map(_DEFAULTED.match, (call.path, f"{call.path} {place.file.language}")))
            and not _takes_away(call),
            from_client=bool(call.receiver) and not _LIBRARIES.search(call.receiver),
            context=any(_CONTEXT.match(text) for text in call.arguments)
            or ((sink.does == "build" or call.name == "Do") and _requests_end(place)),
            given=sink.does == "contextless" and _drops_context(place.function, call),
            remote=sink.does == "block" and _is_remote(code, place, call),
        )


def _requests_limited(place: Place) -> bool:
    """Whether a method of the class limits its requests: ``request.options.timeout = 5``."""
    return any(
        _limits_in(function).everywhere
        for function in place.file.functions
        if function.owner == place.function.owner != ""
    )


def _takes_away(call: Call) -> bool:
    """Whether an argument takes the default limit away: ``timeout=None``."""
    return any(map(_NO_LIMIT.match, call.arguments))


def _drops_context(function: Function, call: Call) -> bool:
    """Whether a function of Go has a context by its parameters and puts it on no request now.

    What it passes on may also be made of the context, with a limit of its own.
    """
    first = "".join(call.arguments[:1])
    if any(value.startswith("context.") for _, value in function.values.get(first, ())):
        return False
    has = "context.Context" in function.parameters or "*http.Request" in function.parameters
    return has and not call.later and all(call.name != "WithContext" for call in function.calls)


def _requests_end(place: Place) -> bool:
    """Whether all requests that a file of Go builds end with their context."""
    built = [c for f in place.file.functions for c in f.calls if c.name in _REQUESTS]
    return bool(built) and all(
        c.name == "NewRequestWithContext" and not _ENDLESS.match("".join(c.arguments[:1]))
        for c in built
    )


def _is_remote(code: Code, place: Place, call: Call) -> bool:
    """Whether a future is that of a call to another system."""
    return any(
        code.effects.has(known, *_REMOTE)
        for known in code.effects.calls[place.number]
        if known.call.target == call.receiver or call.receiver.startswith(f"{known.call.path}(")
    )


def _limits_in(function: Function) -> _Limits:
    """Collect once per function what a call in it may be limited by."""
    assigned = [
        (re.split(r"[.\[]", name)[0].lstrip("@$*"), "." in name and bool(_LIMIT.search(name)))
        for name, value in function.assigned.items()
        if _LIMIT.search(name) or _LIMIT.search(value)
    ]
    named = [call for call in function.calls if _LIMIT.search(call.name)]
    given = [call for call in function.calls if any(_LIMIT.search(text) for text in call.arguments)]
    return _Limits(
        named=tuple(named),
        given=tuple(given),
        everywhere=any(of_object for _, of_object in assigned)
        or any(call.name in _OPTIONS for call in given),
        names=frozenset(name for name, _ in assigned)
        | {call.target for call in given}
        | {call.arguments[0] for call in given if not call.receiver},  # curl_setopt($curl, …)
    )


def _limited(place: Place, call: Call, limits: _Limits) -> bool:
    """Whether a time limit is given in the call or its chain, or set on the object nearby."""
    texts = [*call.arguments, call.receiver, *call.scopes, call.argument_of]
    if any(_LIMIT.search(text) for text in texts):
        return True
    if any(other.receiver.startswith(f"{call.path}(") for other in limits.named):
        return True
    inside = [one for one in limits.given if call.line <= one.line <= call.end_line]
    if any(call.path in one.scopes for one in inside):
        return True
    if call.target and any(call.target == one.receiver for one in limits.given):
        return True
    own = {call.target.lstrip("@$"), call.receiver.split(".")[0].lstrip("@$")}
    near = (own | {text.lstrip("*. ") for text in call.arguments}) - {""}
    if not near.isdisjoint(limits.names):
        return True
    # At the top of a file, or among the fields of a class, a limit belongs to one client.
    alone = not place.function.name and place.file.language != "python"
    return not alone and (limits.everywhere or any(other is not call for other in limits.named))
