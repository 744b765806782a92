"""Tortoise ORM (tortoise.db_client): ``SELECT … : [1]``."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "tortoise",
    "Tortoise's log",
    form(
        rf"\btortoise(?:\.backends)?\.db_client[\s:|-]+{SQL}",
        tail=r": (?P<args>\[.*\]|None)",
        lines=False,
    ),
)
