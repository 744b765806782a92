"""TypeORM: ``query: SELECT … -- PARAMETERS: [1]``, slow queries with their time."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "typeorm",
    "TypeORM's log",
    form(
        rf"(?<![\w:.])(?-i:query)(?: is slow)?: {SQL}",
        tail=r"-- PARAMETERS: (?P<args>.*)",
        skip=r"\bsql_db: ",
        follow=r"(?i)execution time: (?P<ms>\d+)",
    ),
)
