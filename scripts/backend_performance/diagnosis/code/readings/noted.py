"""Single calls that are worth a look by themselves: queues, listeners, pools, work in loops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..base import Code, few
from ..effects import Known
from ..facts import Call
from ..project import Place
from ..words import names, pattern

_NOTED = ("queue", "listen", "pool", "encode", "log", "compile")
_ENDS = names("ends_listening")
_BUILDS = pattern("runs_once")
_BOUND = pattern("queue_bound")
_BOUNDS, _GROUPS, _WORKERS = pattern("bounds"), pattern("groups"), pattern("workers")
_SLOW = ("http", "query", "write", "process", "read_all")
#: The columns of a noted call that do not hold for a goroutine.
_NO_CALL = dict.fromkeys(("bounded", "top", "builds", "ended", "passing"), False)


def noted(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each call that is noted, and for each loop that starts unbounded goroutines."""
    for place, known, sink in code.found(*_NOTED):
        call = known.call
        loops = [loop for loop in code.loops(place, call) if loop.kind == "each"]
        yield code.row(
            place,
            call,
            effect=sink.does,
            in_loop=bool(loops) and not all(map(few, loops)),
            depth=len(loops),
            bounded=any(map(_BOUND.search, call.arguments)),
            top=not place.function.name,
            builds=bool(_BUILDS.match(place.function.name)),
            ended=_ended(place),
            passing=_passing(place, known),
        )
    yield from _spawned(code)


def _spawned(code: Code) -> Iterator[dict[str, Any]]:
    """Loops that start a goroutine for every element, where nothing bounds their number."""
    for place in code.project.places:
        if place.file.language != "go" or any(map(_is_bound, place.function.calls)):
            continue
        seen: set[int] = set()
        for known in code.effects.calls[place.number]:
            call = known.call
            if not call.loops or not (call.later or any(map(_GROUPS.search, call.scopes))):
                continue
            loop = place.file.loops[call.loops[-1]]
            each = loop.kind == "each" and not few(loop) and not _WORKERS.search(loop.over)
            slow = code.effects.has(known, *_SLOW)
            if each and slow and call.loops[-1] not in seen:
                seen.add(call.loops[-1])
                row = code.row(place, call, effect="spawn", in_loop=True, depth=1)
                yield row | {"line": loop.line} | _NO_CALL


def _is_bound(call: Call) -> bool:
    return bool(_BOUNDS.search(call.path)) or (call.name == "<-" and bool(call.loops))


def _ended(place: Place) -> bool:
    """Whether the file stops listening anywhere."""
    return any(call.name in _ENDS for function in place.file.functions for call in function.calls)


def _passing(place: Place, known: Known) -> bool:
    """Whether the emitter lives no longer than the function: it is one of its local variables."""
    first = known.call.receiver.split(".")[0].split("(")[0]
    function = place.function
    mine = first in function.assigned or first in re.findall(r"\w+", function.parameters)
    return bool(first) and mine
