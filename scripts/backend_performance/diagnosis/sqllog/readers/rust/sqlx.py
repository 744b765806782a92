"""sqlx (``sqlx::query``), as events with fields and in the older form; SeaORM uses it."""

from __future__ import annotations

from ..application import SQL, application, form

_ELAPSED = r"elapsed[=:] ?(?:(?P<s>[\d.]+)s|(?P<ms>[\d.]+)ms|(?P<us>[\d.]+)[µu]s|(?P<ns>[\d.]+)ns)"

READER = application(
    "sqlx",
    "sqlx' log",
    form(
        rf"\bsqlx::query:? .*?db\.statement=\"(?P<sql>(?:[^\"\\]|\\.)+)\".*?{_ELAPSED}",
        lines=False,
        escaped=True,
    ),
    form(
        rf"\bsqlx::query:? .*?summary=\"(?P<sql>(?:[^\"\\]|\\.)*)\".*?{_ELAPSED}",
        lines=False,
        escaped=True,
    ),
    form(rf"\bsqlx::query\b[\s\]:>-]*{SQL}", tail=rf"; rows(?: affected)?: .*?{_ELAPSED}.*"),
)
