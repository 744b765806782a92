"""What wraps the lines of a log: syslog, containers, managed services.

Each module beside this one declares an ``ENVELOPE``: how to recognise a wrapped line, and how to
take the log's own line out of it. Envelopes may lie in each other; the outermost is taken off
first. To add one, add a file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from ..event import Line

#: Envelopes lie three deep at most in what was seen: CRI, then JSON, then syslog.
MAX_DEPTH = 4


@dataclass(frozen=True)
class Envelope:
    """One kind of wrapping.

    ``open`` takes lines off their envelope; what is not wrapped passes as it is. A line that
    belongs to the one before comes out with a tab before it, as PostgreSQL itself writes it.
    """

    name: str  #: as a person calls it
    recognises: Callable[[str], bool]
    open: Callable[[Iterable[Line]], Iterator[Line]]


@cache
def envelopes() -> tuple[Envelope, ...]:
    """Return all kinds of wrapping, in the order of their modules' names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = (importlib.import_module(f"{__name__}.{name}") for name in names)
    return tuple(module.ENVELOPE for module in modules)


def recognised(lines: list[Line]) -> list[Envelope]:
    """Return the envelopes around some lines, outermost first."""
    found: list[Envelope] = []
    while len(found) < MAX_DEPTH:
        texts = [line.text for line in lines if line.text.strip() and line.record is None]
        best = max(
            (e for e in envelopes() if e not in found),
            key=lambda envelope: sum(map(envelope.recognises, texts)),
        )
        if sum(map(best.recognises, texts)) * 2 <= len(texts):
            break
        found.append(best)
        lines = list(best.open(lines))
    return found


def opened(lines: Iterable[Line], found: Iterable[Envelope]) -> Iterable[Line]:
    """Return the lines without the envelopes that were recognised around them."""
    for envelope in found:
        lines = envelope.open(lines)
    return lines
