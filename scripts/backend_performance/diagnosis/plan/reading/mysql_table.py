"""MySQL's and MariaDB's EXPLAIN as a table, told as the document of the JSON form.

The client prints the table with frames, in records (``\\G``) or, in batch mode, between tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

Row = dict[str, str]

_LONGEST = 4000  # characters of a header
_RECORD = re.compile(r"^ *\*{3,} *\d+\. \w+ *\*{3,} *$", re.M)
#: Where a record begins whose head was not copied.
_FIRST_FIELD = re.compile(r"^ *id: *\d+ *$", re.M)
_SECOND_FIELD = re.compile(r"^ *(?=select_type: *[A-Z])", re.M)
_FIELD = re.compile(r"^ *(\w+): ?(.*)$")
_EXTRA = {
    "using filesort": "using_filesort",
    "using temporary": "using_temporary_table",
    "using index": "using_index",
}
_FIRST = ("id", "select_type", "table")
_KEYS = ("possible_keys", "key", "key_len", "ref")
_TWO_WORDS = {
    words: words.replace(" ", "_")
    for words in (
        "DEPENDENT SUBQUERY",
        "DEPENDENT UNION",
        "DEPENDENT DERIVED",
        "UNION RESULT",
        "UNCACHEABLE SUBQUERY",
        "UNCACHEABLE UNION",
    )
}
#: The columns in the order of EXPLAIN, by their number, for rows whose head was not copied.
_HEADS = {
    len(names): names
    for names in (
        (*_FIRST, "type", *_KEYS, "rows", "extra"),
        (*_FIRST, "type", *_KEYS, "rows", "filtered", "extra"),
        (*_FIRST, "partitions", "type", *_KEYS, "rows", "filtered", "extra"),
        (*_FIRST, "type", *_KEYS, "rows", "r_rows", "filtered", "r_filtered", "extra"),
    )
}
_SELECT_TYPE = re.compile(
    r"SIMPLE|PRIMARY|INSERT|UPDATE|DELETE|REPLACE|DERIVED|MATERIALIZED"
    r"|(?:(?:DEPENDENT|UNCACHEABLE|LATERAL) )?(?:SUBQUERY|UNION|DERIVED)|UNION RESULT"
)
_ACCESS = re.compile(
    r"system|const|eq_ref|ref|fulltext|ref_or_null|index_merge|unique_subquery|index_subquery"
    r"|range|index|ALL|NULL|hash(?:_ALL|_index|_range)?"
)
_NUMBERS = ("id", "key_len", "rows", "filtered", "r_rows", "r_filtered")
_NUMBER = re.compile(r"\d[\d.,]{0,40}|NULL|")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_RULE = " \t+|-:─│┼═║╪╬━"
_BUFFER = re.compile(r"Using join buffer \(([^)]{0,200})\)", re.I)


def documents(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the place and the document of each table."""
    lines = text.split("\n")
    place, behind = 0, 0
    for number, line in enumerate(lines):
        if number >= behind and not _is_rule(line):
            read = _rows if _is_header(line) else _headless
            numbered = list(read(lines, number))
            if numbered:
                yield place, _document([row for _, row in numbered])
                behind = numbered[-1][0] + 1
        place += len(line) + 1
    group: list[Row] = []
    for at, row in _records(text):
        if "select_type" not in row:
            continue
        # A new statement begins with the first record again.
        if row.get("") == "1" and group:
            yield place, _document(group)
            group = []
        place = place if group else at
        group.append(row)
    if group:
        yield place, _document(group)


def _is_rule(line: str) -> bool:
    return bool(line.strip()) and not line.strip(_RULE)


def _is_header(line: str) -> bool:
    words = line[:_LONGEST].lower()
    return "select_type" in words and "table" in words and "type" in words.split("table", 1)[1]


def _headless(lines: Sequence[str], first: int) -> Iterator[tuple[int, Row]]:
    """Yield the rows from this line on that have the form of EXPLAIN, each with its line."""
    for number in range(first, len(lines)):
        line = lines[number]
        if _is_rule(line):
            continue
        mark = "|" if "|" in line else "\t"
        cells = [cell.strip() for cell in line[:_LONGEST].strip("\n").split(mark)]
        if mark == "|" and len(cells) > 2 and not cells[0] and not cells[-1]:
            cells = cells[1:-1]
        row = dict(zip(_HEADS.get(len(cells), ()), cells, strict=False))
        if not _is_row(row):
            return
        yield number, row


