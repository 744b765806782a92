"""Waits that follow each other although they do not depend on each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code
from ...effects import Known
from ...project import Place

_SLOW = ("http", "query", "cache")
_MAX_GAP = 14


def sequence(code: Code) -> Iterator[dict[str, Any]]:
    """Runs of awaited calls in one block of which none uses the result of one before."""
    for place in code.project.places:
        if not place.function.is_async:
            continue
        run: list[Known] = []
        for known in code.effects.calls[place.number]:
            if not known.call.awaited or known.call.chained:
                continue
            if run and not _continues(run, known):
                yield from _row(code, place, run)
                run = []
            run.append(known)
        yield from _row(code, place, run)


def _continues(run: list[Known], known: Known) -> bool:
    before = run[-1].call
    call = known.call
    if call.loops != before.loops or call.scopes != before.scopes or call.guard != before.guard:
        return False
    if not before.target or not 0 < call.line - before.line <= _MAX_GAP:
        return False
    text = f"{call.receiver} {call.condition} {' '.join(call.arguments)}"
    for earlier in run:
        names = re.findall(r"\w+", earlier.call.target)
        if any(re.search(rf"\b{re.escape(name)}\b", text) for name in names):
            return False
    return True


def _row(code: Code, place: Place, run: list[Known]) -> Iterator[dict[str, Any]]:
    slow = []
    for known in run:
        found = [e for e in _SLOW if code.effects.of_call(known, e)[0] is not None]
        if found:
            slow.append((known, found))
    if len(slow) < 2:
        return
    first, last = slow[0][0].call, slow[-1][0].call
    yield code.row(place, first) | {
        "end_line": last.end_line,
        "waits": len(slow),
        "remote": sum("http" in found for _, found in slow),
        "names": ",".join(known.call.path for known, _ in slow[:4]),
    }
