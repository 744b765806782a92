"""Sequelize: ``Executing (default): SELECT …;``, with ``benchmark`` also the time."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "sequelize",
    "Sequelize's log",
    form(
        rf"\bExecut(?:ing|ed) \((?:default|(?P<transaction>[\w-]{{1,60}}))\): {SQL}",
        tail=r";?(?: (?P<args>[\[{].*?[\]}]))?"
        r"(?:[;,]? ?(?:Elapsed time: ?)?(?P<ms>\d+(?:\.\d+)?) ?ms)?",
    ),
)
