"""From evidence to signs of trouble: one for each row that a probe failed or left to judge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..session import Reading
from ..untrusted import plain
from .model import Place, Signal, Subject
from .sketch import Sketch, worded
from .sketches import OF_SYSTEM

_PLACEHOLDER = re.compile(r"\$\d+|%s|%\(\w+\)s|(?<![:\w]):\w+|\b\d+(?:\.\d+)?\b|'(?:[^']|'')*'")
_LIST = re.compile(r"\?(?:\s*,\s*\?)+")
_QUOTES = str.maketrans("", "", '"`')
#: Shorter than what redaction keeps, so that a cut text and a whole one have the same key.
_KEY_LENGTH = 240
_TABLES = re.compile(r"(?:\bfrom|\bjoin|\binto|\bupdate)\s+(?:only\s+)?([\w$.]+)")
_DELETES = re.compile(r"delete\s+from\s+([\w$.]+)")
_COUNT = re.compile(r"^\d+ of \d+ [^:]{1,60}: ")


def of(reading: Reading) -> Iterator[Signal]:
    """Yield a signal per row in trouble; one for the reading where no row says more."""
    if reading.verdict not in ("fail", "judge"):
        return
    rows = [row for row in reading.rows if row.get("verdict") in ("fail", "judge")]
    for row in rows or [dict(reading.observed)]:
        yield _signal(reading, row)


def _signal(reading: Reading, row: Mapping[str, Any]) -> Signal:
    system, _, probe = reading.probe.partition("/")
    sketches = tuple(OF_SYSTEM.get(system, {}).items())
    place = next((n for n, (name, _) in enumerate(sketches) if name == probe), len(sketches))
    known = sketches[place][1] if place < len(sketches) else ()
    sketch = next((each for each in known if each.when(row)), None) or _unsketched(reading, probe)
    subject = Subject(sketch.kind, sketch.name(row), _places(row))
    return Signal(
        system=system,
        theme=sketch.theme,
        subject=subject,
        verdict=str(row.get("verdict") or reading.verdict),
        title=worded(sketch.title, row),
        also=worded(sketch.also or sketch.title, row),
        cost=sketch.costs(row),
        statements=sketch.statements(row),
        is_urgent=sketch.is_urgent and row.get("verdict", reading.verdict) == "fail",
        lead=place,
        reading=reading,
        row=row,
        item=sketch.item,
        keys=tuple(_keys(system, sketch, subject, row)),
    )


def _unsketched(reading: Reading, probe: str) -> Sketch:
    """Return the sketch of a probe that has none: its reason about its subject."""
    subject = reading.subject or {}
    column = str(subject.get("column") or "")
    because = _COUNT.sub("", reading.reason or probe).split(";")[0]
    because = because.replace("{", "(").replace("}", ")")
    title = f"`{{{column}}}`: {because}" if column else because
    return Sketch(probe, str(subject.get("kind") or "server"), (column,) if column else (), title)


def _places(row: Mapping[str, Any]) -> tuple[Place, ...]:
    file, line, function = row.get("file"), row.get("line"), row.get("function")
    if not isinstance(file, str) or not file:
        return ()
    return (
        Place(
            plain(file, 200),
            line if isinstance(line, int) else None,
            plain(function, 100) if isinstance(function, str) and function else None,
        ),
    )


def _keys(system: str, sketch: Sketch, subject: Subject, row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names by which evidence about the same thing is found."""
    if subject.kind == "statement":
        # A statement is the same one in the server's statistics, in a log and in the code.
        yield f"statement {template(subject.name)}"
        return
    for column in ("query_untrusted", "statement_untrusted"):
        if isinstance(row.get(column), str):
            yield f"statement {template(str(row[column]))}"
    name = "*" if sketch.joins or not subject.name else subject.name
    yield f"{system} {sketch.theme} {name}"


def template(text: str) -> str:
    """Return a statement without its values, so that differently logged ones compare equal."""
    lowered = _PLACEHOLDER.sub("?", text.lower().translate(_QUOTES).rstrip(" ;…"))
    return _LIST.sub("?", " ".join(lowered.split()))[:_KEY_LENGTH]


def tables(text: str) -> frozenset[str]:
    """Return the tables a statement names, without their schema."""
    return frozenset(name.rsplit(".", 1)[-1] for name in _TABLES.findall(template(text)))


def deleted_from(text: str) -> str | None:
    """Return the table a statement deletes from, without its schema."""
    match = _DELETES.search(template(text))
    return match.group(1).rsplit(".", 1)[-1] if match else None


def bare(name: str) -> str:
    """Return a table's name without schema and quotes, in lower case."""
    return name.translate(_QUOTES).rsplit(".", 1)[-1].lower()
