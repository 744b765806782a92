"""Environment variables and values: only what the settings table knows is kept.

A database address is read for its options; user, password and host name stay behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from .. import tables
from ..interpolation import filled
from ..model import Settings
from . import commands

#: Name, value and line.
Variable = tuple[str, str, int]
_STATEMENT_LIMIT = re.compile(r"\bstatement_timeout=(\w+)")
_HOST_AND_PORT = re.compile(r"[\w.-]{1,100}:\d{2,5}")
_DATABASES = ("postgres", "postgresql", "mysql", "mariadb")


def settings(variables: Iterable[Variable], file: str) -> Settings:
    """Return the settings in environment variables."""
    found: Settings = {}
    for name, value, line in variables:
        place = f"{file}:{line}"
        found |= stated("env", name, value, place)
        # Spring and Quarkus read A_B_C as a.b.c, with hyphens left out.
        found |= tables.stated("java", name, filled(value), place)
        for program in tables.programs().values():
            if name in program.options_in:
                found |= commands.options(program.name, commands.words(filled(value)), place)
    return found


def stated(dialect: str, key: str, value: str, place: str) -> Settings:
    """Return what a key states, and what its value does: options of a database's address."""
    text = filled(value)
    found = tables.stated(dialect, key, text, place)
    if "://" in text or text.startswith("?"):
        for option, given in _options(text):
            found |= tables.stated("url", option, given, place)
    if limit := _STATEMENT_LIMIT.search(unquote(text)):
        found |= tables.stated("postgres", "statement_timeout", limit[1], place)
    return found


def addresses(variables: Iterable[Variable]) -> tuple[Mapping[str, object], ...]:
    """Return who is called under which variable, as ``scheme://host`` or ``host:port``."""
    found = []
    for name, value, _ in variables:
        text = filled(value)
        _, host, _ = _parts(f"//{text}" if _HOST_AND_PORT.fullmatch(text) else text)
        if host:
            found.append({"variable": name, "host": host})
    return tuple(found)


def _options(address: str) -> list[tuple[str, str]]:
    scheme, _, query = _parts(address)
    return parse_qsl(query) if not scheme or scheme in _DATABASES else []


def _parts(address: str) -> tuple[str, str, str]:
    """Scheme, host and query of an address; empty if it is none."""
    try:
        parts = urlsplit(address.removeprefix("jdbc:"))
        return parts.scheme.partition("+")[0], parts.hostname or "", parts.query
    except ValueError:
        return "", "", ""
