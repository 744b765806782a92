"""Single calls that should have said more: a time limit, an expiry, a cursor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..base import Code
from ..effects import Known
from ..project import Place
from ..words import names, pattern

_LIMIT = pattern("calls_limit")
_CONTEXT = pattern("context")
_EXPIRY = pattern("expiry")
_SETTERS = names("setters")
_LIBRARIES = names("libraries")


def unbounded_wait(code: Code) -> Iterator[dict[str, Any]]:
    """Calls to other systems, and clients of them, without a time limit at the place."""
    for place in code.project.places:
        for known in code.effects.calls[place.number]:
            sink, call = known.sink, known.call
            if sink is None or sink.does not in (
                "http",
                "build",
                "process",
                "server",
                "block",
                "open",
            ):
                continue
            yield code.row(
                place,
                call,
                effect=sink.does,
                library=sink.library,
                name=call.path,
                callee=call.name,
                receiver=call.receiver,
                constructs=call.constructs,
                arguments=len(call.arguments),
                limited=_limited(place, known),
                from_client=_is_client(known),
                context=any(_CONTEXT.match(text) for text in call.arguments),
            )


def _limited(place: Place, known: Known) -> bool:
    """Whether a time limit stands in the call, in the chain, or is set on the object near it."""
    call = known.call
    texts = [*call.arguments, call.receiver, *call.scopes, call.argument_of]
    if any(_LIMIT.search(text) for text in texts):
        return True
    names = {
        n
        for n in (
            call.target.lstrip("@$"),
            call.receiver.split(".")[0].lstrip("@$"),
            *call.arguments,
        )
        if n
    }
    spreads = {n.lstrip("*. ") for n in call.arguments}
    for name, value in place.function.assigned.items():
        first = re.split(r"[.\[]", name)[0].lstrip("@$*")
        if (first in names or first in spreads) and (_LIMIT.search(name) or _LIMIT.search(value)):
            return True
    return any(
        _LIMIT.search(other.name)
        or _LIMIT.search(" ".join(other.arguments))
        and other.name in ("options", "request", "defaults")
        or (
            _LIMIT.search(" ".join(other.arguments))
            and (other.target in names or other.target in spreads)
        )
        for other in place.function.calls
        if other is not call
    )


def _is_client(known: Known) -> bool:
    """Whether the call is made on an object that may carry a limit of its own."""
    return bool(known.call.receiver) and known.call.receiver not in _LIBRARIES


def keys(code: Code) -> Iterator[dict[str, Any]]:
    """Commands that walk the whole key space."""
    for place in code.project.places:
        for known in code.effects.calls[place.number]:
            if known.sink is not None and known.sink.does == "keys" and known.call.arguments:
                yield code.row(place, known.call, library=known.sink.library, name=known.call.path)


def cached(code: Code) -> Iterator[dict[str, Any]]:
    """Values put into a cache, with what can be told of key, expiry and the load before."""
    for place in code.project.places:
        loads = [
            known
            for known in code.effects.calls[place.number]
            if any(code.effects.of_call(known, effect)[0] for effect in ("http", "query"))
        ]
        reads = [
            k
            for k in code.effects.calls[place.number]
            if k.sink
            and k.sink.does == "cache"
            and k.call.name in ("get", "read", "getItem", "getData")
        ]
        for known in code.effects.calls[place.number]:
            sink, call = known.sink, known.call
            if (
                sink is None
                or sink.does != "cache"
                or call.name not in _SETTERS
                or not call.arguments
            ):
                continue
            text = " ".join(call.arguments)
            yield code.row(
                place,
                call,
                library=sink.library,
                name=call.path,
                command=call.name,
                expires=bool(_EXPIRY.search(text))
                or len(call.arguments) > 2
                or any(
                    other.name in ("expire", "pexpire", "expireat")
                    for other in place.function.calls
                ),
                whole_url=bool(
                    re.search(
                        r"\b(req(uest)?\.(url|originalUrl|get_full_path\(\)|fullpath|original_url))",
                        text,
                    )
                ),
                after_miss=bool(reads) and bool(loads),
                key=call.arguments[0][:80],
            )
