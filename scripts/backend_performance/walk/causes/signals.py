"""From evidence to signs of trouble: one for each row that a probe failed or left to judge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...diagnosis.evidence import fingerprint
from ..session import Reading
from ..untrusted import hides_nothing, plain
from .model import Place, Signal, Subject
from .sketch import Sketch, worded
from .sketches import OF_SYSTEM

#: Evidence without its own wording gives a cause its title only if nothing else can.
_UNSKETCHED = 1_000
#: How reading code names what is in no function; the file says more.
_OUTSIDE = "top-level"
#: How reading configuration names the folder that was given.
_WHOLE = "."
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
    sketch = next((each for each in known if each.when(row)), None)
    sketch = sketch or _unsketched(reading, probe, row)
    subject = Subject(sketch.kind, sketch.name(row), _places(row))
    return Signal(
        system=system,
        theme=sketch.theme,
        subject=subject,
        verdict=str(row.get("verdict") or reading.verdict),
        title=worded(sketch.title, row),
        also=worded(sketch.also or sketch.title, row),
        cost=sketch.costs(row),
        statements=tuple(s for s in sketch.statements(row) if hides_nothing(s.text)),
        is_urgent=sketch.is_urgent and row.get("verdict", reading.verdict) == "fail",
        lead=place if known else _UNSKETCHED,
        reading=reading,
        row=row,
        item=sketch.item,
        fix=sketch.fix,
        risk=sketch.risk,
        keys=tuple(_keys(system, sketch, subject, row)),
    )


def _unsketched(reading: Reading, probe: str, row: Mapping[str, Any]) -> Sketch:
    """Return the sketch of a probe that has none: what its rule says of the row's subject."""
    subject = reading.subject or {}
    column = str(subject.get("column") or "")
    if row.get(column) == _OUTSIDE:
        column = "file"
    because = str(row.get("because") or _COUNT.sub("", reading.reason or probe).split(";")[0])
    because = because.replace("{", "(").replace("}", ")")
    is_named = bool(column) and row.get(column) != _WHOLE
    title = f"`{{{column}}}`: {because}" if is_named else because
    return Sketch(probe, str(subject.get("kind") or "server"), (column,) if column else (), title)


def _places(row: Mapping[str, Any]) -> tuple[Place, ...]:
    """Return the file and line that a row names in columns of their own, else as ``file:line``."""
    file, line, function = row.get("file"), row.get("line"), row.get("function")
    if not isinstance(file, str) or not file:
        written = [row[name] for name in row if name == "place" or name.endswith("_place")]
        return tuple(_written(text) for text in written if isinstance(text, str) and ":" in text)
    return (
        Place(
            plain(file, 200),
            line if isinstance(line, int) else None,
            plain(function, 100) if isinstance(function, str) and function else None,
        ),
        *(_written(text) for text in row.get("also_at", ()) if isinstance(text, str)),
    )


def _written(text: str) -> Place:
    file, _, line = text.rpartition(":")
    return Place(plain(file, 200), int(line)) if line.isdigit() else Place(plain(text, 200))


def _keys(system: str, sketch: Sketch, subject: Subject, row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names by which evidence about the same thing is found."""
    if subject.kind == "statement":
        # A statement is the same one in the server's statistics, in a log and in the code.
        yield f"statement {fingerprint.statement(subject.name)}"
        yield from _functions(system, row)
        return
    if isinstance(row.get("lead"), int):
        yield f"{system} lead {row['lead']}"
    for column in ("query_untrusted", "statement_untrusted"):
        if isinstance(row.get(column), str) and row.get("fingerprint") != "none":
            yield f"statement {fingerprint.statement(str(row[column]))}"
    yield from _functions(system, row)
    if (
        "lead" in row
    ):  # places of several functions may be one lead, and one function may have several
        return
    name = "*" if sketch.joins or not subject.name else subject.name
    yield f"{system} {sketch.theme} {name}"


def _functions(system: str, row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the functions that send a statement: of a query in a loop, and of the server's."""
    function = row.get("function")
    if system == "code":
        if row.get("effect") == "query":
            steps = [step.partition("@") for step in row.get("via", ()) if "@" in step]
            yield from (f"in {where.rpartition(':')[0]} {name}" for name, _, where in steps)
            if not steps:
                yield f"in {row.get('file')} {function}"
    elif row.get("found_by") == "statement":
        yield f"in {row.get('file')} {function}"
