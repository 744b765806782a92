"""SQLAlchemy (sqlalchemy.engine): the statement, then a line with its parameters."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "sqlalchemy",
    "SQLAlchemy's log",
    form(
        rf"\bsqlalchemy\.engine[\w.]*(?: -|:|\])? *{SQL}",
        tail=r"(?<=BEGIN) \(implicit\)",
        follow=r"\bsqlalchemy\.engine[\w.]*(?: -|:|\])? *(?:\[(?:generated|cached|raw|no key|"
        r"dialect|insertmanyvalues|caching)[^\]]{0,100}\] )?(?P<args>[\[({].*)\Z",
    ),
)
