"""Drizzle: ``Query: select … -- params: [1]``; without parameters nothing follows."""

from __future__ import annotations

from ..application import SQL, application, form

#: The words of its own statements are in small letters, those of Prisma's ``Query:`` are not.
_OWN = r"(?:(?-i:(?=[a-z]))|(?=.*-- params: ))"

READER = application(
    "drizzle",
    "Drizzle's log",
    form(rf"\b(?-i:Query): {_OWN}{SQL}", tail=r"-- params: (?P<args>.*)"),
)
