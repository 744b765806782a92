"""Spring's JdbcTemplate: ``Executing prepared SQL statement [select …]``; log4jdbc."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "spring-jdbc",
    "the log of Spring's JdbcTemplate",
    form(
        rf"Executing (?:prepared )?SQL (?:statement|query|update|batch update|call) \[{SQL}",
        tail=r"\]",
        follow=r"Setting SQL statement parameter value: .*?parameter value \[(?P<args>[^\]]*)\]",
    ),
    form(
        rf"(?:jdbc\.sqltiming|jdbc\.sqlonly)\b(?:(?!jdbc\.sql).){{0,200}}?(?:\d+\. )?{SQL}",
        tail=r"\{executed in (?P<ms>\d+) (?:msec|ms)\}",
    ),
)
