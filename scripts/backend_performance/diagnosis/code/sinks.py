"""What calls of libraries do, from the tables in ``probes/code/sinks``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any

from ... import plain_yaml
from .facts import Call
from .source.grammar import folder

#: Getters that nearly any class has. That they begin with ``get`` shows no effect.
_PROPERTY = re.compile(
    r"[gG]et(?!\w*By)(\w*(Type|Kind|StatusCode|Logger|Class|Name)|Path|Body|Headers?|Size|Length)"
)
_TABLES = {"typescript": "javascript", "tsx": "javascript"}


@dataclass(frozen=True)
class Sink:
    """One line of a table: what calls of these names do on such a receiver."""

    library: str
    does: str
    on: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    file_imports: re.Pattern[str] | None
    arguments: re.Pattern[str] | None
    not_arguments: re.Pattern[str] | None
    constructs: bool
    guess: bool  #: only the name tells: a function of the project that is meant counts more


class SinkError(ValueError):
    """A table is not well formed; the message names the file."""


@dataclass(frozen=True)
class Table:
    """The sinks of a language by the name of the call."""

    by_name: dict[str, list[Sink]] = field(default_factory=dict)
    prefixes: list[tuple[str, Sink]] = field(default_factory=list)
    suffixes: list[tuple[str, Sink]] = field(default_factory=list)
    _lines: dict[str, tuple[Sink, ...]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def beginnings(self) -> tuple[str, ...]:
        """All prefixes: few names begin with any."""
        return tuple(prefix for prefix, _ in self.prefixes)

    def find(self, call: Call, subject: str, own: str) -> tuple[Sink, ...]:
        """Return what a call does: the first line that fits for each effect.

        Args:
            subject: The receiver with what is known of it.
            own: The imports of the file.
        """
        found: dict[str, Sink] = {}
        for sink in self.lines(call.name):
            if sink.does not in found and _fits(sink, call, subject, own):
                found[sink.does] = sink
        return tuple(found.values())

    def lines(self, name: str) -> tuple[Sink, ...]:
        """Return the lines for calls of a name. They are kept, because most names recur."""
        if (known := self._lines.get(name)) is not None:
            return known
        found = list(self.by_name.get(name, ()))
        if name.startswith(self.beginnings) and not _PROPERTY.fullmatch(name):
            found += [sink for prefix, sink in self.prefixes if name.startswith(prefix)]
        found += [sink for suffix, sink in self.suffixes if name.endswith(suffix)]
        return self._lines.setdefault(name, tuple(found))


def _fits(sink: Sink, call: Call, subject: str, own: str) -> bool:
    if sink.constructs != call.constructs:
        return False
    if sink.on is None:
        if call.receiver:
            return False
    elif not (sink.on.search(call.receiver) or sink.on.search(subject)):
        return False
    if sink.unless is not None and sink.unless.search(subject):
        return False
    if sink.file_imports is not None and not sink.file_imports.search(own):
        return False
    if sink.not_arguments is not None and any(map(sink.not_arguments.search, call.arguments)):
        return False
    return sink.arguments is None or any(map(sink.arguments.search, call.arguments))


@lru_cache(maxsize=32)  # asked for every call
def table(language: str, imports: str | None = None) -> Table:
    """Return the table of a language, without the lines for libraries that are not imported.

    Args:
        imports: All imports of the code base in the language; without them every line counts.

    Raises:
        SinkError: a line is not well formed.
    """
    found = Table()
    for row in _rows(_TABLES.get(language, language)):
        try:
            if imports is not None and not re.search(row.get("imports", ""), imports):
                continue
            sink = Sink(
                library=row["library"],
                does=row["does"],
                on=_pattern(row.get("receiver")),
                unless=_pattern(row.get("not")),
                file_imports=_pattern(row.get("file_imports")),
                arguments=_pattern(row.get("arguments")),
                not_arguments=_pattern(row.get("not_arguments")),
                constructs=row.get("constructs", False),
                guess=row.get("guess", False),
            )
            for name in row.get("calls", "").split():
                found.by_name.setdefault(name, []).append(sink)
            found.prefixes.extend((prefix, sink) for prefix in row.get("prefixes", "").split())
            found.suffixes.extend((suffix, sink) for suffix in row.get("suffixes", "").split())
        except (KeyError, TypeError, re.error) as error:
            raise SinkError(f"sinks/{language}.yaml: {row}: {error}") from None
    return found


@cache
def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for row in plain_yaml.load_file(folder() / "sinks" / f"{name}.yaml"):
        rows += _rows(row["same_as"]) if "same_as" in row else [row]
    return rows


def _pattern(text: str | None) -> re.Pattern[str] | None:
    return None if text is None else re.compile(text)
