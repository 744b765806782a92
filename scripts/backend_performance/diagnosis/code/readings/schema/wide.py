"""Queries for many rows that load columns of documents which the function does not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code
from ...project import Place
from ...source.paths import last, root
from ...source.sql import body
from ...words import names
from .columns import tables
from .indexes import chained, queries

_PICKS, _ONE = names("picks_columns"), names("gives_one")
_STAR = re.compile(r"(?is)\s*select\s+(?:\w+\.)?\*\s+from\s+(?:\w+\.)?[\"`]?(\w+)(?!.*\blimit 1\b)")
_ATTRIBUTES = re.compile(r"\b(?:attributes|select|projection|omit|columns)\s*:")


def wide(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each query of many rows whose table has columns of documents."""
    for place, call, table, columns in queries(code):
        unused = sorted(table.large - set(columns) - _used(place))
        if call is None or not call.receiver or not unused:
            continue
        target = call.target.lstrip("@$")
        later = [one for one in place.function.calls if target and root(one.receiver) == target]
        around = [call, *chained(place, call), *later]
        picks = any(one.name in _PICKS or one.name in _ONE for one in around)
        given = " ".join(text for one in around for text in one.arguments)
        if not picks and not _ATTRIBUTES.search(given):
            yield code.row(place, call, table=table.name, columns=unused)

    by_name = {name: one for one in tables(code).values() if one.large for name in one.names}
    for place in code.project.places:
        for text in place.function.statements:
            star = _STAR.match(body(text.text))
            if star and (known := by_name.get(star[1].lower())):
                large = sorted(known.large)
                yield code.row(place, text.line, table=known.name, columns=large)


def _used(place: Place) -> set[str]:
    """The last names of all that a function reads and calls."""
    paths = [read.path for read in place.function.reads]
    return {last(path) for path in (*paths, *(call.receiver for call in place.function.calls))}
