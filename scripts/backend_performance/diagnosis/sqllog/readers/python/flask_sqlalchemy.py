"""Flask-SQLAlchemy's recorded queries, as applications write those that were slow."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "flask-sqlalchemy",
    "Flask-SQLAlchemy's slow queries",
    form(
        r"\bSLOW QUERY: ?" + SQL,
        follow=r"\A\s*(?:Parameters: ?(?P<args>.*)|Duration: ?(?P<s>\d+(?:\.\d+)?)s?\s*\Z)",
    ),
)
