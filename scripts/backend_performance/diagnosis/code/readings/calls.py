"""Single calls that should have said more: a time limit, an expiry, a cursor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..base import Code
from ..effects import Known
from ..facts import Call
from ..project import Place
from ..words import names, pattern

_LIMIT = pattern("calls_limit")
_CONTEXT = pattern("context")
_EXPIRY = pattern("expiry")
_WHOLE_URL = pattern("whole_url")
_SETTERS = names("setters")
_GETTERS = names("getters")
_LIBRARIES = pattern("libraries")
_WAITS = ("unlimited", "http", "build", "process", "server", "block")


def unbounded_wait(code: Code) -> Iterator[dict[str, Any]]:
    """Calls to other systems, and clients of them, without a time limit at the place."""
    for place, known, sink in code.found(*_WAITS):
        call = known.call
        yield code.row(
            place,
            call,
            effect=sink.does,
            library=sink.library.replace(" ", "-"),
            callee=call.name,
            arguments=len(call.arguments),
            limited=_limited(place, call),
            from_client=bool(call.receiver) and not _LIBRARIES.search(call.receiver),
            context=any(_CONTEXT.match(text) for text in call.arguments),
        )


def _limited(place: Place, call: Call) -> bool:
    """Whether a time limit stands in the call, in the chain, or is set on the object near it."""
    texts = [*call.arguments, call.receiver, *call.scopes, call.argument_of]
    if any(_LIMIT.search(text) for text in texts):
        return True
    own = {call.target.lstrip("@$"), call.receiver.split(".")[0].lstrip("@$")}
    near = (own | {text.lstrip("*. ") for text in call.arguments}) - {""}
    for name, value in place.function.assigned.items():
        first = re.split(r"[.\[]", name)[0].lstrip("@$*")
        if _LIMIT.search(name) and "." in name:
            return True
        if first in near and (_LIMIT.search(name) or _LIMIT.search(value)):
            return True
    return any(_limits(other, near) for other in place.function.calls if other is not call)


def _limits(other: Call, near: set[str]) -> bool:
    if _LIMIT.search(other.name):
        return True
    if not any(_LIMIT.search(text) for text in other.arguments):
        return False
    return other.target in near or other.name in ("options", "request", "defaults")


def keys(code: Code) -> Iterator[dict[str, Any]]:
    """Commands that walk the whole key space."""
    for place, known, _ in code.found("keys"):
        if known.call.arguments:
            yield code.row(place, known.call)


def cached(code: Code) -> Iterator[dict[str, Any]]:
    """Values put into a cache, with what can be told of key, expiry and the load before."""
    for place, known, _ in code.found("cache"):
        call, text = known.call, " ".join(known.call.arguments)
        if call.name not in _SETTERS or not call.arguments:
            continue
        expires = any(other.name in ("expire", "pexpire") for other in place.function.calls)
        yield code.row(
            place,
            call,
            command=call.name,
            expires=expires or bool(_EXPIRY.search(text)) or len(call.arguments) > 2,
            whole_url=bool(_WHOLE_URL.search(text)),
            after_miss=_loads_after_miss(code, code.effects.calls[place.number]),
        )


def _loads_after_miss(code: Code, calls: list[Known]) -> bool:
    reads = [k for k in calls if k.does("cache") and k.call.name in _GETTERS]
    return bool(reads) and any(
        code.effects.of_call(known, effect)[0] is not None
        for known in calls
        for effect in ("http", "query")
    )
