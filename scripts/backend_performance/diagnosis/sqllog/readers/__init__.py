"""Which kind of log it is, and one module for each kind that reads it.

Each module below declares a ``READER``: how to recognise a line of the format, and how to read
lines into events. To add a format, add a file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from ..event import Line, Read


@dataclass(frozen=True)
class Reader:
    """One format of a log."""

    name: str  #: as ``--format`` takes it
    title: str  #: as a person calls it
    dialect: str  #: postgres, mysql or any
    recognises: Callable[[Line], bool]  #: whether a line bears the marks of the format
    read: Read
    #: Whether a line begins a record; a log is cut there only when it is read in parts.
    begins: Callable[[Line], bool] | None = None
    #: Whether an application writes it; where a server's log has as many marks, it is that.
    application: bool = False

    def is_start(self, line: Line) -> bool:
        """Return whether a line begins a record."""
        return (self.begins or self.recognises)(line)


@cache
def readers() -> dict[str, Reader]:
    """Return all readers by name, those of servers first."""
    found = [reader for name in sorted(_modules(__name__, __path__)) if (reader := _reader(name))]
    return {reader.name: reader for reader in sorted(found, key=lambda reader: reader.application)}


def recognise(lines: list[Line]) -> Reader | None:
    """Return the reader that recognises most of some lines.

    Applications' readers are many; they are asked only where no server's recognises the log.
    """
    best: tuple[int, Reader | None] = (0, None)
    for reader in readers().values():
        if reader.application and best[0] * 4 > len(lines):
            break
        count = sum(map(reader.recognises, lines))
        if count > best[0]:
            best = (count, reader)
    return best[1]


def _modules(name: str, path: list[str]) -> Iterator[str]:
    for module in pkgutil.iter_modules(path):
        full = f"{name}.{module.name}"
        if module.ispkg:
            package = importlib.import_module(full)
            yield from _modules(full, list(package.__path__))
        else:
            yield full


def _reader(name: str) -> Reader | None:
    return getattr(importlib.import_module(name), "READER", None)
