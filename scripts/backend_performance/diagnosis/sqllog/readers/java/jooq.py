"""jOOQ (LoggerListener): ``Executing query : select …`` and ``-> with bind values : select …``."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "jooq",
    "jOOQ's log",
    form(
        rf"Executing (?:batch )?query +: {SQL}",
        follow=r"-> with bind values +: (?P<args>.*)"
        r"|(?:Query executed|Statement executed|Finishing) +: Total: (?P<ms>[\d.]+)ms"
        r"|Fetched (?:result|row\(s\)|rows?|OUT parameters) *:|Affected row\(s\) +:|Version +:",
    ),
)
