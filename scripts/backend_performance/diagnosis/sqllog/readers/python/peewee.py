"""Peewee: ``('SELECT … WHERE ("t1"."id" = ?)', [1])``."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "peewee",
    "Peewee's log",
    form(
        # What is called with a statement in quotes is code unless a list of values follows.
        rf"\(['\"](?=SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|COMMIT|ROLLBACK|CREATE)"
        rf"(?=.*['\"], (?:[\[(]|None\))){SQL}",
        tail=r"['\"], (?P<args>[\[(].*[\])]|None)\)",
        lines=False,
    ),
)
