"""Odoo (odoo.sql_db): ``[0.300 ms] query: SELECT …``."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "odoo",
    "Odoo's log",
    form(rf"\bodoo\.sql_db: (?:\[(?P<ms>[\d.]+) ms\] )?query: (?:b['\"])?{SQL}"),
)
