"""What functions do, by themselves and through the functions that they call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .facts import Call
from .origin import sinks as sinks_of
from .project import MAX_CANDIDATES, MIN_NAME, Place, Project
from .resolution import Targets, passed, resolve
from .sinks import Sink
from .words import pattern

#: What loads a value only where a cache has none, and decorators that keep results for all.
_LOADS = pattern("loads_into_cache")
_KEPT = pattern("keeps_results")
MAX_HOPS, _CHAIN = 5, 12
_GENERIC, _AFTER_TYPE = re.compile(r"<[^<>]*>"), re.compile(r"(\w+)\s*(?:=[^,]*)?$")
#: How many callers of a function are looked at for what they give it.
_CALLERS = 4
#: Effects that a caller cares about; what is only opened or built stays where it is.
TRAVELLING = (
    *("query", "write", "write_many", "http", "cache", "keys"),
    *("process", "hash", "sleep", "publish", "blocking", "read_all"),
)
_BITS = {effect: 1 << number for number, effect in enumerate(TRAVELLING)}


class Step(NamedTuple):
    """How an effect comes about in a function: a call, and the function it leads to."""

    call: Call
    sink: Sink | None
    target: int | None


@dataclass(slots=True)
class Known:
    """A call with what it does."""

    call: Call
    sinks: tuple[Sink, ...]
    targets: Targets
    recursive: bool = False  #: it calls the function that it is in
    reach: int = 0  #: bits of the effects that it has through functions

    def does(self, *effects: str) -> Sink | None:
        """Return how the call itself has the first of these effects that it has."""
        return next((s for effect in effects for s in self.sinks if s.does == effect), None)


class Effects:
    """The effects of all functions of a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.calls: list[list[Known]] = [_known(project, place) for place in project.places]
        self._steps: list[dict[str, Step]] = [{} for _ in project.places]
        self._masks = [0] * len(project.places)
        self._calling: dict[int, list[tuple[int, Call]]] = {}
        reaching = list(map(_reaching, project.places, self.calls))
        self._direct(reaching)
        self._travel(reaching)
        #: The few calls that have an effect, or those of the function that they are in.
        self.acting = [[k for k in c if k.sinks or k.reach or k.recursive] for c in self.calls]

    def given(self, number: int, name: str) -> Iterator[tuple[Place, Call, str]]:
        """Yield what callers give for a parameter: the caller, its call, the argument's text."""
        place = self.project.places[number]
        names = _parameters(place.function.parameters, place.file.language)
        if name.lstrip("$") not in names:
            return
        at = names.index(name.lstrip("$"))
        for caller, call in self._callers().get(number, ())[:_CALLERS]:
            named = [t for t in call.arguments if re.match(rf"{re.escape(name)}\s*[=:]", t)]
            plain = [t for t in call.arguments if not re.match(r"\w+\s*(=(?!=)|:)|[*&]", t)]
            text = "".join(plain[at : at + 1])
            if named:
                text = re.split(r"[=:]", named[0], maxsplit=1)[1]
            if text:
                yield self.project.places[caller], call, text.strip()

    def _callers(self) -> dict[int, list[tuple[int, Call]]]:
        """The calls that certainly mean a function, by its number."""
        if not self._calling:
            for number, calls in enumerate(self.calls):
                for known in calls:
                    if known.targets.sure and len(known.targets.numbers) == 1:
                        found = self._calling.setdefault(known.targets.numbers[0], [])
                        found.append((number, known.call))
        return self._calling

    def of(self, number: int, effect: str) -> Step | None:
        """Return how a function comes to have an effect, if it has."""
        return self._steps[number].get(effect)

    def of_call(self, known: Known, effect: str) -> tuple[Step | None, int]:
        """Return how a call comes to have an effect, and over how many functions."""
        if known.sinks:
            sink = known.does(effect)
            return (Step(known.call, sink, None), 0) if sink is not None else (None, 0)
        bit = _BITS.get(effect, 0)
        if not known.reach & bit:
            return None, 0
        target = next(t for t in known.targets.numbers if self._masks[t] & bit)
        return Step(known.call, None, target), self._hops(target, effect)

    def has(self, known: Known, *effects: str) -> bool:
        """Whether a call has one of these effects, by itself or through functions."""
        if known.sinks:
            return known.does(*effects) is not None
        return known.reach > 0 and any(known.reach & _BITS.get(one, 0) for one in effects)

    def path(self, step: Step, effect: str) -> list[str]:
        """Return the way of an effect, from the function called to the library's call."""
        way: list[str] = []
        current: Step | None = step
        while current is not None and len(way) <= MAX_HOPS + 1:
            if current.target is None:
                library = current.sink.library if current.sink else ""
                way.append(f"{library.replace(' ', '-')}:{current.call.path}".strip(":"))
                break
            place = self.project.places[current.target]
            after = self.of(current.target, effect)
            line = after.call.line if after else place.function.line
            way.append(f"{place.function.qualified}@{place.file.path}:{line}")
            current = after
        return way

    def _hops(self, target: int, effect: str) -> int:
        hops, current = 1, self.of(target, effect)
        while current is not None and current.target is not None and hops <= MAX_HOPS:
            hops, current = hops + 1, self.of(current.target, effect)
        return hops

    def _direct(self, reaching: list[list[Known]]) -> None:
        for number, calls in enumerate(reaching):
            for known in calls:
                for sink in known.sinks:
                    if sink.does in _BITS:
                        self._masks[number] |= _BITS[sink.does]
                        self._steps[number].setdefault(sink.does, Step(known.call, sink, None))

    def _travel(self, reaching: list[list[Known]]) -> None:
        edges = [[k for k in calls if k.targets.numbers and not k.sinks] for calls in reaching]
        for _ in range(MAX_HOPS):
            before = list(self._masks)
            for number, calls in enumerate(edges):
                for known in calls:
                    gained = _joint(known.targets, before) & ~self._masks[number]
                    if gained:
                        self._gain(number, known, gained, before)
            if before == self._masks:
                break
        for calls in self.calls:
            for known in calls:
                if known.targets.numbers:
                    known.reach = _joint(known.targets, self._masks)

    def _gain(self, number: int, known: Known, gained: int, before: list[int]) -> None:
        self._masks[number] |= gained
        for effect, bit in _BITS.items():
            if gained & bit:
                target = next(t for t in known.targets.numbers if before[t] & bit)
                self._steps[number][effect] = Step(known.call, None, target)


