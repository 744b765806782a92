"""Drizzle: ``Query: select … -- params: [1]``."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application(
    "drizzle", "Drizzle's log", form(rf"\b(?-i:Query): {SQL} -- params: (?P<args>.*)", lines=False)
)
