"""Clients and pools that are built again and again, and what is opened and not closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..base import Code
from ..effects import Known
from ..facts import Call
from ..project import Place
from ..words import names, pattern

_CLOSES = names("closes")
_ONCE = pattern("once")
_CACHED = pattern("cached")


def built(code: Code) -> Iterator[dict[str, Any]]:
    """Clients, sessions and pools that are built inside a function."""
    for place in code.project.places:
        function = place.function
        for known in code.effects.calls[place.number]:
            sink, call = known.sink, known.call
            if sink is None or sink.does != "build":
                continue
            kept = (
                bool(re.match(r"^(self|this|\$this|cls|@)|^[A-Z_]+$", call.target))
                or "||=" in call.target
            )
            yield code.row(
                place,
                call,
                name=call.path,
                library=sink.library,
                top=not function.name,
                factory=bool(_ONCE.match(function.name))
                or call.returned
                or _given_back(place, call),
                kept=kept or bool(_CACHED.search(" ".join(function.decorators))),
                in_loop=any(place.file.loops[i].kind == "each" for i in call.loops),
                guarded=call.guard == "with",
                pooled=bool(
                    re.search(r"max_?connections|maxSockets|[pP]ool", " ".join(call.arguments))
                ),
            )


def opened(code: Code) -> Iterator[dict[str, Any]]:
    """What is opened, with what becomes of it in the function."""
    for place in code.project.places:
        for known in code.effects.calls[place.number]:
            sink = known.sink
            if sink is None or sink.does not in ("open", "timer"):
                continue
            yield _opened(code, place, known)


def _opened(code: Code, place: Place, known: Known) -> dict[str, Any]:
    call = known.call
    name = call.target.split(",")[0].strip().lstrip("@$*& ")
    closes = (
        [c for c in place.function.calls if c.name in _CLOSES and _about(c, name)] if name else []
    )
    after = [c for c in closes if c.line >= call.line]
    between = [
        c for c in place.function.calls
        if after and call.line < c.line < after[0].line and c.guard != "finally"
    ]  # fmt: skip
    return code.row(
        place,
        call,
        name=call.path,
        library=known.sink.library if known.sink else "",
        does=known.sink.does if known.sink else "",
        managed=call.guard == "with"
        or bool(call.scopes and call.argument_of in ("closing", "contextlib.closing")),
        block=_has_block(call),
        kept=bool(re.match(r"^(self|this|\$this|cls|@|\w+\.\w+)", call.target)),
        unnamed=not name,
        chained=call.chained,
        given=call.argument_of,
        returned=call.returned or (bool(name) and _given_back(place, call)),
        passed=bool(name) and _passed_on(place, call, name),
        closed=bool(after),
        closed_always=any(c.guard in ("finally", "with") for c in closes),
        risky=len(between),
        wrapped=bool(name)
        and any(c.target and _about(c, name) and c.guard == "with" for c in place.function.calls),
    )


def _about(call: Call, name: str) -> bool:
    if re.split(r"[.(]", call.receiver)[0].lstrip("@$*&") == name:
        return True
    return any(re.match(rf"[$@*&]?{re.escape(name)}\b", text) for text in call.arguments)


def _given_back(place: Place, call: Call) -> bool:
    name = call.target.split(",")[0].strip().lstrip("@$*& ")
    return bool(name) and any(
        re.search(rf"(^|[\s,({{&:]){re.escape(name)}\b(?!\.(?!pipe))", text)
        for text in place.function.returns
    )


def _passed_on(place: Place, call: Call, name: str) -> bool:
    """Whether another function gets the thing, which may then own it."""
    return any(
        any(
            re.search(rf"(^|[^.\w]){re.escape(name)}\b(?!\.\w+\()", text)
            for text in other.arguments
        )
        for other in place.function.calls
        if other.line >= call.line
        and other is not call
        and (
            other.constructs
            or other.name[:1].isupper()
            or re.search(r"add|append|push|set|register|put|store", other.name)
        )
        and other.name not in _CLOSES
    )


def _has_block(call: Call) -> bool:
    return any(text.startswith(("do ", "{ |", "&")) for text in call.arguments)
