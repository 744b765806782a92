"""The general query log of MySQL and MariaDB; it reports no durations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...event import MAX_MESSAGE, Clock, Count, Event, Incident, Item, Line, Lines
from .. import Reader
from .moment import moment

_COMMANDS = (
    "Query|Execute|Prepare|Connect|Quit|Init DB|Close stmt|Reset stmt|Fetch|Field List|Statistics|"
    "Ping|Change user|Binlog Dump(?: GTID)?|Register Slave|Set option|Shutdown|Refresh|Kill|"
    "Processlist|Long Data|Create DB|Drop DB|Debug|Sleep|Daemon|Delayed insert|Table Dump|"
    "Connect Out|Time|Error|Reset Connection|Group Replication Data Stream subscription"
)
_ENTRY = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\dT\S+|\d{6} +\d{1,2}:\d\d:\d\d)?[ \t]+(?P<id>\d+) "
    rf"(?P<command>{_COMMANDS})(?:(?:\t| +)(?P<text>.*))?\Z",
    re.S,
)
_BANNER = re.compile(
    r"[^\s,]{0,200}(?:mysqld|mariadbd)\S*, Version: |Tcp port: |Time +Id +Command +Argument"
)


def _read(lines: Lines, count: Count) -> Iterator[Item]:
    clock = Clock()
    event: Event | None = None
    in_entry, at = False, None
    for line in lines:
        count.lines += 1
        match = _ENTRY.match(line.text)
        if match is None:
            if in_entry and not _BANNER.match(line.text):
                if event and len(event.text) < MAX_MESSAGE:
                    event.text += "\n" + line.text
            elif line.text.strip() and not _BANNER.match(line.text):
                count.miss(line.text)
            continue
        if event:
            yield event
        event, in_entry = None, True
        at = moment(match["at"], clock) if match["at"] else at
        if match["command"] == "Connect":
            yield Incident("connect", at, match["id"])
        # Prepare and Close stmt are no work of their own.
        elif match["command"] in ("Query", "Execute") and match["text"]:
            event = Event(match["id"], match["text"], at)
    if event:
        yield event


def _recognises(line: Line) -> bool:
    return _ENTRY.match(line.text) is not None


READER = Reader("general", "MySQL's general query log", "mysql", _recognises, _read)
