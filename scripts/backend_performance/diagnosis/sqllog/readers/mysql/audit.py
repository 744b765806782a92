"""The audit log of MariaDB's server_audit plugin, which managed services write as well."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...event import Clock, Count, Event, Incident, Item, Lines
from .. import Reader

_ENTRY = re.compile(
    r"(?P<day>\d{8}) (?P<time>\d\d:\d\d:\d\d),[^,]*,[^,]*,[^,]*,(?P<id>\d+),\d+,"
    r"(?P<what>QUERY|CONNECT|DISCONNECT|FAILED_CONNECT|READ|WRITE|TABLE|CREATE|ALTER|DROP|RENAME),"
    r"(?P<rest>.*)\Z",
    re.S,
)
_QUERY = re.compile(r"[^,]*,'(?P<sql>.*)',\d+(?:,.*)?\Z", re.S)


def _read(lines: Lines, count: Count) -> Iterator[Item]:
    clock = Clock()
    for line in lines:
        count.lines += 1
        match = _ENTRY.match(line.text)
        if match is None:
            if line.text.strip():
                count.miss(line.text)
            continue
        day = match["day"]
        at = clock.read(f"{day[:4]}-{day[4:6]}-{day[6:]} {match['time']}")
        query = _QUERY.match(match["rest"]) if match["what"] == "QUERY" else None
        if query:
            sql = query["sql"].replace("\\'", "'").replace("\\n", "\n")
            yield Event(match["id"], sql, at)
        elif match["what"] == "CONNECT":
            yield Incident("connect", at, match["id"])


READER = Reader(
    "audit",
    "MariaDB's audit log",
    "mysql",
    lambda line: _ENTRY.match(line.text) is not None,
    _read,
)
