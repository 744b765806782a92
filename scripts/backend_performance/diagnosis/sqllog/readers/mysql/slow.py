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
_HEADER = re.compile(r"# (?:[A-Z]\w*(?:@\w+)?:|(?:explain|Log_slow_rate\w*|No InnoDB)\b)")
_SESSION = re.compile(r"\b(?:Id|Thread_id|Conn_ID|Session_ID):\s+(\d+)")
_TIME = re.compile(r"# Time: (.{6,40})")
_TIMESTAMP = re.compile(r"SET timestamp=(\d+(?:\.\d+)?);?\Z", re.I)
_USE = re.compile(r"use [^;]{1,200};?\Z", re.I)
#: What a server writes when it opens the file.
_BANNER = re.compile(
    r"\S*(?:mysqld|mariadbd|tidb-server)\S*, Version: |Tcp port: |Time +Id +Command +Argument"
)
_YES = ("Yes", "1", "true")


class _Entry:
    """The entry that is being read."""

    def __init__(self, at: float | None) -> None:
        self.fields: dict[str, str] = {}
        self.session = ""
        self.at, self.stamped = at, False
        self.text: list[str] = []
        self.size = 0

    def head(self, text: str, clock: Clock) -> None:
        """Take in a line of fields."""
        if found := _TIME.match(text):
            self.at = moment(found[1], clock) or self.at
        if found := _SESSION.search(text):
            self.session = found[1]
        if len(self.fields) < 200 and not text.startswith("# User@Host"):
            self.fields.update(_FIELDS.findall(text))

    def body(self, text: str) -> None:
        """Take in a line of the statement."""
        if not self.text:
            if found := _TIMESTAMP.match(text):
                self.at, self.stamped = float(found[1][:20]), True
                return
            if _USE.match(text) and not self.stamped or not text.strip():
                return
        if self.size < MAX_MESSAGE:
            self.text.append(text)
            self.size += len(text)

    def event(self) -> Event | None:
        """Return the statement, if the entry has one with a time."""
        ms = _ms(self.fields.get("Query_time"))
        text = "\n".join(self.text).strip()
        if ms is None or not text:
            return None
        get = self.fields.get
        work = Work(
            _ms(get("Lock_time")),
            _whole(get("Rows_sent")),
            _whole(get("Rows_examined") or get("Process_keys")),
            _whole(get("Tmp_disk_tables")) or 0,
            get("Full_scan") in _YES,
        )
        transaction = get("InnoDB_trx_id") or get("Txn_start_ts")
        transaction = transaction if transaction and transaction.strip("0") else None
        return Event(self.session, text, self.at, ms, transaction, work=work)


def _read(lines: Lines, count: Count) -> Iterator[Item]:
    clock, entry, in_head = Clock(), _Entry(None), False
    for line in lines:
        count.lines += 1
        text = line.text
        if text.startswith("# administrator command: "):
            entry.body(text[2:].rstrip(";"))
            in_head = False
        elif text.startswith("#") and _HEADER.match(text):
            if not in_head:
                if event := entry.event():
                    yield event
                entry, in_head = _Entry(entry.at), True
            entry.head(text, clock)
        elif _BANNER.match(text):
            continue
        elif in_head or entry.fields:
            in_head = in_head and not text.strip()
            entry.body(text)
        elif text.strip():
            count.miss(text)
    if event := entry.event():
        yield event


def _ms(seconds: str | None) -> float | None:
    try:
        return round(float(seconds) * 1000, 6) if seconds else None
    except ValueError:
        return None


def _whole(text: str | None) -> int | None:
    return int(text[:18]) if text and text.isdigit() else None


def _begins(line: Line) -> bool:
    return line.text.startswith(("# Time:", "# User@Host:"))


def _recognises(line: Line) -> bool:
    return line.text.startswith(("# Query_time: ", "# User@Host: ", "# Time: "))


READER = Reader("slow", "MySQL's slow query log", "mysql", _recognises, _read, _begins)
