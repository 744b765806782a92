"""Environment variables: only names of the settings table are kept, never their neighbours.

A database address is read for its options; user, password and host name stay behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from .. import tables
from ..model import Entry
from . import commands

#: Variables that hold options of a program, as its own documentation says.
_OPTIONS_OF = {
    "JAVA_OPTS": "java",
    "JAVA_TOOL_OPTIONS": "java",
    "JDK_JAVA_OPTIONS": "java",
    "CATALINA_OPTS": "java",
    "_JAVA_OPTIONS": "java",
    "NODE_OPTIONS": "node",
    "GUNICORN_CMD_ARGS": "gunicorn",
    "PUMA_OPTS": "puma",
}
_DATABASES = ("postgres", "postgresql", "mysql", "mariadb")


def read(name: str, value: str, line: int) -> Iterator[Entry]:
    """Yield the entries in one variable; nothing for a name that no table knows."""
    if name in tables.keys().get("env", {}):
        yield Entry("env", name, value, line)
    elif name in _OPTIONS_OF:
        yield from commands.options(_OPTIONS_OF[name], value, line)
    elif name.upper().startswith(("SPRING_", "SERVER_", "QUARKUS_")):
        yield from _relaxed(name, value, line)
    if "://" in value or value.startswith("?"):
        yield from of_address(value, line)


def of_address(address: str, line: int) -> Iterator[Entry]:
    """Yield the options in the query of a database address."""
    try:
        parts = urlsplit(address.removeprefix("jdbc:"))
    except ValueError:
        return
    if parts.scheme and parts.scheme.partition("+")[0] not in _DATABASES:
        return
    for key, value in parse_qsl(parts.query):
        if key in tables.keys()["url"]:
            yield Entry("url", key, value, line)
        elif key == "options" and "statement_timeout=" in value:
            given = unquote(value).partition("statement_timeout=")[2].split()[0]
            yield Entry("url", "statement_timeout", given, line)


def host(address: str) -> tuple[str, str]:
    """Return scheme and host of an address without credentials; empty if it is not an address."""
    try:
        parts = urlsplit(address.removeprefix("jdbc:"))
        return parts.scheme.partition("+")[0], parts.hostname or ""
    except ValueError:
        return "", ""


def _relaxed(name: str, value: str, line: int) -> Iterator[Entry]:
    """Spring and Quarkus read ``A_B_C`` as ``a.b.c``, with hyphens left out."""
    wanted = name.lower().replace("_", "")
    for dialect in ("spring", "quarkus"):
        for key in tables.keys()[dialect]:
            if key.replace(".", "").replace("-", "").lower() == wanted:
                yield Entry(dialect, key, value, line)
                return
