"""PostgreSQL's csvlog: 22 columns up to version 8.4, 23 from 9.0, 24 from 13, 26 from 14."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from ...event import MAX_MESSAGE, Clock, Count, Item, Line, Lines, paired
from .. import Reader
from .message import Record, items
from .words import MEANING

#: Up to the statement and the query the columns are the same in all versions.
LEAST_COLUMNS = 20
#: Time, user, database, process, client, session; some exports quote every field.
_FIELD = r'(?:"(?:[^"]|"")*"|[^,"]*)'
_START = re.compile(
    rf'"?\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [^,"]{{1,40}}"?,{_FIELD},{_FIELD},"?\d*"?,'
    rf'{_FIELD},"?[0-9a-f]+\.[0-9a-f]+"?,'
)


def _read(lines: Lines, count: Count) -> Iterator[Item]:
    return paired(_items(lines, count))


def _items(lines: Lines, count: Count) -> Iterator[Item]:
    csv.field_size_limit(MAX_MESSAGE * 4)
    clock = Clock()
    texts = _counted(lines, count)
    rows = csv.reader(texts)
    while True:
        before = count.lines
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            count.missed += count.lines - before
            rows = csv.reader(texts)  # a field without end; go on with the next line
            continue
        if len(row) < LEAST_COLUMNS or "." not in row[5]:
            if any(row):
                count.miss(",".join(row))
                count.missed += max(count.lines - before - 1, 0)
            continue
        yield from items(
            Record(
                MEANING.get(row[11], "NOTICE"),
                row[13],
                row[5],
                clock.read(row[0]),
                row[9],
                row[14],
                row[18],
                row[19],
            )
        )


def _counted(lines: Lines, count: Count) -> Iterator[str]:
    for line in lines:
        count.lines += 1
        yield line.text.replace("\0", "") + "\n"


def _recognises(line: Line) -> bool:
    return _START.match(line.text) is not None


READER = Reader("csvlog", "PostgreSQL's csvlog", "postgres", _recognises, _read)
