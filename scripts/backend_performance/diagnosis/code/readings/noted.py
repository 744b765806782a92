"""Single calls that are worth a look by themselves: queues, listeners, pools, work in loops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..base import Code
from ..effects import Known
from ..project import Place
from ..words import names, pattern

_NOTED = ("queue", "listen", "pool", "encode", "log", "compile")
_ENDS = names("ends_listening")
_BUILDS = pattern("runs_once")
_BOUND = pattern("queue_bound")
_SEARCHES, _LIST = names("searches_list"), pattern("list_value")


def noted(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each call that is noted."""
    for place, known, sink in code.found(*_NOTED):
        call = known.call
        loops = [loop for loop in code.loops(place, call) if loop.kind == "each"]
        yield code.row(
            place,
            call,
            effect=sink.does,
            in_loop=bool(loops) and not all(code.few(place, loop) for loop in loops),
            depth=len(loops),
            bounded=any(map(_BOUND.search, call.arguments)),
            top=not place.function.name,
            builds=bool(_BUILDS.match(place.function.name)),
            ended=_ended(place),
            passing=_passing(place, known),
        )


def gone_through(code: Code) -> Iterator[dict[str, Any]]:
    """Lists that are searched in nested loops, or copied for every element that they get."""
    for place in code.project.places:
        for call in place.function.calls:
            if not call.loops or call.name not in _SEARCHES:
                continue
            loops = [loop for loop in code.loops(place, call) if loop.kind == "each"]
            copied = call.name == "concat" and call.receiver and call.target == call.receiver
            many = not any(code.few(place, loop) for loop in loops)
            searched = len(loops) > 1 and many and call.name != "concat"
            name = call.receiver.lstrip("@$")
            known = [value for _, value in place.function.values.get(name, ())]
            known.append(place.function.types.get(name, ""))
            if (copied and loops) or (searched and any(map(_LIST.search, known))):
                yield code.row(place, call)


def _ended(place: Place) -> bool:
    """Whether the file stops listening anywhere."""
    return any(call.name in _ENDS for function in place.file.functions for call in function.calls)


def _passing(place: Place, known: Known) -> bool:
    """Whether the emitter lives no longer than the function: it is one of its local variables."""
    first = known.call.receiver.split(".")[0].split("(")[0]
    function = place.function
    mine = first in function.assigned or first in re.findall(r"\w+", function.parameters)
    return bool(first) and mine
