"""What one message of PostgreSQL reports, whichever log it was written to."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from ...event import Event, Incident, Item
from .words import english, parameters

_WAIT = re.compile(
    r"process (?P<pid>\d+) (?P<what>still waiting for|acquired|avoided deadlock for|detected "
    r"deadlock while waiting for) (?P<mode>\w+)(?: on (?P<on>.{1,200}?))?"
    r" after (?P<ms>\d+(?:\.\d+)?) ms"
)
_HOLDER = re.compile(r"Process(?:es)? holding the lock: (\d+)")
_RELATION = re.compile(r"in relation \"?([\w.$]+)\"?")
_TEMPORARY = re.compile(r"temporary file: path .*, size (\d+)\Z", re.S)
_CHECKPOINT = re.compile(r"(?:checkpoint|restartpoint) complete.*?total=(\d+(?:\.\d+)?) s", re.S)
_VACUUM = re.compile(
    r"automatic (?:aggressive )?(?P<what>vacuum|analyze)(?: to prevent wraparound)? of table "
    r"\"(?P<table>[^\"]+)\".*?elapsed: (?P<s>\d+(?:\.\d+)?) s",
    re.S,
)
_CANCELLED = re.compile(r"canceling (?:statement|autovacuum task) due to (?P<why>[\w ]+)")
_DISCONNECTED = re.compile(r"disconnection: session time: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
#: The duration, then what is said: ``statement``, ``execute NAME``, ``plan`` and others.
_TOLD = re.compile(
    r"(?:duration: (\d{1,15}(?:\.\d{1,9})?) ms *)?"  # milliseconds
    r"(?:([a-z][^:\n]*(?::[^\s:]+)*):(?: |$|\n))?"  # kind
)
_PREPARED = re.compile(r"(?is)prepare: PREPARE .*? AS (?P<sql>.*)\Z")
#: Lines of a plan that name a node; its figures are in the parentheses that follow.
_NODE = re.compile(r"^[ \t]*(?:->[ \t]+)?([A-Z][\w ]*?)(?:  \(|$)", re.M)
_QUERY_TEXT = re.compile(
    r"\s*Query Text: (?P<sql>.*?)"
    r"(?=\n(?:Query Parameters:|[ \t]*[A-Z][\w ]+?(?: on [^\n]+)?  \((?:cost|actual|never))|\Z)",
    re.S,
)


@dataclass(slots=True)
class Record:
    """A message with the fields that logs give it."""

    severity: str  #: LOG, ERROR or NOTICE
    message: str
    session: str
    at: float | None
    transaction: str = ""
    detail: str = ""
    context: str = ""
    statement: str = ""

    @property
    def inside(self) -> str | None:
        """The virtual transaction; ``None`` if it ends with 0, which means no transaction."""
        return self.transaction if self.transaction[-2:] not in ("", "/0") else None


def items(record: Record) -> Iterable[Item]:
    """Return what a message reports."""
    message = record.message
    if record.severity == "ERROR":
        return _error(record)
    if message.startswith(("duration: ", "statement: ", "execute ")):
        return _statement(record, message)
    for start, read in _READERS.items():
        if message.startswith(start):
            return read(record)
    if told := english(message):
        return _statement(record, told)
    return ()


def is_foreign(message: str) -> bool:
    """Return whether a message has the build of a duration but unknown words."""
    return _FOREIGN.match(message) is not None and english(message) is None


_FOREIGN = re.compile(r"[^\W\d][\w ]{1,30}\s?: \d+[.,]\d+ \S{1,8}(?:[ ,]|\Z)")


def _statement(record: Record, message: str) -> Iterable[Item]:
    told, mark, sql = message.partition(" ms  statement: ")
    number = told.removeprefix("duration: ")
    if mark and len(number) < 20 and number.replace(".", "", 1).isdecimal() and not record.detail:
        # Most lines: the duration and the statement of the simple protocol.
        return (Event(record.session, sql, record.at, float(number), record.inside),)
    match = _TOLD.match(message)
    if match is None:
        return ()
    number, kind = match.groups()
    ms = float(number) if number else None
    sql = message[match.end() :]
    if kind is None:
        alone = ms is not None and not sql.strip()
        return (Incident("duration", record.at, record.session, ms=ms),) if alone else ()
    part, values = "", ""
    if kind != "statement":
        if kind == "plan":
            return _plan(record, sql, ms)
        if kind.startswith(("parse ", "bind ", "fastpath ")):
            return ()  # a driver's parse and bind have lines of their own
        part = "fetch" if kind.startswith("execute fetch from ") else ""
    if record.detail:
        values = parameters(record.detail)
        if prepared := _PREPARED.match(record.detail):
            values, sql = sql, prepared["sql"]
    event = Event(record.session, sql, record.at, ms, record.inside, None, values, None, part)
    return (event,)


def _plan(record: Record, text: str, ms: float | None) -> Iterator[Item]:
    """Read what auto_explain logs, in text or JSON: the statement and the plan's shape."""
    sql, shape = "", ""
    if text.lstrip().startswith("{"):
        try:
            plan = json.loads(text)
        except (ValueError, RecursionError):
            plan = {}
        sql = str(plan.get("Query Text", ""))
        shape = " ".join(_nodes(plan.get("Plan")))
    elif match := _QUERY_TEXT.match(text):
        sql = match["sql"]
        shape = " ".join(_NODE.findall(text[match.end() :]))
    if not sql:
        return
    yield Event(record.session, sql, record.at, ms, record.inside, part="plan")
    if shape:
        name = blake2b(shape.encode(), digest_size=4).hexdigest()
        yield Incident("plan", record.at, record.session, sql, ms, subject=name)


