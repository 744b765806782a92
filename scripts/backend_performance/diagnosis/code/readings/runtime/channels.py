"""What only Go has: calls that are deferred in a loop, and sends that nobody receives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code
from ...facts import Call
from ...project import Place
from ...words import names

_CLOSES = names("closes")
_FREES_TIMERS = re.compile(r"(?m)^go (?:1\.(?:2[3-9]|[3-9]\d)|[2-9])")


def deferred(code: Code) -> Iterator[dict[str, Any]]:
    """What a loop of Go opens and closes only when the function ends."""
    frees = _frees_timers(code)
    for place, known in code.calls():
        call = known.call
        if place.file.language == "go" and call.guard == "finally" and call.name in _CLOSES:
            yield code.row(place, call, in_loop=bool(call.loops), own="lambda" in call.scopes)
        elif call.path == "time.After" and call.guard == "select" and not frees:
            yield code.row(place, call, in_loop=False, own=not _receives(code, place, call))


def _frees_timers(code: Code) -> bool:
    """Whether the module is for a Go that frees a timer that nobody waits for."""
    file = code.root / "go.mod" if code.root else None
    if file is None or not file.is_file():
        return False
    with file.open(encoding="utf-8", errors="replace") as text:
        return bool(_FREES_TIMERS.search(text.read(4000)))


def _receives(code: Code, place: Place, call: Call) -> bool:
    """Whether the loop around a call also gets elements from a channel."""
    values = [one for known in place.function.values.values() for one in known]
    received = [line for line, value in values if value.startswith("<-")]
    loops = code.loops(place, call)[-1:]
    return any(loop.line <= line <= loop.end_line for loop in loops for line in received)


def stranded(code: Code) -> Iterator[dict[str, Any]]:
    """Goroutines that send on a channel without a buffer, which the caller may stop reading."""
    for place in code.project.places:
        if place.file.language != "go":
            continue
        calls = place.function.calls
        plain = {c.target for c in calls if c.name == "make" and len(c.arguments) == 1} - {""}
        sent = [c for c in calls if c.name == "<-" and c.later and c.receiver in plain]
        leaves = any(c.path in ("time.After", "time.NewTimer") or c.name == "Done" for c in calls)
        yield from _blocking_sends(code, place)
        yield from _sends_to_others(code, place)
        if sent:
            selects = any(call.guard == "select" for call in sent)
            yield code.row(place, sent[0], leaves=leaves, selects=selects)


def _blocking_sends(code: Code, place: Place) -> Iterator[dict[str, Any]]:
    """Sends that wait for a reader in a function that otherwise gives up when it is told to."""
    calls = place.function.calls
    sends = [call for call in calls if call.name == "<-"]
    selected = {call.receiver for call in sends if call.guard == "select"}
    listens = any(c.name == "Done" and c.guard == "select" for c in calls)
    buffered = {c.target for c in calls if c.name == "make" and len(c.arguments) > 1}
    seen: set[str] = set()
    for call in sends:
        again = bool(call.loops) and listens
        if call.guard == "select" or call.receiver in seen | buffered:
            continue
        if call.receiver in selected or again:
            seen.add(call.receiver)
            yield code.row(place, call, leaves=True, selects=False)


def _sends_to_others(code: Code, place: Place) -> Iterator[dict[str, Any]]:
    """Sends in a loop to a reader elsewhere, in a function that could see that it went away."""
    calls, function = place.function.calls, place.function
    ends = "context.Context" in function.parameters or any(c.name == "Context" for c in calls)
    sends = [c for c in calls if c.name == "<-" and c.loops and c.guard != "select" and ends]
    texts = [t for c in calls if c.name not in ("close", "<-") for t in c.arguments]
    for made in [c.target for c in calls if c.name == "make" and c.target and _is_channel(c)]:
        given = re.compile(rf"\b{re.escape(made)}\b")
        sent = [c for c in sends if c.receiver == made]
        if sent and any(map(given.search, texts + function.returns)):
            yield code.row(place, sent[0], leaves=True, selects=False)


def _is_channel(call: Call) -> bool:
    """Whether a channel is made whose buffer is not as long as a list."""
    first, *rest = call.arguments or ("",)
    return first.startswith("chan") and all(text.isdigit() for text in rest)
