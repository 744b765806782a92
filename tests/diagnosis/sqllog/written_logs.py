"""Logs in the forms that servers, services and frameworks write, with a known loop in them.

The loop: a statement reads the shelves of a room, then one statement for each shelf, LOOP times.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

LOOP = 25


@dataclass(frozen=True)
class Ran:
    """One statement of the planted traffic."""

    sql: str
    ms: float
    pid: int
    second: int
    ms_of_second: int
    number: int  #: line of its session


def traffic(loop: int = LOOP) -> list[Ran]:
    """Return a transaction with a loop in one session and other statements in a second one."""
    found: list[Ran] = []
    lines = {24667: 0, 24701: 0}

    def run(pid: int, sql: str, ms: float) -> None:
        lines[pid] += 1
        moment = len(found) * 7
        found.append(Ran(sql, ms, pid, moment // 1000, moment % 1000, lines[pid]))

    run(24667, "BEGIN", 0.05)
    run(24667, "SELECT id FROM shelf WHERE room = 4", 3.2)
    for number in range(loop):
        run(24667, f"SELECT * FROM book WHERE shelf = {number}", 6.1)
        if number % 4 == 0:
            run(24701, f"UPDATE beat SET n = {number} WHERE id = {number % 3}", 1.0)
            run(24701, f"SELECT v FROM setting{number % 8} WHERE k = 1", 1.0)
    run(24667, "COMMIT", 0.05)
    return found


def moment(ran: Ran, sign: str = " ", zone: str = " UTC") -> str:
    return f"2024-03-01{sign}10:00:{ran.second:02}.{ran.ms_of_second:03}{zone}"


def virtual(ran: Ran) -> str:
    """The virtual transaction: one for the session with BEGIN, none outside."""
    return "3/57" if ran.pid == 24667 else "4/0"


def message(ran: Ran) -> str:
    return f"LOG:  duration: {ran.ms:.3f} ms  statement: {ran.sql}"


def prefixed(prefix: str) -> str:
    """Return the planted traffic as PostgreSQL writes it with a ``log_line_prefix``."""
    return "\n".join(_prefix(prefix, ran) + message(ran) for ran in traffic()) + "\n"


def _prefix(prefix: str, ran: Ran) -> str:
    values = {
        "m": moment(ran),
        "t": moment(ran)[:19] + " UTC",
        "n": f"{1709287200 + ran.second}.{ran.ms_of_second:03}",
        "p": str(ran.pid),
        "c": f"65e1a5b0.{ran.pid:x}",
        "l": str(ran.number),
        "u": "lib",
        "d": "library",
        "a": "web 2",
        "h": "10.0.0.4",
        "r": f"10.0.0.4({40000 + ran.pid % 7})",
        "v": virtual(ran),
        "x": "0",
        "e": "00000",
        "b": "client backend",
        "s": "2024-03-01 09:00:00 UTC",
        "q": "",
        "%": "%",
    }
    text, parts = "", iter(prefix.split("%"))
    text += next(parts)
    for part in parts:
        text += values[part[0]] + part[1:]
    return text


def _lines(write: Callable[[Ran], str]) -> str:
    return "\n".join(write(ran) for ran in traffic()) + "\n"


def _json(record: Callable[[Ran], dict]) -> str:
    return _lines(lambda ran: json.dumps(record(ran)))


def stderr(ran: Ran) -> str:
    return f"{moment(ran)} [{ran.pid}] lib@library {message(ran)}"


def cloudnativepg(ran: Ran) -> dict:
    record = {
        "log_time": moment(ran),
        "process_id": str(ran.pid),
        "session_id": f"65e1a5b0.{ran.pid:x}",
        "virtual_transaction_id": virtual(ran),
        "error_severity": "LOG",
        "message": message(ran).removeprefix("LOG:  "),
    }
    return {"level": "info", "logger": "postgres", "msg": "record", "record": record}


def _document() -> str:
    entries = [{"textPayload": stderr(ran), "severity": "INFO"} for ran in traffic()]
    return json.dumps(entries, indent=2)


def _events() -> str:
    events = [{"timestamp": 1709287200000, "message": stderr(ran)} for ran in traffic()]
    return json.dumps({"nextToken": "f/1", "events": events}, indent=1)


#: Name → the planted traffic in an envelope.
ENVELOPES: dict[str, Callable[[], str]] = {
    "heroku": lambda: _lines(
        lambda ran: (
            f"{moment(ran, 'T', '')[:19]}+00:00 app[postgres.{ran.pid}]: [AMBER] [{ran.number}-1] "
            f" sql_error_code = 00000 {message(ran)}"
        )
    ),
    "syslog rfc 5424": lambda: _lines(
        lambda ran: (
            f'<134>1 {moment(ran, "T", "Z")} db postgres {ran.pid} - [pool id="p"]  '
            f"[{ran.number}-1] {stderr(ran)}"
        )
    ),
    "syslog rfc 3164": lambda: _lines(
        lambda ran: (
            f"Mar  1 10:00:{ran.second:02} db postgres[{ran.pid}]: [{ran.number}-1] {message(ran)}"
        )
    ),
    "journald": lambda: _json(
        lambda ran: {
            "_PID": str(ran.pid),
            "MESSAGE": message(ran),
            "__REALTIME_TIMESTAMP": str(1709287200000000 + ran.ms_of_second * 1000),
        }
    ),
    "docker": lambda: _json(
        lambda ran: {
            "log": stderr(ran) + "\n",
            "stream": "stderr",
            "time": moment(ran, "T", "Z"),
        }
    ),
    "cri": lambda: _lines(lambda ran: f"{moment(ran, 'T', '123Z')} stderr F {stderr(ran)}"),
    "cri around json": lambda: _lines(
        lambda ran: f"{moment(ran, 'T', '123Z')} stdout F {json.dumps(cloudnativepg(ran))}"
    ),
    "compose": lambda: _lines(lambda ran: f"database-1  | {stderr(ran)}"),
    "cloud sql": lambda: _json(
        lambda ran: {
            "insertId": f"s={ran.number}",
            "textPayload": f"[{ran.pid}]: [{ran.number}-1] db=library,user=lib {message(ran)}",
            "timestamp": moment(ran, "T", "Z"),
        }
    ),
    "cloud sql document": _document,
    "cloud sql in yaml": lambda: "".join(
        "---\n" + yaml.safe_dump(entry) for entry in json.loads(_document())
    ),
    "neon": lambda: _lines(lambda ran: f"PG:{stderr(ran)}"),
    "kubectl with timestamps": lambda: _lines(
        lambda ran: f"{moment(ran, 'T', '123Z')} {stderr(ran)}"
    ),
    "cloudwatch document": _events,
    "azure": lambda: _json(
        lambda ran: {
            "properties": {"processId": ran.pid, "errorLevel": "LOG", "message": stderr(ran)},
            "time": moment(ran, "T", "Z"),
            "category": "PostgreSQLLogs",
        }
    ),
    "supabase": lambda: _json(
        lambda ran: {
            "event_message": message(ran).removeprefix("LOG:  "),
            "timestamp": 1709287200000000 + ran.ms_of_second * 1000,
            "metadata": [
                {"parsed": [{"process_id": ran.pid, "error_severity": "LOG"}], "host": "db"}
            ],
        }
    ),
    "cloudnativepg": lambda: _json(cloudnativepg),
    "rds": lambda: prefixed("%t:%r:%u@%d:[%p]:"),
}


def otlp() -> str:
    """Return spans of three requests as a collector exports them."""
    spans = []
    for trace in range(3):
        for number in range(12):
            start = 1709287200_000_000_000 + (trace * 100 + number) * 10_000_000
            table, key = ("shelf", "room") if number == 0 else ("book", "shelf")
            spans.append(
                {
                    "traceId": f"{trace + 1:032x}",
                    "spanId": f"{number + 1:016x}",
                    "parentSpanId": "00f067aa0ba902b7",
                    "name": "SELECT library",
                    "startTimeUnixNano": str(start),
                    "endTimeUnixNano": str(start + 6_100_000),
                    "attributes": [
                        {"key": "db.system", "value": {"stringValue": "postgresql"}},
                        {
                            "key": "db.query.text",
                            "value": {
                                "stringValue": f"SELECT * FROM {table} WHERE {key} = {number}"
                            },
                        },
                    ],
                }
            )
    scope = {"scope": {"name": "pg"}, "spans": spans}
    return json.dumps({"resourceSpans": [{"resource": {}, "scopeSpans": [scope]}]})


def slow(head: Callable[[int], str], count: int = 120) -> str:
    """Return a slow log whose entries begin as ``head`` writes them."""
    return "".join(f"{head(n)}\nSELECT * FROM loan WHERE note = 'n{n}';\n" for n in range(count))


def application(first: str, each: Callable[[int], str], count: int = LOOP) -> Iterator[str]:
    """Yield the lines of an application that reads a shelf and then its books one by one."""
    yield first
    for number in range(count):
        yield each(number)
