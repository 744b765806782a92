"""MikroORM: ``[query] select … [took 4 ms, 1 result]``."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "mikroorm",
    "MikroORM's log",
    form(
        rf"\[query\] (?:\[[^\]]*\] )?{SQL}",
        tail=r"\[took (?P<ms>\d+(?:\.\d+)?) ms(?:, \d+ (?:results?|rows? affected))?\]"
        r"(?: \(via [^)]*\))?",
    ),
)
