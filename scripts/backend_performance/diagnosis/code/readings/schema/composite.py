"""Queries that filter by one column, sort by another and take few rows, and indexes on both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...base import Code
from ...words import names
from .columns import bare
from .indexes import LIMITED, SORTS, chained, queries, searched

_DECLARES = names("declares_index")
_INDEX = re.compile(r"(?i)\b(?:index|unique|primary key)\b")
_WORD = re.compile(r"\w+")


def composite(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each table and columns of such a query; its filter has an index of its own."""
    together = [*_together(code)]
    seen: set[tuple[str, ...]] = set()
    for place, call, table, columns in queries(code):
        around = chained(place, call) if call and call.name in SORTS else []
        sort = next((one for one in map(table.named, columns) if one in table.columns), "")
        if call is None or sort in ("", "id") or not any(LIMITED.search(c.name) for c in around):
            continue
        others = [one for one in around if one.name not in SORTS]
        filters = {table.named(n) for one in others for n in searched(one, table)} - {sort}
        plain = {*map(bare, filters)}
        covered = any(bare(sort) in words and words & plain for words in together)
        wanted = [*sorted(filters), sort]
        if any(map(table.serves, filters)) and not covered and (table.name, *wanted) not in seen:
            seen.add((table.name, *wanted))
            yield code.row(place, call, table=table.name, columns=wanted)


def _together(code: Code) -> Iterator[set[str]]:
    """The words in each declaration of an index, whatever table it is of."""
    classes = [one for one, _ in code.project.each_class()]
    holders = [place.function.calls for place in code.project.places]
    for calls in (*holders, *(one.calls for one in classes)):
        yield from (_words(call.arguments) for call in calls if call.name in _DECLARES)
    for place in code.project.places:
        for text in place.function.statements:
            if place.file.language == "prisma":
                yield from (_words([line]) for line in text.text.splitlines() if "@@" in line)
            elif _INDEX.search(text.text):
                yield _words([text.text])
    for one in classes:
        yield _words(one.decorators)
        yield {bare(field.name) for field in one.fields if _INDEX.search(field.text)}
        yield from (_words([text.text]) for text in one.texts.values())


def _words(texts: Iterable[str]) -> set[str]:
    return {bare(word) for text in texts for word in _WORD.findall(text)}
