"""syslog, as in RFC 3164 and RFC 5424, journald's short forms, and Heroku's log drain.

PostgreSQL cuts a message into parts ``[number-part]``; a part above 1 goes on with the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..event import Clock, Line
from . import Envelope

_ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"
_OLD = r"[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?"
#: A time and then a level are the log of an application.
_LEVELS = r"\[?(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL|trace|debug|info|warn|error)"
_HEAD = re.compile(
    # RFC 5424: <134>1 time host program process id [data] message
    rf"(?:\d+ )?<\d{{1,3}}>1 (?P<at5>{_ISO}|-) \S+ (?P<program5>\S+) (?P<process5>\S+) \S+ "
    r"(?:-|(?:\[(?:[^\]\"\\]|\"(?:[^\"\\]|\\.)*\"|\\.)*\])+)(?: \ufeff?|$)"
    # RFC 3164 and rsyslog: time host program[process]: message; Heroku: time app[postgres.7]:
    rf"|(?:<\d{{1,3}}>)?(?P<at3>{_ISO}|{_OLD})(?: \d{{4}})? (?!{_LEVELS})(?:\S+ )?"
    r"(?P<program3>[\w./-]+)(?:\[(?:[a-z_-]+\.)?(?P<process3>[\w-]+)\])?:(?: |$)"
)
_PART = re.compile(r" {0,2}(?:\[[A-Z][A-Z_]*\] {1,2})?\[(?P<number>\d+)-(?P<part>\d+)\] {0,2}")
_ESCAPED = re.compile(r"#0(11|12|15)")
_CHARACTERS = {"11": "\t", "12": "\n", "15": ""}
_MONTHS = dict(
    zip(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        range(1, 13),
        strict=True,
    )
)


def _open(lines: Iterable[Line]) -> Iterator[Line]:
    clock = Clock()
    for line in lines:
        match = _HEAD.match(line.text)
        if match is None:
            yield line
            continue
        text = line.text[match.end() :]
        if "#0" in text:
            text = _ESCAPED.sub(lambda found: _CHARACTERS[found[1]], text)
        part = _PART.match(text)
        if part:
            text = text[part.end() :]
            if part["part"] != "1":
                text = "\t" + text.lstrip("\t")
        process = match["process5"] or match["process3"] or ""
        at = clock.read(_iso(match["at5"] or match["at3"]))
        yield Line(text, process if process != "-" else line.process, at or line.at, line.request)


def _iso(text: str) -> str:
    """Return a moment of RFC 3164 in the form of the other; it has no year, differences do."""
    month = _MONTHS.get(text[:3])
    return f"2000-{month:02}-{int(text[4:6]):02} {text[7:]}" if month else text


ENVELOPE = Envelope("syslog", lambda text: _HEAD.match(text) is not None, _open)
