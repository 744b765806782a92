"""Calls to other systems that may wait forever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code
from ...facts import Call
from ...project import Place
from ...words import pattern

_LIMIT = pattern("calls_limit")
_CONTEXT = pattern("context")
_LIBRARIES = pattern("libraries")
_DEFAULTED = pattern("default_limits")
_REMOTE = ("http", "publish", "process")
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
            defaulted=bool(_DEFAULTED.match(call.path)),
            from_client=bool(call.receiver) and not _LIBRARIES.search(call.receiver),
            context=any(_CONTEXT.match(text) for text in call.arguments),
            remote=sink.does == "block" and _is_remote(code, place, call),
        )


def _is_remote(code: Code, place: Place, call: Call) -> bool:
    """Whether a future is that of a call to another system."""
    return any(
        code.effects.of_call(known, effect)[0] is not None
        for known in code.effects.calls[place.number]
        if known.call.target == call.receiver or call.receiver.startswith(f"{known.call.path}(")
        for effect in _REMOTE
    )


def _limited(place: Place, call: Call) -> bool:
    """Whether a time limit is given in the call or its chain, or set on the object nearby."""
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
