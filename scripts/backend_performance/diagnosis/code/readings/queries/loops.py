"""What happens for every element: in loops, and in functions that a framework calls per row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code, eager, few_by_text, translated
from ...effects import Known, Step
from ...facts import Call, Class, Loop
from ...origin import selves
from ...project import Place
from ...source.paths import last, root
from ...words import names, pattern
from .partials import PARTIAL, called_per_row, of_partial, rendered

_REPEATED = ("query", "write", "http", "cache", "process", "publish", "hash", "read_all")
_REMOTE = ("http", "query", "write", "publish")
_ATTEMPTS = pattern("attempts")
_PAUSE = pattern("pause")
_FLUSH = pattern("flush")
_INDEXED = pattern("indexed")
_ENDLESS, _READS_ON = pattern("endless"), pattern("reads_on")
_GROWS = pattern("grows")
_TAKES = names("takes_out")
_UPWARDS = pattern("upwards")


def repeated(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each loop and effect: the first call that has it, preferably directly."""
    helpers, shown, partials = called_per_row(code), _shown_per_row(code), rendered(code)
    for place in code.project.places:
        per_row = place.entry == "element" or (
            place.entry == "view" and place.function.name in helpers
        )
        per_row = per_row or (place.function.owner, place.function.name) in shown
        partial = PARTIAL.search(place.file.path)
        given = partials.get(place.stem, ())
        seen: dict[tuple[int, str], dict[str, Any]] = {}
        for known in code.effects.acting[place.number]:
            loop = _loop(code, place, known.call)
            of_row = root(known.call.receiver) in given or of_partial(partial, known.call)
            if loop is None and not per_row and not of_row:
                continue
            for effect in _REPEATED:
                step, hops = _step(code, place, known, effect)
                if step is None:
                    continue
                key = (-1 if loop is None else loop, effect)
                before = seen.get(key)
                if before is not None and (hops or not before["hops"]):
                    before["calls"] += 1
                    continue
                row = _row(code, place, known, loop)
                seen[key] = row | {
                    "effect": effect,
                    "hops": hops,
                    "calls": before["calls"] + 1 if before is not None else 1,
                    "via": code.way(step, effect),
                }
        yield from seen.values()


def _step(code: Code, place: Place, known: Known, effect: str) -> tuple[Step | None, int]:
    """How a call comes to have an effect; a call of the function itself has those it has."""
    if known.recursive and not known.targets.numbers and code.effects.of(place.number, effect):
        return Step(known.call, None, place.number), 1
    return code.effects.of_call(known, effect)


def _shown_per_row(code: Code) -> frozenset[tuple[str, str]]:
    """Methods of Django's admin and properties of models that are shown for every row."""
    shown: set[tuple[str, str]] = set()
    for known, file in code.project.each_class():
        if "list_display" in known.texts:
            shown.update((known.name, name) for name in _listed(known, "list_display"))
        if "Serializer" in known.bases:
            inner = (c for c in file.classes if c.name == "Meta" and _within(c, known))
            for meta in inner:
                model = last(meta.assigned.get("model", ""))
                shown.update((model, name) for name in _listed(meta, "fields"))
    return frozenset(shown)


def _within(inner: Class, outer: Class) -> bool:
    return outer.line < inner.line and inner.end_line <= outer.end_line


def _listed(known: Class, name: str) -> list[str]:
    text = known.texts.get(name)
    return re.findall(r"[\"'](\w+)[\"']", text.text) if text else []


def _loop(code: Code, place: Place, call: Call) -> int | None:
    """The innermost loop over elements, or any other loop around a call."""
    loops = [i for i in call.loops if not translated(code, place, place.file.loops[i])]
    each = [index for index in loops if place.file.loops[index].kind == "each"]
    around = each or loops
    return around[-1] if around else None


def _row(code: Code, place: Place, known: Known, index: int | None) -> dict[str, Any]:
    call = known.call
    around = code.loops(place, call)
    each = [loop for loop in around if loop.kind == "each"]
    inner = place.file.loops[index] if index is not None else None
    return code.row(
        place,
        call,
        loop=_kind(place, call, inner) if inner else "element",
        over=inner.over if inner else "none",
        batched=_in_batches(code, around) or bool(_FLUSH.search(call.condition)),
        few=bool(each) and all(code.few(place, one) or _of_classes(call, one) for one in each),
        loaded=inner is not None and _is_loaded(code, place, call, inner),
        attempts=inner is not None and _is_attempts(inner),
        parallel=code.parallel(place, call) or _is_coroutine(code, known),
        own=call.receiver.rstrip("?!") in selves(place),
    )


