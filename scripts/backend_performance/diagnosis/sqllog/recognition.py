"""What a log is: its envelopes, its format and its dialect, told from its first lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ..trouble import CannotRun
from . import envelopes
from .event import Count, Event, Line
from .readers import Reader, readers, recognise
from .readers.application import STATEMENT
from .readers.postgres import prefix as prefixes
from .readers.postgres import stderr

#: Lines looked at; a log may begin with a page of messages about the start of a server.
HEAD = 2_000
HEAD_CHARACTERS = 1_000_000
_MYSQL = re.compile(r"`\w+`|\blimit \d+ ?, ?\d+", re.I)
_POSTGRES = re.compile(r'(?:from|into|update|join|select) "\w+"|"\w+"\."\w+"|\$\d+\b|::\w+', re.I)


@dataclass(frozen=True)
class Format:
    """How to read a log; only names, so that other processes understand it."""

    reader: str
    envelopes: tuple[str, ...] = ()
    dialect: str = "any"
    prefix: str | None = None  #: ``log_line_prefix``, where a person gave it
    document: bool = False  #: a JSON document rather than lines

    @property
    def title(self) -> str:
        """The format as a person calls it."""
        around = "".join(f" in {name}" for name in self.envelopes)
        spoken = {"any": ", dialect unclear"}.get(self.dialect, "")
        return f"{readers()[self.reader].title}{around}{spoken}"

    def read_by(self) -> Reader:
        """Return the reader, which knows the prefix if one was given."""
        found = readers()[self.reader]
        if self.prefix is None or self.reader != "stderr":
            return found
        read = stderr.reader(prefixes.written(self.prefix))
        return Reader(found.name, found.title, found.dialect, found.recognises, read, found.begins)

    def lines(self, texts: Iterable[str]) -> Iterable[Line]:
        """Return the log's own lines."""
        known = {envelope.name: envelope for envelope in envelopes.envelopes()}
        return envelopes.opened(map(Line, texts), [known[name] for name in self.envelopes])


def recognised(
    head: list[str], kind: str = "auto", dialect: str | None = None, prefix: str | None = None
) -> Format:
    """Return the format of a log that begins with these lines.

    Raises:
        CannotRun: it is unknown.
    """
    lines = [Line(text) for text in head[:HEAD]]
    found = envelopes.recognised(lines)
    opened = list(envelopes.opened(lines, found))
    reader = recognise(opened) if kind == "auto" else readers()[kind]
    if reader is None:
        known = ", ".join(readers())
        raise CannotRun(
            "no known log: none of its first lines has the marks of a known format; it begins "
            f"with {_beginning(opened)!r}. Name the format with --format ({known})"
        )
    if kind == "auto" and reader.application and not _has_statements(reader, opened):
        raise CannotRun(
            f"it has marks of {reader.title}, but no statement follows them in its first lines. "
            f"If it is that log, name the format with --format {reader.name}"
        )
    spoken = dialect or reader.dialect
    if spoken == "any":
        spoken = _dialect(reader, opened)
    return Format(reader.name, tuple(one.name for one in found), spoken, prefix)


def _has_statements(reader: Reader, lines: list[Line]) -> bool:
    return any(STATEMENT.match(text) for text in islice(_texts(reader, lines), 200))


def _beginning(lines: list[Line]) -> str:
    count = Count()
    for line in lines[:200]:
        count.miss(line.text or "{…}")
    return count.examples[0] if count.examples else ""


def _dialect(reader: Reader, lines: list[Line]) -> str:
    """Return the dialect whose quoting the statements have; ``any`` where that is unclear."""
    votes = {"mysql": 0, "postgres": 0}
    for text in islice(_texts(reader, lines), 200):
        votes["mysql"] += _MYSQL.search(text) is not None
        votes["postgres"] += _POSTGRES.search(text) is not None
    more, less = max(votes, key=votes.__getitem__), min(votes.values())
    return more if votes[more] > less * 4 else "any"


def _texts(reader: Reader, lines: list[Line]) -> Iterator[str]:
    for item in reader.read(iter(lines), Count()):
        if isinstance(item, Event):
            yield item.text
