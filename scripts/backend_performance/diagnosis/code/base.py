"""What readings share: the code base with its effects, and how a row begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from .effects import Effects, Known, Step
from .facts import Call, Loop
from .origin import origin
from .project import Place, Project
from .sinks import Sink
from .source.paths import root
from .words import names, pattern

_PARALLEL = pattern("parallel")
_BATCHED = pattern("batched")
_ONE_BATCH = pattern("one_batch")
_TRANSACTION = pattern("transaction")
_LOCK = pattern("lock")
_TRANSACTIONAL = pattern("transactional")
_IN_TRANSACTION = pattern("callbacks_in_transaction")
_FEW, _WRITTEN_OUT = pattern("few"), pattern("written_out")
_ADDS = names("adds") | {"extend", "addAll", "AddRange"}
#: What gives the elements of a collection, one after the other.
_ENTRIES = re.compile(r"\.(items|values|keys|entries|entrySet|stream|each|iterator|all)\(\)$")
_QUEUE = pattern("queue")
_COMPONENTS = pattern("components")
_QUERYABLE = pattern("queryable")
_EAGER = pattern("eager")
#: What sends a query of LINQ, so that the program goes on with rows.
_SENT = re.compile(r"\.(To[A-Z]|First|Single|Find|Last|Get)\w*\(|Async\(")


@dataclass(frozen=True)
class Code:
    """One code base, read."""

    project: Project
    effects: Effects
    #: Words in tests that are signs of a practice; ``None`` where there are no tests.
    tests: tuple[str, ...] | None = None
    root: Path | None = None
    #: What is to be said with the evidence of a reading.
    notes: dict[str, str] = field(default_factory=dict, compare=False)

    def row(self, place: Place, at: Call | int | None = None, **columns: Any) -> dict[str, Any]:
        """Return a row about a call, about a line, or about the function itself."""
        call = at if isinstance(at, Call) else None
        line = call.line if call else at or place.function.line
        return {
            "file": place.file.path,
            "line": line,
            "end_line": call.end_line if call else line,
            "function": place.function.qualified,
            "entry": place.entry or "unknown",
            "language": place.file.language,
            "call": call.path if call else "none",
            **columns,
        }

    def calls(self) -> Iterator[tuple[Place, Known]]:
        """Yield every call with its enclosing function."""
        for place in self.project.places:
            for known in self.effects.calls[place.number]:
                yield place, known

    def acting(self) -> Iterator[tuple[Place, Known]]:
        """Yield the calls that have an effect, by themselves or through functions."""
        for place in self.project.places:
            for known in self.effects.acting[place.number]:
                yield place, known

    @cached_property
    def _calls_of_libraries(self) -> list[tuple[Place, Known]]:
        return [(place, known) for place, known in self.acting() if known.sinks]

    def found(self, *effects: str) -> Iterator[tuple[Place, Known, Sink]]:
        """Yield the calls that have one of these effects by themselves."""
        for place, known in self._calls_of_libraries:
            sink = known.does(*effects)
            if sink is not None:
                yield place, known, sink

    def way(self, step: Step, effect: str) -> list[str]:
        """Return the path of an effect: functions as ``name@file:line``, then the library."""
        return self.effects.path(step, effect)

    def reached(self, known: Known, *effects: str) -> Iterator[tuple[str, int, list[str]]]:
        """Yield the effects of a call: which, over how many functions, and the way there."""
        for effect in effects:
            step, hops = self.effects.of_call(known, effect)
            if step is not None:
                yield effect, hops, self.way(step, effect)

    def loops(self, place: Place, call: Call) -> list[Loop]:
        """Return the loops around a call, outermost first."""
        return [place.file.loops[index] for index in call.loops]

    def parallel(self, place: Place, call: Call) -> bool:
        """Whether the calls of a loop run at the same time."""
        if call.later or any(_PARALLEL.search(scope) for scope in call.scopes):
            return True
        if _PARALLEL.search(call.argument_of):
            return True
        vias = {loop.via for loop in self.loops(place, call) if loop.via}
        if not vias:
            return False
        taken = (call.argument_of for call in place.function.calls if call.path in vias)
        return any(map(_PARALLEL.search, vias)) or any(map(_PARALLEL.search, taken))

    def batched(self, loop: Loop) -> bool:
        """Whether one round of a loop handles many rows: not over one batch or a model `Page`."""
        if loop.variable.capitalize() in self.project.models.classes:
            return False
        many = _BATCHED.search(loop.over) and not _ONE_BATCH.search(loop.over)
        return bool(many or _BATCHED.search(loop.variable))

    def source_of(self, over: str, place: Place, line: int) -> str:
        """Return what a loop runs over, with the value of a variable put in."""
        plain = over.rstrip("()")
        known = origin(self.project, plain, place, line) if plain.count(".") <= 1 else ""
        return f"{over} ~{known}" if known else over

    def few(self, place: Place, loop: Loop) -> bool:
        """Whether a loop runs over a literal list, over parts of the program, or over messages."""
        if few_by_text(loop):
            return True
        name = _ENTRIES.sub("", loop.over.lstrip("@$"))
        value = self.value(place, name, loop.line)
        added = (c.receiver.lstrip("@$") for c in place.function.calls if c.name in _ADDS)
        return bool(_WRITTEN_OUT.match(value)) and name not in added

    def value(self, place: Place, name: str, line: int) -> str:
        """Return the value that a name has before a line, whatever its type, or ""."""
        function = place.function
        before = [value for at, value in function.values.get(name, ()) if at <= line]
        if before or name in function.types or name in re.findall(r"\w+", function.parameters):
            return before[-1] if before else ""
        holders = self.project.holders[place.number]
        found = (holder.assigned[name] for holder in holders if name in holder.assigned)
        return next(found, "") or origin(self.project, name, place, line)


def translated(code: Code, place: Place, loop: Loop) -> bool:
    """Whether the function of a loop becomes part of a query, as in LINQ."""
    if not loop.via:
        return False
    if _QUERYABLE.search(loop.over):
        return True
    if place.file.language != "csharp":
        return False
    value = code.source_of(root(loop.over), place, loop.line)
    return bool(_QUERYABLE.search(value)) and not _SENT.search(value)


def eager(place: Place, loop: Loop, source: str) -> bool:
    """Whether what a loop runs over is loaded with relations, as far as it can be seen.

    The text of a long query is cut, so the calls that give the loop's variable are looked at, too.
    """
    name = root(loop.over).lstrip("$@")
    return bool(_EAGER.search(source)) or any(
        call.target.lstrip("$@") == name and _EAGER.search(call.name)
        for call in place.function.calls
    )


def few_by_text(loop: Loop) -> bool:
    """Whether what a loop runs over is few by its own text."""
    if _QUEUE.search(loop.over) or _COMPONENTS.search(loop.over):
        return True
    return loop.literal or bool(_FEW.match(loop.over) or _WRITTEN_OUT.match(loop.over))


def transaction(place: Place, call: Call) -> str:
    """Return the transaction that is open around a call, or ""."""
    for scope in call.scopes:
        if _TRANSACTION.search(scope):
            return scope
    for text in () if _is_later(call) else place.function.decorators:
        if _TRANSACTIONAL.search(text) and "readOnly" not in text and "NOT_SUPPORTED" not in text:
            return text[:80]
    return next((c for c in place.callbacks if _IN_TRANSACTION.match(c)), "")


def _is_later(call: Call) -> bool:
    """Whether a call is made in a function that its own function only defines."""
    return "lambda" in call.scopes and not call.loops


def lock(place: Place, call: Call) -> str:
    """Return the lock that is held around a call by a block or the whole function, or ""."""
    if "synchronized" in place.function.decorators and not _is_later(call):
        return "synchronized"
    return next((scope for scope in call.scopes if _LOCK.search(scope)), "")


def chain(place: Place, call: Call) -> str:
    """Return the arguments of the calls on whose result a call is made, also through a name."""
    first = root(call.receiver)
    return " ".join(
        text
        for other in place.function.calls
        if other.line <= call.end_line
        and ((first and other.target == first) or call.receiver.startswith(f"{other.path}("))
        for text in other.arguments
    )