def _nodes(plan: object) -> Iterator[str]:
    open_plans = [plan]
    while open_plans:
        node = open_plans.pop()
        if isinstance(node, dict):
            yield f"{node.get('Node Type')} {node.get('Index Name', '')}"
            open_plans += node.get("Plans") or []


def _error(record: Record) -> Iterator[Item]:
    if record.message.startswith("deadlock detected"):
        yield Incident("deadlock", record.at, record.session, record.statement)
    elif match := _CANCELLED.match(record.message):
        why = match["why"].strip().replace(" ", "-")
        yield Incident("cancelled", record.at, record.session, record.statement, subject=why)


def _wait(record: Record) -> Iterator[Item]:
    match = _WAIT.match(record.message)
    if match is None:
        return
    kind = "lock-acquired" if match["what"] == "acquired" else "lock-wait"
    holder = _HOLDER.search(record.detail)
    relation = _RELATION.search(record.context)
    on = (match["on"] or "").split(" ")[0]
    yield Incident(
        kind,
        record.at,
        record.session,
        record.statement,
        float(match["ms"]),
        subject=f"{match['mode']}-on-{on}" + (f"-of-{relation[1]}" if relation else ""),
        holder=holder[1] if holder else "",
        process=match["pid"],
    )


def _temporary(record: Record) -> Iterator[Item]:
    if match := _TEMPORARY.match(record.message):
        size = int(match[1][:18])
        yield Incident("temporary-file", record.at, record.session, record.statement, bytes=size)


def _checkpoint(record: Record) -> Iterator[Item]:
    if match := _CHECKPOINT.match(record.message):
        yield Incident("checkpoint", record.at, ms=float(match[1]) * 1000)


def _vacuum(record: Record) -> Iterator[Item]:
    if match := _VACUUM.match(record.message):
        ms = float(match["s"]) * 1000
        yield Incident("vacuum", record.at, ms=ms, subject=match["table"])


def _connect(record: Record) -> Iterator[Item]:
    yield Incident("connect", record.at, record.session)


def _disconnect(record: Record) -> Iterator[Item]:
    if match := _DISCONNECTED.match(record.message):
        hours, minutes, seconds = match.groups()
        ms = (int(hours[:6]) * 3600 + int(minutes) * 60 + float(seconds)) * 1000
        yield Incident("disconnect", record.at, record.session, ms=ms)


def _audit(record: Record) -> Iterator[Item]:
    """Read a record of pgaudit: AUDIT: SESSION,1,1,READ,SELECT,type,name,statement,parameters."""
    row = next(csv.reader([record.message.removeprefix("AUDIT: ").replace("\n", " ")]), [])
    if len(row) >= 8 and row[7] and not row[7].startswith("<"):
        values = row[8] if len(row) > 8 and not row[8].startswith("<") else ""
        yield Event(
            record.session,
            row[7],
            record.at,
            None,
            record.inside,
            parameters=values,
            part="audit",
        )


_READERS: dict[str, Callable[[Record], Iterable[Item]]] = {
    "process ": _wait,
    "temporary file: ": _temporary,
    "checkpoint complete": _checkpoint,
    "restartpoint complete": _checkpoint,
    "automatic ": _vacuum,
    "connection authorized": _connect,
    "disconnection: ": _disconnect,
    "AUDIT: ": _audit,
}
