"""The slow query log of MySQL, MariaDB, Percona Server and TiDB.

An entry is some lines of fields that begin with ``#``, then perhaps ``use`` and
``SET timestamp``, then the statement up to the next entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...event import MAX_MESSAGE, Clock, Count, Event, Item, Line, Lines, Work
from .. import Reader
from .moment import moment

_FIELDS = re.compile(r"([A-Za-z][\w@]*): +(?![A-Za-z]\w*: )(\S+)")
#: The line that every entry has, in the form of MySQL 5.1 and later.
_FIGURES = re.compile(
    r"# Query_time: (\d+\.\d+)  Lock_time: (\d+\.\d+) +Rows_sent: (\d+) +Rows_examined: (\d+)\s*\Z"
)
_FIGURE_NAMES = ("Query_time", "Lock_time", "Rows_sent", "Rows_examined")
_HEADER = re.compile(r"#\s*(?:\Z|[A-Z]\w*(?:@\w+)?:|(?:explain|Log_slow_rate\w*|No InnoDB)\b)")
_USUAL = ("# Query_time: ", "# User@Host: ", "# Time: ")
_TIMESTAMP = re.compile(r"SET timestamp=(\d+(?:\.\d+)?);?\Z", re.I)
_USE = re.compile(r"use [^;]{1,200};?\Z", re.I)
#: What a server writes when it opens the file.
_BANNERS = ("Tcp port: ", "Time                 Id Command")
_BANNER = re.compile(r"[^\s,]{0,200}(?:mysqld|mariadbd|tidb-server)[^\s,]{0,40}, Version: ")
_YES = ("Yes", "1", "true")


class _Entry:
    """The entry that is being read."""

    __slots__ = ("at", "fields", "session", "size", "stamped", "text")

    def __init__(self, at: float | None) -> None:
        self.fields: dict[str, str] = {}
        self.session = ""
        self.at, self.stamped = at, False
        self.text: list[str] = []
        self.size = 0

    def head(self, text: str, clock: Clock) -> None:
        """Take in a line of fields."""
        if figures := _FIGURES.match(text):
            self.fields.update(zip(_FIGURE_NAMES, figures.groups(), strict=True))
            return
        if text.startswith("# Time: "):
            self.at = moment(text[8:48], clock) or self.at
        if "User@Host: " in text:
            number = text.rpartition(" Id:")[2].split(maxsplit=1)
            if number and number[0].isdecimal():
                self.session = number[0]
        elif len(self.fields) < 200:
            self.fields.update(_FIELDS.findall(text))

    def body(self, text: str) -> None:
        """Take in a line of the statement."""
        if not self.text:
            start = text[:4].lower()
            if start == "set " and (found := _TIMESTAMP.match(text)):
                self.at, self.stamped = float(found[1][:20]), True
                return
            if start == "use " and not self.stamped and _USE.match(text) or not text.strip():
                return
        if self.size < MAX_MESSAGE:
            self.text.append(text)
            self.size += len(text)

    def event(self) -> Event | None:
        """Return the statement, if the entry has one with a time."""
        ms = _ms(self.fields.get("Query_time"))
        text = "\n".join(self.text).strip()
        if "Query_time" not in self.fields or not text:
            return None
        get = self.fields.get
        session = self.session or get("Thread_id") or get("Conn_ID") or get("Session_ID") or ""
        work = Work(
            _ms(get("Lock_time")),
            _whole(get("Rows_sent")),
            _whole(get("Rows_examined") or get("Process_keys")),
            _whole(get("Tmp_disk_tables")) or 0,
            get("Full_scan") in _YES,
        )
        transaction = get("InnoDB_trx_id") or get("Txn_start_ts")
        transaction = transaction if transaction and transaction.strip("0") else None
        return Event(session, text, self.at, ms, transaction, work=work)


def _read(lines: Lines, count: Count) -> Iterator[Item]:
    clock, entry, in_head = Clock(), _Entry(None), False
    for line in lines:
        count.lines += 1
        text = line.text
        if text[:1] == "#" and text.startswith("# administrator command: "):
            entry.body(text[2:].rstrip(";"))
            in_head = False
        elif text[:1] == "#" and (text.startswith(_USUAL) or _HEADER.match(text)):
            if not in_head:
                if event := entry.event():
                    yield event
                entry, in_head = _Entry(entry.at), True
            entry.head(text, clock)
        elif text.startswith(_BANNERS) or ", Version: " in text and _BANNER.match(text):
            continue
        elif in_head or entry.fields:
            in_head = in_head and (not text or text.isspace())
            entry.body(text)
        elif text.strip():
            count.miss(text)
    if event := entry.event():
        yield event


def _ms(seconds: str | None) -> float | None:
    """Return milliseconds; old servers wrote 2**64 µs where a clock went back."""
    if seconds is None or len(seconds) > 13 or not seconds.replace(".", "", 1).isdecimal():
        return None
    return round(float(seconds) * 1000, 6)


def _whole(text: str | None) -> int | None:
    return int(text[:18]) if text and text.isdecimal() else None


def _begins(line: Line) -> bool:
    return line.text.startswith(("# Time:", "# User@Host:"))


def _recognises(line: Line) -> bool:
    return line.text.startswith(_USUAL)


READER = Reader("slow", "MySQL's slow query log", "mysql", _recognises, _read, _begins)
