"""How one kind of evidence row reads as a sign of trouble: its subject, its words, its cost.

A probe without a sketch still makes causes, from its reason and its subject; a sketch gives better
words, the measured cost and a statement that can be run.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..figure import rounded, size
from ..statements.model import Row, Statement
from ..untrusted import plain, unescaped

#: Long enough to recognise a statement, short enough for a title.
MAX_VALUE = 110
#: Spaces that a digest of MySQL has and no person writes.
_BEFORE, _AFTER = re.compile(r" +(?=[,;)])"), re.compile(r"(?<=\() +")


def no_statement(_: Row) -> tuple[Statement, ...]:
    """Return no statement: the evidence does not determine one."""
    return ()


def always(_: Row) -> bool:
    """Hold for every row."""
    return True


def has(column: str, *values: object) -> Callable[[Row], bool]:
    """Return a condition: the column has one of ``values``, or any that is not empty or zero."""
    return lambda row: row.get(column) in values if values else bool(row.get(column))


def is_whole(column: str) -> Callable[[Row], bool]:
    """Return a condition: the column has a whole number."""
    return lambda row: isinstance(row.get(column), int)


#: What costs are made of: name → (column, factor).
Costs = Mapping[str, tuple[str, float]]
BYTES_PER_KB, BYTES_PER_MB = 1024.0, 1024.0**2
CALLS: Costs = {"calls": ("calls", 1.0)}
PER_CALL: Costs = {"ms_per_call": ("mean_ms", 1.0), **CALLS}
TIME: Costs = {"share_pct": ("share_pct", 1.0), **PER_CALL}


@dataclass(frozen=True)
class Sketch:
    """How rows of a probe read.

    Args:
        theme: Evidence of one theme about one subject is one cause.
        kind: Kind of the subject, such as table or statement.
        names: Columns that may name the subject; the first one with a value counts. Without
            any, everything of the theme is about one subject.
        title: What is wrong, with ``{column}`` for values of the row, ``{column:kB}`` for a size
            that the row has in kB; the title of the cause when this sketch leads it.
        also: The same in a few words, added to the title when another sketch leads.
        cost: Name of a cost → (column, factor). Names: ``share_pct``, ``ms_per_call``, ``calls``,
            ``rows``, ``bytes``, ``seconds``, ``connections``.
        statements: What a person can run.
        is_urgent: An outage or a loss of data, which comes before any cost in time.
        joins: Whether the rows of all subjects are one cause, as for superfluous indexes.
        item: The checklist item that advises, where it is not the one that the probe decides.
        fix: What to do, where the item's advice is about more than this evidence.
        risk: What the fix can harm; every ``fix`` has one.
        when: Rows that the sketch is for; the first sketch of a probe that fits is taken.
    """

    theme: str
    kind: str
    names: tuple[str, ...]
    title: str
    also: str = ""
    cost: Costs = field(default_factory=dict)
    statements: Callable[[Row], tuple[Statement, ...]] = no_statement
    is_urgent: bool = False
    joins: bool = False
    when: Callable[[Row], bool] = always
    item: str = ""
    fix: str = ""
    risk: str = ""

    def name(self, row: Row) -> str:
        """Return the name of what the row is about."""
        parts = [plain(row[name], 300) for name in self.names if row.get(name) not in (None, "")]
        return parts[0] if parts else ""

    def costs(self, row: Row) -> dict[str, float]:
        """Return what the row says the trouble costs."""
        found = {}
        for name, (column, factor) in self.cost.items():
            value = row.get(column)
            if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
                found[name] = round(value * factor, 3)
        return found


#: probe → its sketch, or those of which the first that fits a row is taken.
Sketches = Mapping[str, Sketch | tuple[Sketch, ...]]


class _Words(string.Formatter):
    """Fills a title from a row; values of the audited system become short inert text."""

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key))

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None:
            return "?"
        if format_spec == "kB" and isinstance(value, (int, float)):
            return size(value * 1024)
        if isinstance(value, float):
            return format(rounded(value), f"{format_spec}g" if abs(value) < 1000 else format_spec)
        if isinstance(value, int) and not isinstance(value, bool):
            return format(value, format_spec)
        if isinstance(value, (list, tuple)):
            return ", ".join(plain(each, 60).replace("`", "'") for each in value[:6])
        return readable(plain(value, MAX_VALUE))


def readable(text: str) -> str:
    """Return text for a code span: without backticks, and with brackets as people write them.

    A digest of MySQL quotes every name and has a space around every sign.
    """
    shown = unescaped(text.replace("&#96;", "")).replace("`", "")
    return _BEFORE.sub("", _AFTER.sub("", shown))


def worded(template: str, row: Row) -> str:
    """Return ``template`` with the row's values in place of ``{column}``."""
    return _Words().vformat(template, (), row)
