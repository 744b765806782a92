"""Statements and query calls that say by themselves why they are slow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...base import Code
from ...facts import Call
from ...project import Place
from ...source.paths import root
from ...source.sql import Statement, statement
from ...words import pattern

_OFFSET = pattern("offset")
_OFFSET_OPTION = pattern("offset_option")
_FUNCTION = pattern("function_in_call")
_WILDCARD = pattern("wildcard_in_call")
_RANDOM = pattern("random_in_call")
_COMPARED = pattern("compared")
_FUNCTION_SQL = pattern("function_in_sql")
_SMALL_TABLES = pattern("small_tables")
_EQUALITY = re.compile(r"\b(where|and) [\w.\"`]+ = (\?|\d)")
#: What gives bytes or characters, of which a call may skip some.
_BYTES = re.compile(r"(?i)^(is|in|input|file|f|match|m)$|stream|buffer|reader")
#: What only shows or groups by a value, so that no index would find it.
_SHOWN = re.compile(r"(?i)(?:select|pluck|group|group_?by)(?:raw)?$")
_LISTED = re.compile(r"\.To(Array|List)(Async)?(\(\))?$")
#: A pattern that begins with a wildcard; what is not like it no index would find anyway.
_BEGINS_WILD = re.compile(r"(?<!not )like\s+('%\w|concat\s*\(\s*'%')")


def statements(code: Code) -> Iterator[dict[str, Any]]:
    """One row for each statement in a string, with what can be told of it."""
    for place in code.project.places:
        for text in place.function.statements:
            found = statement(text.text)
            if found is not None:
                yield code.row(place, text.line) | _smells(found)
        for known in code.effects.calls[place.number]:
            if known.does("query") or known.call.name == "or":
                yield from _call(code, place, known.call)
            elif _skips(known.call) and _is_page(code, place, known.call):
                smells = _NONE | {"offset": True, "statement_untrusted": known.call.path}
                yield code.row(place, known.call) | smells


_SMELLS = (
    *("offset", "function_on_column", "leading_wildcard"),
    *("or_tables", "random_order"),
)
_NONE: dict[str, Any] = dict.fromkeys(_SMELLS, False) | {
    "fingerprint": "none",
    "table": "none",
    "statement_untrusted": "",
}


def _smells(found: Statement) -> dict[str, Any]:
    text = found.template
    return _NONE | {
        "fingerprint": found.fingerprint,
        "table": found.table,
        "statement_untrusted": text[:300],
        "offset": " offset " in text,
        "function_on_column": bool(_FUNCTION_SQL.search(text)) and not _is_narrowed(found),
        "leading_wildcard": bool(_BEGINS_WILD.search(text)),
        "random_order": bool(re.search(r"order by (rand|random|newid)\s*\(", text)),
    }


def _is_narrowed(found: Statement) -> bool:
    """Whether few rows are left when the function runs: a small table, an equality beside it."""
    beside = _EQUALITY.search(found.template) and " or " not in found.template
    return bool(beside or _SMALL_TABLES.search(found.table))


def _call(code: Code, place: Place, call: Call) -> Iterator[dict[str, Any]]:
    text = " ".join(call.arguments)
    smells = {
        "offset": _skips(call) or bool(_OFFSET_OPTION.search(text)),
        "function_on_column": bool(_FUNCTION.search(text))
        and not any(map(_SHOWN.search, (call.name, call.argument_of))),
        "leading_wildcard": bool(_WILDCARD.search(text)),
        "or_tables": _or_tables(call, text),
        "random_order": "order" in call.name and bool(_RANDOM.search(text)),
    }
    if any(smells.values()):
        yield code.row(place, call) | _NONE | smells | {"statement_untrusted": call.path}


def _skips(call: Call) -> bool:
    """Whether a call is named after skipping rows, and is given the number of a page, if pages."""
    by_query = call.name == "Paginate" and call.arguments[:1] == ("ctx",)
    return bool(_OFFSET.match(call.name)) and not by_query


def _is_page(code: Code, place: Place, call: Call) -> bool:
    """Whether an unknown call skips rows of a table that grows: no bytes, no parts of a list."""
    source = code.source_of(root(call.receiver), place, call.line)
    tables = (root(path) for path in source.split(" ~"))
    if _LISTED.search(source) or any(map(_SMALL_TABLES.search, tables)):
        return False
    given = [text for text in call.arguments if not text.isdigit()]
    return bool(call.receiver and given) and not _BYTES.search(call.receiver)


def _or_tables(call: Call, text: str) -> bool:
    """Whether conditions on columns of two tables are joined by OR."""
    if call.name == "or":
        return "joins(" in call.receiver
    tables = set(_COMPARED.findall(text))
    return call.name in ("where", "or_where") and len(tables) > 1 and " or " in text.lower()