def _is_coroutine(code: Code, known: Known) -> bool:
    """Whether an asynchronous function is called and not waited for here, as for ``gather``."""
    functions = [code.project.places[number].function for number in known.targets.numbers]
    return not known.call.awaited and bool(functions) and all(f.is_async for f in functions)


def _of_classes(call: Call, loop: Loop) -> bool:
    """Whether the elements are models: ``model.objects`` of a loop over a few of them."""
    first, _, after = call.receiver.partition(".")
    return after.startswith("objects") and first in loop.names


def _is_loaded(code: Code, place: Place, call: Call, loop: Loop) -> bool:
    """Whether ``all`` asks for a relation that was loaded with the element."""
    element, _, after = call.receiver.partition(".")
    relation = bool(after) and code.project.models.is_relation(last(call.receiver))
    return (
        call.name == "all"
        and relation
        and element in loop.names
        and eager(place, loop, code.source_of(loop.over, place, loop.line))
    )


def _in_batches(code: Code, around: list[Loop]) -> bool:
    """Whether the innermost loop over more than a few elements handles many rows at a time."""
    return any(map(code.batched, [loop for loop in around if not few_by_text(loop)][-1:]))


def _kind(place: Place, call: Call, loop: Loop) -> str:
    """``each`` also for an index up to a length, a list that is emptied, and a way to the root."""
    if loop.kind == "counted" and _INDEXED.search(loop.over):
        return "each"
    if loop.kind == "while" and (_emptied(place, loop) or _climbs(place, call, loop)):
        return "each"
    return loop.kind


def _emptied(place: Place, loop: Loop) -> bool:
    """Whether a loop takes one element after the other out of what its condition names."""
    names_in = re.findall(r"\w+", loop.over)
    return any(
        call.name in _TAKES and last(call.receiver) in names_in and call.line >= loop.line
        for call in place.function.calls
    )


def _climbs(place: Place, call: Call, loop: Loop) -> bool:
    """Whether each iteration loads the parent of the row before."""
    names_in = re.findall(r"\w+", loop.over)
    target = call.target.lstrip("@$").split(",")[0]
    values = [place.function.assigned.get(name, "") for name in names_in]
    follows = target in names_in or any(target and root(value) == target for value in values)
    text = " ".join((loop.over, call.path, *call.arguments, *values))
    return follows and bool(_UPWARDS.search(text))


def _is_attempts(loop: Loop) -> bool:
    return bool(_ATTEMPTS.search(loop.over) or _ATTEMPTS.search(loop.variable))


def retried(code: Code) -> Iterator[dict[str, Any]]:
    """Loops that catch the error of a call to another system and go on."""
    for place in code.project.places:
        seen: set[int] = set()
        for known in code.effects.calls[place.number]:
            call = known.call
            if call.name == "retry" and place.file.language == "ruby" and not call.receiver:
                paused = any(_PAUSE.search(other.path) for other in place.function.calls)
                yield code.row(place, call, paused=paused, endless=True, grows=paused)
            loops = code.loops(place, call)
            if not loops or call.loops[-1] in seen or loops[-1].kind == "each":
                continue
            if not code.effects.has(known, *_REMOTE):
                continue
            inner, index = loops[-1], call.loops[-1]
            over_elements = (
                _kind(place, call, inner) == "each"
                or _READS_ON.search(inner.over) is not None
                or _moves_on(place, call, inner)
            )
            if not _is_attempts(inner) and (over_elements or not inner.retries):
                continue
            seen.add(index)
            pauses = [
                other
                for other in place.function.calls
                if index in other.loops and _PAUSE.search(other.path)
            ]
            endless = bool(_ENDLESS.match(inner.over))
            yield code.row(
                place,
                call,
                endless=endless,
                paused=bool(pauses),
                grows=any(not p.arguments or _GROWS.search(" ".join(p.arguments)) for p in pauses),
            )


def _moves_on(place: Place, call: Call, loop: Loop) -> bool:
    """Whether each round of a loop gives the call something else: a next page, a next element."""
    given = re.findall(r"\w+", " ".join(call.arguments))
    lines = (line for name in given for line, _ in place.function.values.get(name, ()))
    return any(loop.line < line <= loop.end_line for line in lines)
