"""Sequel: ``(0.000412s) SELECT …``."""

from __future__ import annotations

from ..application import SQL, application, form

READER = application("sequel", "Sequel's log", form(rf"\((?P<s>\d+\.\d{{6}})s\) {SQL}"))
