"""Peewee: ``('SELECT … WHERE ("t1"."id" = ?)', [1])``."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "peewee",
    "Peewee's log",
    form(
        rf"\(['\"](?=SELECT|INSERT|UPDATE|DELETE|WITH|BEGIN|COMMIT|ROLLBACK|CREATE){SQL}",
        tail=r"['\"], (?P<args>[\[(].*[\])]|None)\)",
        lines=False,
    ),
)
