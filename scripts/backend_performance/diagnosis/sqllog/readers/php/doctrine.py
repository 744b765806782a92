"""Doctrine: ``doctrine.DEBUG: Executing statement: SELECT … (parameters: …)``, or the SQL alone."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "doctrine",
    "Doctrine's log",
    form(
        r"\bdoctrine\.(?:DEBUG|INFO): Executing (?:statement|query):?(?: \{sql\})?"
        r"(?: \(parameters: \{params\}, types: \{types\}\))? \{\"sql\":\""
        r"(?P<sql>(?:[^\"\\]|\\.)*)\"(?P<args>.*)",
        lines=False,
        escaped=True,
    ),
    form(
        r"\bdoctrine\.(?:DEBUG|INFO): (?:Executing (?:statement|query): |\"?)" + SQL,
        tail=r"\"?(?: \(parameters: (?P<args>.*?), types: .*?\))?"
        r"(?: (?P<context>[\[{].*?[\]}]))?(?: \[\])?",
    ),
)
