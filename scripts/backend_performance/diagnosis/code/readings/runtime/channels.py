"""What only Go has: calls that are deferred in a loop, and sends that nobody receives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...base import Code
from ...project import Place
from ...words import names

_CLOSES = names("closes")


def deferred(code: Code) -> Iterator[dict[str, Any]]:
    """What a loop of Go opens and closes only when the function ends."""
    for place, known in code.calls():
        call = known.call
        if place.file.language == "go" and call.guard == "finally" and call.name in _CLOSES:
            yield code.row(place, call, in_loop=bool(call.loops), own="lambda" in call.scopes)


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
        if sent:
            selects = any(call.guard == "select" for call in sent)
            yield code.row(place, sent[0], leaves=leaves, selects=selects)


def _blocking_sends(code: Code, place: Place) -> Iterator[dict[str, Any]]:
    """Sends that wait for a reader in a function that otherwise gives up when it is told to."""
    calls = place.function.calls
    sends = [call for call in calls if call.name == "<-"]
    selected = {call.receiver for call in sends if call.guard == "select"}
    listens = any(c.name == "Done" and c.guard == "select" for c in calls)
    seen: set[str] = set()
    for call in sends:
        again = bool(call.loops) and listens
        if call.guard == "select" or call.receiver in seen:
            continue
        if call.receiver in selected or again:
            seen.add(call.receiver)
            yield code.row(place, call, leaves=True, selects=False)
