"""What runs while something is held: a transaction, a lock, the event loop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code, lock, transaction
from ...facts import Call
from ...project import Place
from ...spans import spans
from ...words import names, pattern

_AT_START = pattern("at_start")
_SMALL = pattern("small")
_HANDLER, _ROUTES = pattern("handler_parameters"), pattern("handler_calls")
_SLOW = ("http", "process", "sleep", "publish", "hash", "cache")
_DELETES = names("cache_deletes")
_UNSENT = names("unsent")
#: What hands a function of Python to another thread.
_ASIDE = ("to_thread", "run_in_executor")
#: Effects that keep a thread which others share, by language.
_SHARED = {
    "python": ("query", "write", "http", "sleep", "process", "hash", "blocking"),
    "javascript": ("blocking",),
    "typescript": ("blocking",),
    "csharp": ("block",),
    "kotlin": ("block", "sleep"),
}


def held(code: Code) -> Iterator[dict[str, Any]]:
    """Calls to other systems inside a transaction or a lock: one row for each effect and scope."""
    ways: set[tuple[str, ...]] = set()
    for place in code.project.places:
        seen: set[tuple[str, str, bool]] = set()
        held_here = spans(place.function)
        for known in code.effects.acting[place.number]:
            call = known.call
            around, locked = transaction(place, call), lock(place, call)
            for span in held_here:
                if span.holds(call) and span.kind == "lock":
                    locked = locked or span.began.path
                elif span.holds(call):
                    around = around or span.began.path
            if not around and not locked or call.later:
                continue
            for effect, hops, via in code.reached(known, *_SLOW):
                removes = effect == "cache" and re.split(r"[.:]", via[-1])[-1] in _DELETES
                if (around or locked, effect, removes) in seen:
                    continue
                seen.add((around or locked, effect, removes))
                if hops and (place.file.path, *via) in ways:
                    continue
                ways.add((place.file.path, *via))
                yield code.row(
                    place,
                    call,
                    effect=effect,
                    hops=hops,
                    transaction=bool(around),
                    lock=bool(locked),
                    scope=around or locked,
                    removes=removes,
                    via=via,
                )


def _shares_thread(place: Place, call: Call) -> bool:
    """Whether a function runs on a thread that other requests need.

    That holds for asynchronous functions, for handlers of Node and for all functions of C#, whose
    threads come from one pool.
    """
    function, language = place.function, place.file.language
    if function.is_async or language == "csharp":
        return True
    handles = _HANDLER.search(function.parameters) or any(map(_ROUTES.search, call.scopes))
    return language in ("javascript", "typescript") and bool(handles)


def blocking(code: Code) -> Iterator[dict[str, Any]]:
    """Calls that keep a thread which other requests need."""
    for place in code.project.places:
        kinds = _SHARED.get(place.file.language, ())
        if not kinds:
            continue
        seen: set[str] = set()
        for known in code.effects.acting[place.number]:
            call = known.call
            if (
                not _shares_thread(place, call)
                or call.awaited
                or call.later
                or code.parallel(place, call)
                or call.argument_of.endswith(_ASIDE)
                or call.name in (*_ASIDE, "submit")
                or any(scope.endswith("withContext") for scope in call.scopes)
            ):
                continue
            if any(code.project.places[n].function.is_async for n in known.targets.numbers):
                continue
            for effect, hops, via in code.reached(known, *kinds):
                if effect in seen:
                    continue
                seen.add(effect)
                yield code.row(
                    place,
                    call,
                    effect=effect,
                    hops=hops,
                    returned=call.returned,
                    via=via,
                    django=via[-1].startswith("Django") and call.name not in _UNSENT,
                    starts=bool(_AT_START.match(place.function.name)),
                    small=call.name == "readFileSync"
                    and bool(_SMALL.search(" ".join(call.arguments))),
                )