def _is_row(row: Row) -> bool:
    """Whether each cell can be what its column holds; a log of changes has such words, too."""
    if not _SELECT_TYPE.fullmatch(row.get("select_type", "")) or not _ACCESS.fullmatch(row["type"]):
        return False
    numbers = [row.get(name, "") for name in _NUMBERS]
    if row["type"] == "NULL":  # of no table: nothing is read
        return all(one in ("NULL", "") for one in (*numbers[1:3], row["key"], row["ref"]))
    return all(_NUMBER.fullmatch(one) for one in numbers)


def _rows(lines: Sequence[str], header: int) -> Iterator[tuple[int, Row]]:
    split = _splitter(lines[header][:_LONGEST])
    names = [name.strip().lower() for name in split(lines[header][:_LONGEST])]
    for number in range(header + 1, len(lines)):
        line = lines[number]
        if _is_rule(line):
            continue
        cells = [cell.strip() for cell in split(line)]
        if not line.strip() or len(cells) < min(4, len(names)):
            return
        # A page may have collapsed all rows into one line, with an empty cell between them.
        for start in range(0, len(cells), len(names) + 1):
            row = cells[start : start + len(names)]
            if len(row) >= min(4, len(names)):
                yield number, dict(zip(names, row, strict=False))


def _splitter(header: str) -> Any:
    mark = next((one for one in ("|", "│", "\t", ";", ",") if header.count(one) > 3), None)
    if mark in ("|", "│"):
        return lambda line: line.strip().strip(mark).split(mark)
    if mark:
        return lambda line: [cell.strip('"') for cell in line.split(mark)]
    if "  " in header.strip():
        return lambda line: re.split(r" {2,}", line.strip())
    words = len(header.split())
    return lambda line: [
        cell.replace("_", " ") if cell in _TWO_WORDS.values() else cell
        for cell in _joined(line).split(maxsplit=words - 1)
    ]


def _joined(line: str) -> str:
    for words, one in _TWO_WORDS.items():
        line = line.replace(words, one)
    return line


def _records(text: str) -> Iterator[tuple[int, Row]]:
    heads = list(_RECORD.finditer(text))
    forms = (_FIRST_FIELD, _SECOND_FIELD)
    starts = heads or next(filter(None, (list(form.finditer(text)) for form in forms)), [])
    for start, behind in zip_longest(starts, starts[1:]):
        number = re.search(r"\d+", start[0]) if heads else None
        row: Row = {"": number[0] if number else ""}
        for line in text[start.end() : behind.start() if behind else None].split("\n"):
            if match := _FIELD.match(line):
                row[match[1].lower()] = match[2].strip()
        yield start.start(), row


def _document(rows: Sequence[Row]) -> dict[str, Any]:
    tables = [{"table": _table(row)} for row in rows]
    extras = " ".join(row.get("extra", "") for row in rows).lower()
    block: dict[str, Any] = {"nested_loop": tables}
    if "using temporary" in extras:
        block = {"grouping_operation": {"using_temporary_table": True, **block}}
    if "using filesort" in extras:
        block = {"ordering_operation": {"using_filesort": True, **block}}
    return {"query_block": block}


def _table(row: Mapping[str, str]) -> dict[str, Any]:
    extra = row.get("extra", "")
    said: dict[str, Any] = {
        "table_name": _told(row.get("table")),
        "access_type": _told(row.get("type")),
        "key": _told(row.get("key")),
        "rows": _told(row.get("rows")),
        "filtered": _told(row.get("filtered")),
        "select_type": _told(row.get("select_type")),
        "using_index": bool(re.search(r"using index\b(?! condition)", extra, re.I)),
    }
    if "r_rows" in row:
        said |= {"r_rows": _told(row["r_rows"]), "r_filtered": _told(row.get("r_filtered"))}
        said["r_loops"] = 1 if said["r_rows"] is not None else 0
    if "using where" in extra.lower():
        said["attached_condition"] = "Using where"
    if buffer := _BUFFER.search(extra):
        said["using_join_buffer"] = buffer[1]
    return {name: value for name, value in said.items() if value is not None}


def _told(cell: str | None) -> str | None:
    if cell is None or cell.upper() == "NULL" or not cell:
        return None
    return cell.replace(",", "") if _THOUSANDS.fullmatch(cell) else cell
