"""What the steps of a migration do to tables that are in use, from ``languages/hazards.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ...base import Code
from ...facts import Call, Class, Text
from ...project import Place
from ...source.grammar import NEVER, table
from ...source.plain import KEPT
from ...source.sql import statement
from ...words import pattern

_TABLE = re.compile(
    r"(?:\balter table|^(?:create .{0,200}?\bon|update|delete from|truncate|drop table|lock table))"
    r" (?:table )?(?:if exists )?(?:only )?([\w.\"`\[\]]+)"
)
_NAMED = re.compile(r"(?:\b(?:table|table_name|tableName|model_name)\s*[:=]\s*|^)[\"':](\w+)")
_WORDS = re.compile(r"\w+")
#: A function that a call is given: its steps are calls of their own.
_FUNCTION = re.compile(r"(?:static |async )*(?:function\b|fn\b|\(?[\w, ]*\)?\s*=>)")
_MOST = 1000  #: calls of a function or class: each is compared with all others
_REVIEWED, _OUTSIDE = pattern("reviewed"), pattern("outside")
_NO_TRANSACTION = pattern("no_transaction")
CHANGES_SCHEMA, _CHANGES_ROWS = pattern("changes_schema"), pattern("changes_rows")
_CONCURRENT = re.compile(
    r"^(?:create|drop) .*\bconcurrently\b|algorithm(?::| =>) :concurrently"
    r"|concurrently=True|(?:Add|Remove)IndexConcurrently\("
)
_NAME_FIRST = re.compile(r"^create_(?:index|foreign_key|\w+_constraint)$")
#: Frameworks that open a transaction themselves, and let a migration do without.
_TRANSACTIONAL = frozenset(("ruby", "python"))


@dataclass(frozen=True)
class Hazard:
    """A row of the table: how a step shows it, and what squawk calls it."""

    name: str
    sql: re.Pattern[str]
    call: re.Pattern[str]
    squawk: frozenset[str]
    online: bool  #: MySQL does it without blocking writes


@dataclass(frozen=True)
class Step:
    """A statement or a call of a migration."""

    line: int
    text: str  #: a statement in lower case, or ``scope>path(arguments)``
    table: str
    call: Call | None = None
    rules: frozenset[str] = frozenset()  #: of squawk


@cache
def hazards() -> tuple[Hazard, ...]:
    """Return the rows of the table."""
    rows = table("hazards")
    return tuple(
        Hazard(
            row["hazard"],
            re.compile("|".join(row.get("sql", (NEVER,)))),
            re.compile("|".join(row.get("call", (NEVER,)))),
            frozenset(row.get("squawk", ())),
            row.get("online", False),
        )
        for row in rows
    )


def steps(
    places: Iterable[Place], created: frozenset[str], rules: Mapping[int, frozenset[str]]
) -> Iterator[tuple[Place, list[Step]]]:
    """Yield the steps of each function and class of one file that touch tables it did not make."""
    places = list(places)
    for place in places:
        texts = [*_statements(place.function.statements, created, rules)]
        yield place, [*texts, *_calls(place.function.calls, created)]
    for one in places[0].file.classes:
        yield places[0], [*_calls(one.calls, created)]


def _statements(
    texts: list[Text], created: frozenset[str], rules: Mapping[int, frozenset[str]]
) -> Iterator[Step]:
    for number, text in enumerate(texts):
        found = statement(text.text)
        if found is None or KEPT in text.text:
            continue
        end = texts[number + 1].line if number + 1 < len(texts) else text.line + 1000
        of_squawk = [names for line, names in rules.items() if text.line <= line < end]
        table = _TABLE.search(found.template)
        name = last_word(table[1]) if table else ""
        if name not in created:
            yield Step(text.line, found.template, name, rules=frozenset().union(*of_squawk))


def _calls(calls: list[Call], created: frozenset[str]) -> Iterator[Step]:
    calls = calls[:_MOST]
    for call in calls:
        around = [one for one in calls if one.line <= call.line and call.end_line <= one.end_line]
        if any(_REVIEWED.match(one.name) for one in around) and call.name != "RunSQL":
            continue
        arguments = ", ".join(one for one in call.arguments if not _FUNCTION.match(one))
        firsts = [one.arguments[0] for one in around if one.arguments]
        if _NAME_FIRST.search(call.name):  # op.create_index("name", "table", …)
            firsts.append(" ".join(call.arguments[1:2]))
        named = next(filter(None, map(_NAMED.search, (arguments, *firsts))), None)
        words = f"{named[1] if named else ''} {' '.join(firsts)}"
        if created.isdisjoint(_WORDS.findall(words.lower())):
            scope = call.scopes[-1] if call.scopes else ""
            table = named[1].lower() if named else ""
            yield Step(call.line, f"{scope}>{call.path}({arguments})", table, call)


def rows(code: Code, place: Place, found: list[Step], online: bool) -> Iterator[dict[str, Any]]:
    """One row for each step of a function or class that has a hazard."""
    outside = _without_transaction(place.file.classes)
    locked = said = False
    for step in sorted(found, key=lambda step: step.line):
        holds = {one.name: _holds(one, step, online) for one in hazards()}
        apart = outside or (step.call is not None and any(map(_OUTSIDE.search, step.call.scopes)))
        if place.file.language in _TRANSACTIONAL and _CONCURRENT.search(step.text):
            holds["in_transaction"] |= not apart
        mixed = locked and not (apart or said) and bool(_CHANGES_ROWS.search(step.text))
        holds["mixed"], said = mixed, said or mixed
        locked = locked or (not online and bool(CHANGES_SCHEMA.search(step.text)))
        if any(holds.values()):
            yield row(code, place, step, **holds)


def row(code: Code, place: Place, step: Step, **holds: bool) -> dict[str, Any]:
    """Return the row of a step, with the hazards that hold."""
    known = {one.name: one.squawk for one in hazards()}
    by = sorted(step.rules & frozenset().union(*known.values())) or ["own"]
    called = step.call.path if step.call else "none"
    none = dict.fromkeys((*known, "mixed", "waits"), False)
    at = code.row(place, step.line, call=called, table=step.table or "none", rule=by)
    return at | none | holds


def _holds(one: Hazard, step: Step, online: bool) -> bool:
    if one.online and online:
        return False
    shown = (one.call if step.call else one.sql).search(step.text)
    return bool(shown) or not one.squawk.isdisjoint(step.rules)


def _without_transaction(classes: Iterable[Class]) -> bool:
    signs = [call.name for one in classes for call in one.calls]
    signs += [f"{name}={value}" for one in classes for name, value in one.assigned.items()]
    return any(map(_NO_TRANSACTION.match, signs))


def last_word(name: str) -> str:
    """Return the last word of a name, in lower case: the table of ``public."Orders"``."""
    words = _WORDS.findall(name.lower())
    return words[-1] if words else ""
