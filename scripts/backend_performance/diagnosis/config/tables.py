"""The tables that a contributor edits: settings by their keys, programs, and files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

from ... import plain_yaml
from ...skill_root import default_root
from .model import Setting, Settings
from .quantity import parse

FOLDER = Path("scripts") / "probes" / "config" / "tables"


@dataclass(frozen=True)
class Program:
    """A program of the table: what it is and its documented defaults in base units."""

    name: str
    kind: str
    source: str
    defaults: Mapping[str, float | str]
    commands: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    #: Where a server of this program listens; 0 for other programs.
    port: int = 0
    #: Commands that ask a server of this program.
    clients: tuple[str, ...] = ()
    #: Environment variables that hold options of its command line.
    options_in: tuple[str, ...] = ()
    #: Programs whose files it reads beside its own.
    reads: tuple[str, ...] = ()
    #: The setting that says how much memory it holds for its main purpose.
    holds: str = "heap_limit"


@dataclass(frozen=True)
class FileKind:
    """A row of ``files.yaml``: which files it is about, and how they are read."""

    names: tuple[str, ...]
    reader: str
    contains: tuple[str, ...] = ()
    dialect: str = ""
    program: str = ""
    kind: str = "file"
    #: Sections of the file that count, or paths of which the first that exists counts.
    within: tuple[str, ...] = ()


@cache
def programs() -> Mapping[str, Program]:
    """Return the programs by name, from ``programs.yaml``."""
    return {name: Program(name, **_tuples(row)) for name, row in read("programs.yaml").items()}


@cache
def files() -> tuple[FileKind, ...]:
    """Return the kinds of files, first match wins, from ``files.yaml``."""
    return tuple(FileKind(**_tuples(row)) for row in read("files.yaml")["kinds"])


def kind_of_file(name: str, text: str | None = None) -> FileKind | None:
    """Return the first kind that fits a file's name, and its text where that is given."""
    base = name.rpartition("/")[2].lower()
    for kind in files():
        inside = text is None or not kind.contains or any(word in text for word in kind.contains)
        if inside and any(fnmatch(base, pattern) for pattern in kind.names):
            return kind
    return None


@cache
def keys() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Return, by dialect and key, the canonical setting and the unit of a bare number."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for setting, dialects in read("settings.yaml").items():
        for dialect, units in dialects.items():
            for key, unit in units.items():
                found.setdefault(dialect, {})[key] = (setting, unit)
    return found


@cache
def _spelled() -> Mapping[tuple[str, str], str]:
    """Keys that are no options of a command line, by dialect and by letters and digits alone."""
    return {
        (dialect, _bare(key)): key
        for dialect, known in keys().items()
        for key in known
        if not key.startswith("-")
    }


def _bare(key: str) -> str:
    """``maximum-pool-size``, ``maximumPoolSize`` and ``MAXIMUM_POOL_SIZE`` are one key."""
    return re.sub(r"[._-]", "", key).lower()


@cache
def names() -> tuple[str, ...]:
    """Return the names of all canonical settings."""
    return tuple(read("settings.yaml"))


def stated(dialect: str, key: str, value: str, place: str) -> Settings:
    """Return the canonical setting that a key of a file states; nothing for another key."""
    known = keys().get(dialect, {})
    spelled = key if key in known or key.startswith("-") else _spelled().get((dialect, _bare(key)))
    if spelled is None or spelled not in known:
        return {}
    name, unit = known[spelled]
    if unit == "client":
        return {name: Setting(by_client(value), place)}
    # Puma writes its threads as "least:most" or "least, most".
    last = value.replace(",", ":").rpartition(":")[2] if unit == "count" else value
    return {name: Setting(parse(last, unit), place)}


def defaults(program: str) -> Settings:
    """Return the documented defaults of a program."""
    known = programs().get(program)
    return {
        name: Setting(
            value if isinstance(value, str) else float(value), f"default-of-{program}", False
        )
        for name, value in (known.defaults.items() if known else ())
    }


def kind_of(program: str) -> str:
    """Return ``application``, ``worker``, ``database``, …, or ``unknown``."""
    return programs()[program].kind if program in programs() else "unknown"


def by_command(word: str) -> str:
    """Return the program that a word of a command line starts, or an empty string."""
    name = word.rpartition("/")[2]
    return next((p.name for p in programs().values() if name in p.commands), "")


def by_client(command: str) -> str:
    """Return the program whose client a command runs, or an empty string."""
    words = {word.rpartition("/")[2].strip("\"';") for word in command.split()}
    return next((p.name for p in programs().values() if words.intersection(p.clients)), "")


def by_image(image: str) -> str:
    """Return the program in a container image, or an empty string."""
    name = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    for program in programs().values():
        if any(fnmatch(name, pattern) for pattern in program.images):
            return program.name
    return ""


@cache
def read(name: str) -> dict[str, Any]:
    """Return the mapping in a file of the folder."""
    data = plain_yaml.load_file(default_root() / FOLDER / name)
    assert isinstance(data, dict)
    return data


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
