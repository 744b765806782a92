"""Knex (``DEBUG=knex:*`` or ``debug: true``), which Objection and Bookshelf use."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "knex",
    "Knex' log",
    form(
        rf"\bknex:(?:query|tx) {SQL}",
        tail=r"(?: (?P<args>\[.*?\]))?(?: (?:undefined|trx\d+))?(?: \+\d+\w+)?",
        follow=r"\bknex:bindings +(?P<args>\[.*?\])",
        prefix=r"\A.{0,40}?\bknex:query ",
    ),
    form(rf"\bsql: ['\"`]{SQL}", tail=r"['\"`],?", follow=r"\bbindings: (?P<args>\[.*\])"),
)
