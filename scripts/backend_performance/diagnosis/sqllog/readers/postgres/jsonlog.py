"""PostgreSQL's jsonlog, and the same record as CloudNativePG and collectors write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...event import Clock, Count, Item, Lines, paired
from .. import Reader
from .message import Record, items
from .words import MEANING


def _read(lines: Lines, count: Count) -> Iterator[Item]:
    return paired(_items(lines, count))


def _items(lines: Lines, count: Count) -> Iterator[Item]:
    clock = Clock()
    for line in lines:
        count.lines += 1
        row = line.record
        if row is None or "error_severity" not in row:
            if line.text.strip() or row is not None:
                count.miss(line.text or "{…}")
            continue
        severity = MEANING.get(_text(row, "error_severity"), "NOTICE")
        yield from items(
            Record(
                severity,
                _text(row, "message"),
                _text(row, "session_id") or _text(row, "pid", "process_id"),
                clock.read(_text(row, "timestamp", "log_time")) or line.at,
                _text(row, "vxid", "virtual_transaction_id"),
                _text(row, "detail"),
                _text(row, "context"),
                _text(row, "statement", "query"),
            )
        )


def _text(row: Mapping[str, object], *names: str) -> str:
    value = next((row[name] for name in names if row.get(name) is not None), "")
    return str(value) if isinstance(value, str | int) else ""


READER = Reader(
    "jsonlog",
    "PostgreSQL's jsonlog",
    "postgres",
    lambda line: line.record is not None and "error_severity" in line.record,
    _read,
)