def _reaching(place: Place, calls: list[Known]) -> list[Known]:
    """The calls whose effects reach the callers: made now, and not only to fill a cache."""
    if any(map(_KEPT.search, place.function.decorators)):
        return []
    return [k for k in calls if not k.call.later and not any(map(_LOADS.search, k.call.scopes))]


def _parameters(text: str, language: str) -> list[str]:
    """The names of parameters in their order, without the object itself."""
    if language in ("java", "csharp"):  # the type comes first
        plain = _GENERIC.sub("", _GENERIC.sub("", text))
        named = (_AFTER_TYPE.search(part) for part in plain.strip("()").split(","))
        return [one[1] for one in named if one]
    found = [
        re.search(r"\$(\w+)" if language == "php" else r"([A-Za-z_]\w*)", part)
        for part in text.strip("()").split(",")
    ]
    return [one[1] for one in found if one and one[1] not in ("self", "cls")]


def _joint(targets: Targets, masks: list[int]) -> int:
    """Effects of any target where the type is known, else those that all targets share."""
    joint = masks[targets.numbers[0]]
    for target in targets.numbers[1:]:
        joint = joint | masks[target] if targets.sure else joint & masks[target]
    return joint


def _known(project: Project, place: Place) -> list[Known]:
    calls: list[Known] = []
    for call in place.function.calls:
        known = _one(project, place, call)
        later = _rest_of_chain(known, calls)
        if later:
            known.sinks = tuple(s for s in known.sinks if s.does not in {"query", *later})
        calls.append(known)
    return [*calls, *_properties(project, place)]


def _properties(project: Project, place: Place) -> Iterator[Known]:
    """Attributes whose reading calls a function."""
    for read in place.function.reads:
        parts = read.path.split(".")
        for at, name in enumerate(parts[1:], 1):
            found = project.properties.get(name, ())
            telling = 0 < len(found) <= MAX_CANDIDATES and len(name) >= MIN_NAME
            if telling and place.number not in found:
                receiver = ".".join(parts[:at])
                call = Call(name, receiver, read.line, read.line, (), read.loops, ())
                yield Known(call, (), Targets(tuple(found), False))


def _rest_of_chain(known: Known, before: list[Known]) -> set[str]:
    """What later calls of a chain do: those before them only build what is sent."""
    call = known.call
    if not call.chained or not known.sinks:
        return set()
    return {
        sink.does
        for other in before[-_CHAIN:]
        if other.call.receiver.startswith(call.path)
        for sink in other.sinks
    }


def _one(project: Project, place: Place, call: Call) -> Known:
    sinks = sinks_of(project, call, place)
    targets = Targets()
    if sinks and all(sink.guess for sink in sinks):
        meant = resolve(project, call, place)
        if meant.sure and any(project.places[n].function.calls for n in meant.numbers):
            sinks = ()
    if not sinks:
        targets = resolve(project, call, place)
        if not targets.numbers and call.arguments and not call.later:
            targets = Targets(passed(project, call, place), True)
        if place.number in targets.numbers:
            others = tuple(n for n in targets.numbers if n != place.number)
            return Known(call, sinks, Targets(others, targets.sure), recursive=targets.sure)
    return Known(call, sinks, targets)
