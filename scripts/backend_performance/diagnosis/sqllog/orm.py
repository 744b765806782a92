"""Statements in an application's log, as its object-relational mapper prints them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from .event import MAX_LINE, Event, lines, seconds
from .statement import request_in

_SQL = r"(?P<sql>(?:SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|COMMIT|ROLLBACK|MERGE|REPLACE)\b.*?)"
#: Each with the words around its statement; `args` are the parameters, `s` and `ms` the time.
_FORMS = tuple(
    re.compile(form, re.I | re.S)
    for form in (
        # Django: (0.001) SELECT …; args=(1,); alias=default
        rf"\((?P<s>\d+\.\d{{3}})\) {_SQL}(?:; args=(?P<args>.*?))?(?:; alias=\w+)?\Z",
        # Rails: User Load (0.3ms)  SELECT … [["id", 1]]
        rf"(?<!CACHE )\b\w+ (?:Load|Exists\?|Count|Create|Update|Destroy|Pluck|SQL)? ?"
        rf"\((?P<ms>\d+(?:\.\d+)?)ms\)  {_SQL}(?:  (?P<args>\[\[.*))?\Z",
        # GORM: [1.234ms] [rows:1] SELECT …
        rf"\[(?P<ms>\d+\.\d+)ms\] \[rows:-?\d+\] {_SQL}\Z",
        # TypeORM: query: SELECT … -- PARAMETERS: [1]
        rf"\bquery: {_SQL}(?: -- PARAMETERS: (?P<args>.*))?\Z",
        # Sequelize, Hibernate, Prisma
        rf"\bExecut(?:ing|ed) \([^)]{{0,60}}\): {_SQL}\Z",
        rf"(?:\bHibernate: |\borg\.hibernate\.SQL\b[\s:-]*)(?:/\*.*?\*/ *)?{_SQL}\Z",
        rf"\bprisma:query {_SQL}\Z",
        # SQLAlchemy; its parameters stand in the next line
        rf"\bsqlalchemy\.engine\S*:? {_SQL}\Z",
    )
)
_ALCHEMY = re.compile(r"\bsqlalchemy\.engine\S*:? (?:\[[^\]]{1,60}\] )?(?P<args>[\[({].*)\Z")
_START = re.compile(r"\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|\[|[A-Z]+:|\(\d|\S+ \| ")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_TAG = re.compile(r"\[([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\]")
_THREAD = re.compile(r"\[(?:thread-|nio-|pool-)?([\w-]{1,40}-(?:exec|thread|worker)-\d+)\]")


def orm(stream: BinaryIO) -> Iterator[Event]:
    """Yield the statements of a log in one of the known forms."""
    event: Event | None = None
    for raw in lines(stream):
        line = _COLOUR.sub("", raw)
        match = next((m for form in _FORMS if (m := form.search(line))), None)
        if match is not None:
            if event:
                yield event
            event = _event(line, match)
        elif event is None:
            continue
        elif parameters := _ALCHEMY.search(line):
            event.parameters = parameters["args"]
            yield event
            event = None
        elif _START.match(line) or not line.strip():
            yield event
            event = None
        elif len(event.text) < MAX_LINE:
            event.text += "\n" + line
    if event:
        yield event


def recognises(line: str) -> bool:
    line = _COLOUR.sub("", line)
    return any(form.search(line) for form in _FORMS)


def _event(line: str, match: re.Match[str]) -> Event:
    found = match.groupdict()
    ms = float(found["ms"]) if found.get("ms") else None
    if found.get("s"):
        ms = float(found["s"]) * 1000
    before = line[: match.start("sql")]
    tag, thread = _TAG.search(before), _THREAD.search(before)
    return Event(
        session=thread[1] if thread else "",
        text=found["sql"],
        at=seconds(before),
        request=request_in(before) or (tag[1] if tag else None),
        parameters=found.get("args") or "",
        ms=ms,
    )
