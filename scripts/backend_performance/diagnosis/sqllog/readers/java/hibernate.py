"""Hibernate: ``show_sql``, ``org.hibernate.SQL``, also formatted, and slow queries."""

from __future__ import annotations

from ..application import SQL, application, form

_SINGLE = r"Hibernate: ?" + SQL
_LOGGER = r"\b(?:org|o)\.h(?:ibernate)?\.SQL\b[\s\]:|-]*" + SQL
#: The statement begins in the next line.
_FORMATTED = r"(?:\bHibernate: ?|\b(?:org|o)\.h(?:ibernate)?\.SQL\b[\s\]:|-]*)\Z"
_BOUND = r"binding parameter (?:\[\d+\] as \[\w+\] - |\(\d+:\w+\) <- )\[(?P<args>.*)\]"
_SLOW = r"SlowQuery: (?P<ms>\d+) milliseconds\. SQL: '(?:[\w$.@]+ wrapping )?" + SQL

READER = application(
    "hibernate",
    "Hibernate's log",
    form(_SLOW, tail=r"'", lines=False),
    form(_SINGLE, follow=_BOUND),
    form(_LOGGER, follow=_BOUND),
    form(_FORMATTED, follow=_BOUND),
)
