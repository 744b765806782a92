"""Which kind of log a file is."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from typing import BinaryIO

from . import mysql, orm, postgres
from .event import Event

#: Name → reader and the dialect it speaks.
FORMATS: dict[str, tuple[Callable[[BinaryIO], Iterator[Event]], str]] = {
    "csvlog": (postgres.csvlog, "postgres"),
    "jsonlog": (postgres.jsonlog, "postgres"),
    "stderr": (postgres.stderr, "postgres"),
    "slow": (mysql.slow, "mysql"),
    "general": (mysql.general, "mysql"),
    "orm": (orm.orm, "any"),
}


def recognise(head: bytes) -> str | None:
    """Return the format whose marks stand in the first bytes of a file."""
    lines = head.decode("utf-8", "replace").splitlines()[:400]
    for name, marks in _MARKS.items():
        if any(marks(line) for line in lines):
            return name
    return None


def _is_csv(line: str) -> bool:
    try:
        row = next(csv.reader([line]), [])
    except csv.Error:
        return False
    # A message over several lines ends the first one within its fourteenth column.
    return len(row) >= 14 and row[11] in ("LOG", "ERROR", "FATAL", "WARNING") and "." in row[5]


def _is_json(line: str) -> bool:
    try:
        row = json.loads(line) if line.startswith("{") else None
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and "error_severity" in row


_MARKS: dict[str, Callable[[str], bool]] = {
    "slow": lambda line: line.startswith("# Query_time: "),
    "csvlog": _is_csv,
    "jsonlog": _is_json,
    "general": lambda line: mysql.GENERAL.match(line) is not None,
    "orm": orm.recognises,
    "stderr": lambda line: "LOG:  " in line[:500],
}
