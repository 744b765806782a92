"""SQLAlchemy (sqlalchemy.engine): the statement, then a line with its parameters."""

from __future__ import annotations

from ..application import SQL, application, form

#: The logger, then perhaps the level, as the application's formatter has them.
_LOGGER = r"\bsqlalchemy\.engine[\w.]*(?:[\] :|-]+(?:INFO|DEBUG)\b)?(?: -|:|\]| \|)? *"

READER = application(
    "sqlalchemy",
    "SQLAlchemy's log",
    form(
        _LOGGER + SQL,
        tail=r"(?<=BEGIN) \(implicit\)",
        follow=_LOGGER + r"(?:\[(?:generated|cached|raw|no key|"
        r"dialect|insertmanyvalues|caching)[^\]]{0,100}\] )?(?P<args>[\[({].*)\Z",
    ),
)
