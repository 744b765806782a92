"""Files of one setting a line: ``.env``, ``.properties``, ``.conf``, INI and unit files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..interpolation import filled
from ..model import Entry, Part, Place
from . import environment

_ASSIGNMENT = re.compile(r"^\s*(?:export\s+)?([\w.\[\]-]+)\s*[=:]\s*(.*?)\s*$")
_WORDS = re.compile(r"^\s*([\w.-]+)\s+(.*?)\s*$")
_SECTION = re.compile(r"^\s*\[([^\]]+)\]\s*$")
_COMMENT = re.compile(r"\s+[#;].*$")


def dotenv(text: str, file: str) -> Iterator[Part]:
    """Yield the variables of an ``.env`` file that the settings table knows."""
    entries: list[Entry] = []
    for line, key, value in _assignments(text):
        entries += environment.read(key, filled(value.strip("\"'")), line)
    yield Part(".env", "file", Place(file, 1), "", tuple(entries))


def properties(text: str, file: str) -> Iterator[Part]:
    """Yield the settings of a Java ``.properties`` file."""
    entries: list[Entry] = []
    for line, key, value in _assignments(text):
        dialect = "quarkus" if key.startswith("quarkus.") else "spring"
        entries.append(Entry(dialect, key, filled(value), line))
        entries += environment.of_address(filled(value), line) if "://" in value else ()
    yield Part("application", "file", Place(file, 1), "java", tuple(entries))


def postgres(text: str, file: str) -> Iterator[Part]:
    """Yield the settings of a ``postgresql.conf``; both ``a = b`` and ``a b`` are valid."""
    yield Part("postgres", "server", Place(file, 1), "postgres", tuple(_both(text, "postgres")))


def redis(text: str, file: str) -> Iterator[Part]:
    """Yield the settings of a ``redis.conf``."""
    entries = tuple(
        Entry("redis", match[1].lower(), match[2], number)
        for number, row in enumerate(text.splitlines(), 1)
        if (match := _WORDS.match(row)) and not row.lstrip().startswith("#")
    )
    yield Part("redis", "server", Place(file, 1), "redis", entries)


def pgbouncer(text: str, file: str) -> Iterator[Part]:
    """Yield the settings of a ``pgbouncer.ini``."""
    entries = tuple(
        Entry("pgbouncer", key, value, line)
        for section, line, key, value in sections(text)
        if section == "pgbouncer"
    )
    yield Part("pgbouncer", "server", Place(file, 1), "pgbouncer", entries)


def mysql(text: str, file: str) -> Iterator[Part]:
    """Yield the server's settings in a ``my.cnf``; hyphens and underscores are the same."""
    entries = tuple(
        Entry("mysql", key.replace("-", "_"), value, line)
        for section, line, key, value in sections(text)
        if section in ("mysqld", "mariadb", "mariadbd", "server")
    )
    yield Part("mysql", "server", Place(file, 1), "mysql", entries)


def php_fpm(text: str, file: str) -> Iterator[Part]:
    """Yield the settings of each pool of PHP-FPM."""
    pools: dict[str, list[Entry]] = {}
    for section, line, key, value in sections(text):
        if section != "global":
            pools.setdefault(section, []).append(Entry("php-fpm", key, value, line))
    for name, entries in pools.items():
        yield Part(name, "file", Place(file, entries[0].line), "php-fpm", tuple(entries))


def _both(text: str, dialect: str) -> Iterator[Entry]:
    for number, row in enumerate(text.splitlines(), 1):
        bare = _COMMENT.sub("", row)
        match = _ASSIGNMENT.match(bare) or _WORDS.match(bare)
        if match and not row.lstrip().startswith("#"):
            yield Entry(dialect, match[1].lower(), match[2].strip("'"), number)


def _assignments(text: str) -> Iterator[tuple[int, str, str]]:
    for number, row in enumerate(text.splitlines(), 1):
        match = _ASSIGNMENT.match(row)
        if match and not row.lstrip().startswith(("#", "!", ";")):
            yield number, match[1], match[2]


def sections(text: str) -> Iterator[tuple[str, int, str, str]]:
    """Yield section, line, key and value of each assignment of an INI file."""
    section = ""
    for number, row in enumerate(text.splitlines(), 1):
        bare = _COMMENT.sub("", row)
        heading = _SECTION.match(bare)
        match = _ASSIGNMENT.match(bare)
        if heading:
            section = heading[1].strip()
        elif match and not bare.lstrip().startswith(("#", ";")):
            yield section, number, match[1], match[2]
