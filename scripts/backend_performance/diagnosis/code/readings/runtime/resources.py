"""Clients and pools that are built again and again, and what is opened and not closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code
from ...facts import Call
from ...origin import is_field
from ...project import Place
from ...words import names, pattern

_CLOSES = names("closes")
_CONSUMES = pattern("consumes")
_TAKES_OVER = pattern("takes_over")
_PLAIN = names("plain_results")
#: Clients that open a connection for each request, however often they are built.
_PLAIN_CLIENTS = names("plain_clients")
_ONCE, _ADDS = pattern("once"), pattern("registers")
_ROUTES = pattern("handler_calls")
_CACHED, _LOGS = pattern("cached"), pattern("logs")
_KEPT = re.compile(r"^(self|this|\$this|cls|@)|^[A-Z_]+$|^_\w+$|^\w+\.\w+")
_KEEPS = pattern("keeps")
_FAILED = re.compile(r"\berr\w*\s*!=\s*nil")
#: Over so many functions is what was opened followed to those who use it.
_GIVEN = 3
#: Within so many lines stands what a function does where the thing was not opened.
_CHECKED = 20
#: What a class of Java, Kotlin or C# inherits from when it must be closed.
_WITH_EXCEPTIONS = ("java", "kotlin", "csharp")
_CLOSED_BY = frozenset(("close", "Close", "Dispose", "DisposeAsync", "CloseAsync"))
_IN_MEMORY = re.compile(r"ByteArray|^String(Reader|Writer|Builder)$|MemoryStream|^valueOf$")
_CLOSEABLE = ("AutoCloseable", "Closeable", "IDisposable", "IAsyncDisposable")


def built(code: Code) -> Iterator[dict[str, Any]]:
    """Clients, sessions and pools that are built inside a function."""
    for place, known, _ in code.found("build", "construct"):
        call, function = known.call, place.function
        handles = any(map(_ROUTES.search, call.scopes))
        once = bool(_ONCE.match(function.name) or _ADDS.search(function.parameters)) and not handles
        yield code.row(
            place,
            call,
            top=not function.name and not handles,
            factory=once or call.returned or _given_back(place, call),
            kept=_is_kept(code, place, call) or bool(_CACHED.search(" ".join(function.decorators))),
            in_loop=any(place.file.loops[index].kind == "each" for index in call.loops),
            shares=_shares(place, call),
            plain=call.path in _PLAIN_CLIENTS,
        )


def _shares(place: Place, call: Call) -> bool:
    """Whether a client of Go uses the connections of all: it has no transport of its own."""
    if place.file.language != "go" or call.path != "http.Client":
        return False
    texts = (*call.arguments, *(name for name in place.function.assigned if "." in name))
    return not any("Transport" in text for text in texts)


def opened(code: Code) -> Iterator[dict[str, Any]]:
    """What is opened, here or by a function that gives it back, and what becomes of it."""
    closeable = _closeable(code)
    found = [
        (place, known.call)
        for place, known in code.calls()
        if known.call.constructs and known.call.name in closeable and not known.sinks
    ]
    own = {id(call) for _, call in found if not call.receiver}
    found += [(place, known.call) for place, known, _ in code.found("open")]
    found += _closed_by_name(code)
    for _ in range(_GIVEN):
        givers = {place.number for place, call in found if _is_given(place, call)}
        seen = {id(call) for _, call in found}
        found += [
            (place, known.call)
            for place, known in code.calls()
            if known.targets.sure
            and not known.call.chained
            and givers.intersection(known.targets.numbers)
            and id(known.call) not in seen
        ]
    for place, call in found:
        if place.function.name:  # the top level of a file keeps what it opens
            given = id(call) in own and _is_argument(place, call)
            yield _opened(code, place, call) | ({"passed": True} if given else {})


def _closed_by_name(code: Code) -> Iterator[tuple[Place, Call]]:
    """What a function of a language with exceptions closes itself, by whatever it was opened."""
    for place in code.project.places:
        if place.file.language not in _WITH_EXCEPTIONS:
            continue
        closed = {c.receiver for c in place.function.calls if c.name in _CLOSED_BY}
        for known in code.effects.calls[place.number] if closed else ():
            call = known.call
            plain = call.chained or known.does("open") or _IN_MEMORY.search(call.name)
            if call.target in closed and not plain:
                yield place, call


def _closeable(code: Code) -> frozenset[str]:
    """The classes of the project that say that they must be closed, with their heirs."""
    heirs = code.project.heirs
    found = {name for base in _CLOSEABLE for name in heirs.get(base, ())}
    for _ in range(_GIVEN):
        found |= {name for base in found for name in heirs.get(base, ())}
    return frozenset(found)


def _is_given(place: Place, call: Call) -> bool:
    function = place.function
    if not function.name or function.result in _PLAIN or call.guard == "with":
        return False
    if place.file.language == "go" and not function.result:
        return False
    return call.returned or _given_back(place, call)


def _opened(code: Code, place: Place, call: Call) -> dict[str, Any]:
    name = _name(call)
    calls = place.function.calls
    closes = [c for c in calls if name and _closes(c, name)]
    after = [c for c in closes if c.line >= call.line]
    end = after[0].line if after else 0
    return code.row(
        place,
        call,
        managed=call.guard == "with" or _has_block(call) or _ends_in_use(calls, call),
        kept=_is_kept(code, place, call),
        unnamed=not name,
        chained=call.chained or _is_gone_through(place, call),
        given=call.argument_of,
        returned=call.returned or _given_back(place, call) or _is_wrapped(place, calls, call),
        lost=not after and _given_back(place, call) and _is_lost(place, call),
        passed=bool(_TAKES_OVER.search(call.argument_of))
        or (bool(name) and _passed_on(place, call, name)),
        closed=bool(after),
        closed_always=any(c.guard in ("finally", "with") or c.later for c in closes)
        or len({c.guard == "catch" for c in closes}) > 1,
        risky=sum(call.line < c.line < end and not _LOGS.search(c.path) for c in calls),
        exits=len(_exits(place, call, end)),
        wrapped=any(c.guard == "with" and name and _about(c, name) for c in calls),
    )


def _is_gone_through(place: Place, call: Call) -> bool:
    """Whether a loop goes through what is opened, which nothing else can close then."""
    loops = place.file.loops
    return any(one.line == call.line and one.over == f"{call.path}()" for one in loops)


def _is_lost(place: Place, call: Call) -> bool:
    """Whether a function of Go ends with an error of what it does with the thing."""
    ends = _exits(place, call, place.function.end_line)
    return place.file.language == "go" and any(map(_FAILED.search, ends))


def _exits(place: Place, call: Call, end: int) -> list[str]:
    """The conditions on which the function ends before a line, but for what was not opened."""
    name = re.escape(_name(call))
    missing = re.compile(
        rf"\berr\w*\s*!=\s*nil|(?<![\w.]){name}\s*(==|===|is)\s*\w|(!|not )\s*{name}\b"
        r"|\b(Is|As|IsNotExist|IsExist|Cause)\(err"
    )
    found = [e for e in place.function.exits if call.end_line <= e[0] < end]
    failing = [c.line for c in place.function.calls if "err" in c.target and c.line > call.end_line]
    first, last = min(failing, default=end), call.end_line
    while found and found[0][0] <= min(last + _CHECKED, first) and missing.search(found[0][1]):
        last = found.pop(0)[0]
    return [condition for _, condition in found]


def _is_kept(code: Code, place: Place, call: Call) -> bool:
    if call.chained:  # what is kept is made of it
        return False
    name = _name(call)
    stored = {target for target, value in place.function.assigned.items() if name and value == name}
    named = any(_KEPT.match(target) for target in (call.target, *stored))
    of_package = place.file.language == "go" and name in place.file.functions[0].types
    return named or of_package or any(is_field(code.project, n, place) for n in (name, *stored))


def _name(call: Call) -> str:
    name = call.target.split(",")[0].strip().lstrip("@$*& ")
    return "" if name == "err" else name


def _about(call: Call, name: str) -> bool:
    if re.split(r"[.(]", call.receiver)[0].lstrip("@$*&") == name:
        return True
    return any(re.match(rf"[$@*&]?{re.escape(name)}\b", text) for text in call.arguments)


def _closes(call: Call, name: str) -> bool:
    """Whether a call closes the thing, as does a deferred call of Go that is given it."""
    deferred = call.guard == "finally" and name in call.arguments
    return deferred or (call.name in _CLOSES and _about(call, name))


def _given_back(place: Place, call: Call) -> bool:
    """Whether the caller gets the thing itself."""
    name = _name(call)
    given = re.compile(rf"(^|[\s,({{&:]){re.escape(name)}\b(?!\.(?!pipe))")
    return bool(name) and any(
        given.search(text) and not _CONSUMES.search(text) for text in place.function.returns
    )


def _passed_on(place: Place, call: Call, name: str) -> bool:
    """Whether another object gets the thing, which may then own it."""
    given = re.compile(rf"(^|[^.\w]){re.escape(name)}\b(?!\.\w+\()")
    return any(
        (other.constructs or _KEEPS.search(other.name) or _TAKES_OVER.search(other.path))
        and any(map(given.search, other.arguments))
        for other in place.function.calls
        if other.line >= call.line and other is not call and other.name not in _CLOSES
    )


def _is_argument(place: Place, call: Call) -> bool:
    """Whether any other call is given the thing: a class of the project may hand it over."""
    name = _name(call)
    others = (c.arguments for c in place.function.calls if c.name not in _CLOSES)
    return bool(name) and any(name in arguments for arguments in others)


def _ends_in_use(calls: list[Call], call: Call) -> bool:
    """Whether a block of Kotlin closes the thing: ``open(…).use { … }``."""
    return any(c.name in ("use", "useLines") and c.receiver.startswith(call.path) for c in calls)


def _is_wrapped(place: Place, calls: list[Call], call: Call, depth: int = 2) -> bool:
    """Whether the caller gets what is built around it, which closes it."""
    around = [
        other
        for other in calls
        if other.constructs and other.path == call.argument_of and other.line <= call.line
    ]
    if any(other.returned or _given_back(place, other) for other in around):
        return True
    return depth > 0 and any(_is_wrapped(place, calls, other, depth - 1) for other in around)


def _has_block(call: Call) -> bool:
    return any(text.startswith(("do ", "{ |", "&")) for text in call.arguments)
