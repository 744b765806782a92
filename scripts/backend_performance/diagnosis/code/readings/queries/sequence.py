"""Waits that follow each other although they do not depend on each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code, transaction
from ...effects import Known
from ...facts import Call, Function
from ...origin import selves
from ...project import Place
from ...source.paths import root
from ...words import names, pattern

_SLOW = ("http", "query", "cache")
_MAX_GAP, _MANY = 40, 6
_INDEPENDENT = pattern("independent")
_COUNTS = pattern("count_query")
_AGGREGATES = names("aggregate_queries")
_VALUES, _EXTREMES = names("one_value"), names("extremes")
#: A variable or an attribute that is no class.
_OF_ROWS = re.compile(r"(?:[@$]*[a-z_]\w*)(?:\.[a-z_]\w*)*")
_SHARED = pattern("shared_transaction")
_WORD = re.compile(r"[A-Za-z_]\w*")
#: What a condition asks about: the path that it begins with.
_ABOUT = re.compile(r"(?!else )(?:not |\()*([A-Za-z_][\w.]*)")
#: Languages in which nothing at a call shows that an asynchronous function waits for it.
_UNMARKED = ("kotlin",)
#: Names that hold no result that another call depends on.
_NO_RESULT = frozenset(("err", "error", "ctx", "_"))


def sequence(code: Code) -> Iterator[dict[str, Any]]:
    """Runs of waits in one block of which none uses the result of one before.

    In an asynchronous function these are awaited calls; elsewhere calls to other systems whose
    results are used.
    """
    for place in code.project.places:
        run: list[tuple[Known, list[str]]] = []
        for known, found in _waits(code, place):
            if run and not _continues(place, run, known, found):
                yield from _row(code, place, run)
                run = []
            run.append((known, found))
        yield from _row(code, place, run)
        yield from _aggregates(code, place)


def _aggregates(code: Code, place: Place) -> Iterator[dict[str, Any]]:
    """Many counts and sums in a function that waits for each of them."""
    found = [
        known.call
        for known in code.effects.calls[place.number]
        if known.call.name in _AGGREGATES and not known.call.loops and known.does("query")
    ]
    if not place.function.is_async and len(found) >= _MANY and place.function.name:
        yield code.row(place, found[0]) | {
            "end_line": found[-1].end_line,
            "waits": len(found),
            "remote": 0,
            "counted": False,
            "reads": False,
            "names": ",".join(call.path for call in found[:4]),
        }


def again(code: Code) -> Iterator[dict[str, Any]]:
    """Queries for one value of rows that the function has just asked for another one."""
    for place in code.project.places:
        asked: dict[tuple[str, str], Call] = {}
        for known in code.effects.calls[place.number]:
            call = known.call
            if call.name not in _VALUES or not known.does("query"):
                if call.target == root(call.receiver) or known.does("write"):
                    asked.clear()  # the rows are others now
                continue
            if not _OF_ROWS.fullmatch(call.receiver):
                continue
            kind = "" if call.name in _EXTREMES else f"{call.name}{call.arguments}"
            first = asked.setdefault((call.receiver, kind), call)
            always = f"{first.path}(" in first.condition  # it is in the condition itself
            same = (always or first.condition == call.condition) and first.loops == call.loops
            cached = place.file.language == "ruby" and first.path == call.path
            if first is not call and same and not cached and not call.awaited:
                yield code.row(place, first)


def _waits(code: Code, place: Place) -> Iterator[tuple[Known, list[str]]]:
    """The calls that a function waits for, with what they wait for."""
    awaits, marked = place.function.is_async, place.file.language not in _UNMARKED
    calls = code.effects.calls if awaits and marked else code.effects.acting
    for known in calls[place.number]:
        call = known.call
        if call.later or (awaits and marked and (not call.awaited or call.chained)):
            continue
        found = [effect for effect in _SLOW if code.effects.has(known, effect)]
        if (awaits and (found or marked)) or ("http" in found and _is_used(place, known)):
            yield known, found


def _is_used(place: Place, known: Known) -> bool:
    """Whether a call has a result, and is one of a library or of the object itself."""
    call = known.call
    own = not call.receiver or call.receiver in selves(place)
    return bool(_names(call.target)) and (bool(known.sinks) or (own and known.targets.sure))


def _names(text: str) -> set[str]:
    return set(_WORD.findall(text)) - _NO_RESULT


def _continues(
    place: Place, run: list[tuple[Known, list[str]]], known: Known, found: list[str]
) -> bool:
    before, call, function = run[-1][0].call, known.call, place.function
    if call.loops != before.loops or call.scopes != before.scopes or call.guard != before.guard:
        return False
    if not 0 < call.line - before.line <= _MAX_GAP or _excluded(place, before, call):
        return False
    alone = "http" in found and "http" in run[-1][1] and _INDEPENDENT.search(before.path)
    if not before.target and not alone:
        return False
    calls = [one.call for one, _ in run]
    # A result may also be put into what is given to the call.
    filled = [text for one in calls for text in one.arguments if text.startswith("&")]
    filled += [text for one in calls if not _names(one.target) for text in one.arguments]
    targets = [one.target for one in calls] + filled
    given = _given(function, targets, calls[0].line, call.line)
    if any(given & set(_WORD.findall(text)) for line, text in _exits(function, run, call.line)):
        return False
    return given.isdisjoint(_WORD.findall(" ".join((call.receiver, *call.arguments))))


def _excluded(place: Place, before: Call, call: Call) -> bool:
    """Whether two calls lie in branches of which one may exclude the other.

    In Python both run where each is in a branch of its own about another value. Elsewhere it may
    be an ``else if``, whose condition does not show it.
    """
    one, other = _ABOUT.match(before.condition), _ABOUT.match(call.condition)
    if before.condition == call.condition:
        return False
    apart = one and other and one[1] != other[1] and place.file.language == "python"
    return not apart or any(before.line <= line <= call.line for line, _ in place.function.exits)


def _exits(
    function: Function, run: list[tuple[Known, list[str]]], end: int
) -> list[tuple[int, str]]:
    return [e for e in function.exits if run[-1][0].call.line < e[0] < end]


def _given(function: Function, targets: list[str], start: int, end: int) -> set[str]:
    """The names that hold the results of calls, or something made of them, before a line."""
    names = {name for target in targets for name in _names(target)}
    for call in function.calls:
        words = _WORD.findall(" ".join((call.receiver, *call.arguments)))
        if start < call.line < end and call.target and names.intersection(words):
            names.update(_WORD.findall(call.target))
    for name, values in function.values.items():
        if any(start < line < end and root(value).lstrip("$@") in names for line, value in values):
            names.add(name)
    for name, text in function.texts.items():  # put into a literal, or into a string
        if start < text.line < end and names.intersection(_WORD.findall(text.text)):
            names.add(name)
    return names - _NO_RESULT


def _row(code: Code, place: Place, run: list[tuple[Known, list[str]]]) -> Iterator[dict[str, Any]]:
    slow = [(known, found) for known, found in run if found]
    if len(slow) < 2:
        return
    remote = sum("http" in found for _, found in slow)
    if _one_context(code, place) and remote < 2:
        return
    first, last = slow[0][0].call, slow[-1][0].call
    counts = sum(bool(_COUNTS.match(known.call.name)) for known, _ in slow)
    yield code.row(place, first) | {
        "end_line": last.end_line,
        "waits": len(slow),
        "remote": remote,
        "counted": 0 < counts < len(slow) and not transaction(place, first),
        "reads": place.entry not in ("script", "migration") and _are_reads(place, slow),
        "names": ",".join(known.call.path for known, _ in slow[:4]),
    }


def _one_context(code: Code, place: Place) -> bool:
    """Whether queries go through a context of EF Core, which runs one at a time."""
    return place.file.language == "csharp" and "EntityFramework" in code.project.imports["csharp"]


def _are_reads(place: Place, slow: list[tuple[Known, list[str]]]) -> bool:
    """Whether a function itself queries and requests, outside loops and transactions."""
    calls = [known.call for known, _ in slow if known.does("query", "http")]
    return len(calls) == len(slow) and not any(
        not call.target
        or call.loops
        or transaction(place, call)
        or any(map(_SHARED.search, (call.receiver, *call.arguments)))
        for call in calls
    )
