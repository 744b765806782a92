"""Places in the code of what a server, a log or monitoring reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...diagnosis.evidence import fingerprint, redaction, sender
from ...diagnosis.evidence.located import Located
from ..session import Reading

_MAX_PLACES = 3
#: A first part of a statement that is shorter says nothing.
_MIN_PART = 40
_ROUTE = ("route_untrusted", "path_untrusted")
#: The shortest end of a route that is enough to recognise it: a prefix may stand elsewhere.
_MIN_PARTS = 2

_Index = Mapping[tuple[str, str], list[Located]]


def placed(readings: Iterable[Reading], located: Iterable[Located]) -> tuple[Reading, ...]:
    """Return the readings; rows whose place is known get ``file``, ``line``, ``function``."""
    index: dict[tuple[str, str], list[Located]] = defaultdict(list)
    for one in located:
        index[one.kind, one.name].append(one)
    if not index:
        return tuple(readings)
    return tuple(
        replace(reading, rows=tuple(_row(row, index) for row in reading.rows))
        for reading in readings
    )


def _row(row: Mapping[str, Any], index: _Index) -> Mapping[str, Any]:
    if row.get("file"):
        return row
    for kind, name in _names(row):
        found = index.get((kind, name), [])
        if not found and kind == "statement":
            found = _begun(name, index)
        if kind == "file":
            found = _tagged(name, index)
        if found:
            if kind == "handler":  # the request is known, and perhaps the call that it makes
                found = [*found[:1], *_called(row, index)]
            first, others = found[0], found[1:_MAX_PLACES]
            also = [f"{one.file}:{one.line}" for one in others]
            return {
                **row,
                "file": first.file,
                "line": first.line,
                "function": first.function,
                "found_by": kind,
                **({"also_at": also} if also else {}),
            }
    return row


def _called(row: Mapping[str, Any], index: _Index) -> list[Located]:
    """Return the calls that search the same table by the same columns as a statement."""
    return [
        one
        for kind, name in _names(row)
        if kind in ("search", "statement")
        for one in index.get((kind, name), ())
    ]


def _tagged(place: str, index: _Index) -> list[Located]:
    """Return the place that a tag names, where the code has its file; a tag may be absolute."""
    path, _, line = place.rpartition(":")
    files = {one.file for found in index.values() for one in found}
    known = path if path in files else next((f for f in files if path.endswith(f"/{f}")), "")
    return [Located("file", place, known, int(line), "")] if known and line.isdigit() else []


def _begun(name: str, index: _Index) -> list[Located]:
    """Return the places of a statement that code puts together, by its longest known first part."""
    parts = [
        known
        for kind, known in index
        if kind == "statement" and len(known) >= _MIN_PART and name.startswith(known)
    ]
    return index["statement", max(parts, key=len)] if parts else []


def _names(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what may be found in code, the surest first."""
    tags = {name: str(row[f"tag_{name}"]) for name in sender.TAGS if row.get(f"tag_{name}")}
    for column in redaction.STATEMENTS:
        if isinstance(text := row.get(column), str):
            yield "statement", fingerprint.statement(text)
            yield from _sender(tags)
            yield "search", str(row.get("search") or fingerprint.search(text))
            yield from (("table", table) for table in sorted(fingerprint.tables(text))[:1])
    for column in _ROUTE:
        if isinstance(text := row.get(column), str):
            yield from _routes(text)
    if isinstance(text := row.get("key_family"), str):
        yield "key_family", text.rstrip(".:*").lower()
    if isinstance(text := row.get("table_name"), str):
        yield "table", fingerprint.bare(text)


def _sender(tags: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what the tags of a statement name; a route of one word is too little to go by."""
    if "file" in tags:
        yield "file", tags["file"]
    if "controller" in tags and "action" in tags:
        yield "handler", fingerprint.handler(tags["controller"], tags["action"])
    elif "controller" in tags:  # of Django: a view by its path, or the name of its route
        yield "handler", tags["controller"]
    elif len(tags.get("route", "").strip("/").split("/")) >= _MIN_PARTS:
        yield from _routes(tags["route"])


def _routes(text: str) -> Iterator[tuple[str, str]]:
    """Yield a route, then its ends: a router may be mounted below a prefix."""
    parts = fingerprint.route(text).strip("/").split("/")
    yield "route", "/" + "/".join(parts)
    for start in range(1, len(parts) - _MIN_PARTS + 1):
        yield "route", "/" + "/".join(parts[start:])
