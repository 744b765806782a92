"""From what a person has, a file or what a server answered, to the plans in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .converted import mysql_block, mysql_iterators, postgres
from .reading import (
    driver_rows,
    frames,
    json_documents,
    json_lines,
    mysql_table,
    mysql_tree,
    pasted,
    postgres_text,
    printed,
    structured,
)
from .reading.decoding import MAX_BYTES, decode, with_line_ends
from .tree import Plan, PlanError

MAX_PLANS = 200
#: Where plans begin and end in a text, and their documents.
_Found = tuple[int, int, list[Mapping[str, Any]]]
_MAX_NESTED = 3
_EXPECTED = (
    "no plan was found in it; expected what EXPLAIN prints: text, JSON, YAML or XML of "
    "PostgreSQL, or a tree, a table or JSON of MySQL or MariaDB"
)


@dataclass(frozen=True)
class Reading:
    """The plans of one input, in their order."""

    plans: tuple[Plan, ...]
    left_out: int = 0  #: plans behind the first ``MAX_PLANS``


def read(source: str | bytes) -> Reading:
    """Return the plans in the bytes or the text of a file.

    Raises:
        PlanError: there is none in it, or one larger than any real plan.
    """
    if isinstance(source, str) and len(source) > MAX_BYTES:
        raise PlanError(f"it is longer than {MAX_BYTES} characters; give the plan alone")
    text = decode(source) if isinstance(source, bytes) else with_line_ends(source)
    return _reading(_documents(text, _MAX_NESTED))


def of_document(value: Any) -> Reading:
    """Return the plans in a value that a driver has parsed already.

    Raises:
        PlanError: there is none in it, or one larger than any real plan.
    """
    return _reading(list(_in_value(value, _MAX_NESTED)))


def _reading(documents: list[Mapping[str, Any]]) -> Reading:
    if not documents:
        raise PlanError(_EXPECTED)
    return Reading(tuple(map(_plan, documents[:MAX_PLANS])), max(0, len(documents) - MAX_PLANS))


def _plan(document: Mapping[str, Any]) -> Plan:
    if "Plan" in document:
        return postgres.plan(document)
    if isinstance(document.get("query_block"), dict):
        return mysql_block.plan(document)
    return mysql_iterators.plan(document)


def _documents(text: str, nested: int) -> list[Mapping[str, Any]]:
    """Every plan in a text, from its clearest form to the one that is easiest to mistake."""
    given = text
    text = pasted.restored(text)
    tables: list[_Found] = [(at, at, [one]) for at, one in mysql_table.documents(text)]
    text = frames.unframed(driver_rows.joined(json_lines.unwrapped(text)))
    found = list(_in_json(text, nested))
    rest = _blanked(text, found)
    found += [(place, place, [one]) for place, one in structured.xml_documents(rest)]
    found += [(place, place, [one]) for place, one in structured.yaml_documents(rest)]
    if not found or any(end > start for start, end, _ in found):
        found += _in_lines(rest)
    found += tables
    if found:
        return [one for _, _, group in sorted(found, key=lambda f: f[0]) for one in group]
    if cut := json_documents.cut_off(text):
        return [cut]
    plain = printed.as_json(given)
    return _documents(plain, nested - 1) if nested and plain != given else []


def _in_json(text: str, nested: int) -> Iterator[_Found]:
    for spot in json_documents.values(text):
        plans = list(_in_value(spot.value, nested))
        if plans and spot.is_rest(text):
            # It may be a whole member of a plan whose own end is missing.
            if cut := json_documents.without_end(text, spot.start):
                yield spot.start, len(text), [cut]
                return
            plans = [{"Missing": "beginning", **one} for one in plans]
        if plans:
            yield spot.start, spot.end, plans


def _in_value(value: Any, nested: int) -> Iterator[Mapping[str, Any]]:
    for one in json_documents.plans(value):
        if isinstance(one, dict):
            yield one
        elif nested and _promising(one):
            yield from _documents(one, nested - 1)


def _promising(text: str) -> bool:
    return any(mark in text for mark in ("cost=", "actual ", "->", "Node Type", "query_block"))


def _blanked(text: str, found: list[_Found]) -> str:
    """The text without the JSON that was read already; places stay the same."""
    pieces, behind = [], 0
    for start, end, _ in found:
        pieces += [text[behind:start], " " * (end - start)]
        behind = end
    return "".join([*pieces, text[behind:]])


def _in_lines(text: str) -> list[_Found]:
    text = pasted.broken(text)
    if mysql_tree.is_tree(text):
        trees = list(mysql_tree.documents(text))
        return [(place, place, [one]) for place, one in trees]
    return [(len(text), len(text), [one]) for one in postgres_text.documents(text)]
