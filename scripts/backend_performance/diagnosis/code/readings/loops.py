"""What loops do in every round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..base import Code, batched, few
from ..effects import Known
from ..facts import Call, Loop
from ..project import Place
from ..words import names, pattern

_REPEATED = ("query", "write", "http", "cache", "process", "publish", "hash", "read_all")
_ATTEMPTS = pattern("attempts")
_PAUSE = pattern("pause")
_ENDLESS = pattern("endless")
_COPIES = frozenset(("concat",))
_SEARCHES = names("searches")


def repeated(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each loop and effect: the first call in it that has the effect."""
    for place in code.project.places:
        seen: dict[tuple[int, str], dict[str, Any]] = {}
        for known in code.effects.calls[place.number]:
            if not known.call.loops:
                continue
            for effect in _REPEATED:
                step, hops = code.effects.of_call(known, effect)
                if step is None:
                    continue
                key = (known.call.loops[-1], effect)
                if key in seen:
                    seen[key]["calls"] += 1
                    continue
                seen[key] = _repeated(code, place, known, effect, hops) | {
                    "via": code.way(step, effect),
                    "library": code.effects.path(step, effect)[-1].partition(":")[0],
                }
        yield from seen.values()


def _repeated(code: Code, place: Place, known: Known, effect: str, hops: int) -> dict[str, Any]:
    call = known.call
    around = code.loops(place, call)
    inner = around[-1]
    each = [loop for loop in around if loop.kind == "each"]
    return code.row(
        place,
        call,
        effect=effect,
        hops=hops,
        calls=1,
        sure=known.sink is not None or known.targets.sure,
        loop=inner.kind,
        loop_line=inner.line,
        over=inner.over,
        over_source=code.source_of(inner.over, place),
        each=len(each),
        batched=any(batched(loop) for loop in around),
        few=all(few(loop) for loop in each) if each else False,
        attempts=_is_attempts(inner),
        parallel=code.parallel(place, call),
        uses_element=_uses(call, inner),
        lazy_value=call.argument_of != "" and not call.awaited,
    )


def _is_attempts(loop: Loop) -> bool:
    return bool(_ATTEMPTS.search(loop.over) or _ATTEMPTS.search(loop.variable))


def _uses(call: Call, loop: Loop) -> bool:
    """Whether the element of the loop stands in the call."""
    names = re.findall(r"\w+", loop.variable)
    text = f"{call.receiver} {' '.join(call.arguments)}"
    return any(re.search(rf"\b{re.escape(name)}\b", text) for name in names if name != "_")


def retried(code: Code) -> Iterator[dict[str, Any]]:
    """Loops that catch the error of a call to another system and go on."""
    for place in code.project.places:
        seen: set[int] = set()
        for known in code.effects.calls[place.number]:
            call = known.call
            if call.name == "retry" and not call.receiver:
                yield code.row(
                    place,
                    call,
                    limited=False,
                    paused=_pauses(place, None),
                    endless=True,
                    grows=False,
                )
                continue
            loops = code.loops(place, call)
            if not loops or call.loops[-1] in seen:
                continue
            inner = loops[-1]
            if inner.kind == "each" or not (inner.retries or _is_attempts(inner)):
                continue
            if not any(
                code.effects.of_call(known, e)[0] for e in ("http", "query", "write", "publish")
            ):
                continue
            seen.add(call.loops[-1])
            yield code.row(
                place,
                call,
                limited=inner.kind == "counted" or not _ENDLESS.match(inner.over),
                endless=bool(_ENDLESS.match(inner.over)),
                paused=_pauses(place, call.loops[-1]),
                grows=_grows(place, call.loops[-1]),
            )


def _inside(place: Place, loop: int | None) -> list[Call]:
    return [call for call in place.function.calls if loop is None or loop in call.loops]


def _pauses(place: Place, loop: int | None) -> bool:
    return any(_PAUSE.search(call.path) for call in _inside(place, loop))


def _grows(place: Place, loop: int) -> bool:
    """Whether the pause depends on something that may grow."""
    return any(
        _PAUSE.search(call.path)
        and (
            not call.arguments
            or re.search(
                r"\*\*|\*\s*\w*(attempt|retr|i\b)|backoff|pow|<<|delay|jitter",
                " ".join(call.arguments),
                re.I,
            )
        )
        for call in _inside(place, loop)
    )


def quadratic(code: Code) -> Iterator[dict[str, Any]]:
    """Searches of a list, or copies of a growing one, for every element of another."""
    for place in code.project.places:
        for call in place.function.calls:
            if len(call.loops) < 1 or call.chained and call.name not in _SEARCHES:
                continue
            inner = code.loops(place, call)[-1]
            copies = call.name in _COPIES and call.target != "" and call.target == call.receiver
            linear = call.name in _SEARCHES and bool(call.arguments)
            if not copies and not linear:
                continue
            if linear and (
                inner.kind != "each"
                or re.search(rf"\b{re.escape(call.receiver.split('.')[0])}\b", inner.variable)
            ):
                continue
            yield code.row(
                place, call, copies=copies, depth=len(call.loops), receiver=call.receiver
            )
