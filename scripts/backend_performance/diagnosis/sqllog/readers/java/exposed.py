"""Exposed (Kotlin): ``SQL: SELECT …`` on standard output, ``Exposed`` as a logger; JdbcTemplate."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "exposed",
    "Exposed's log",
    # Laravel puts its channel and level before the same words, MyBatis the mark of its errors.
    form(rf"(?i:(?:\A|(?<!\.info:)(?<!\.debug:)(?<!###)\s)SQL: ){SQL}"),
    form(rf"\bExposed\b[\s:\]|-]+{SQL}"),
)
