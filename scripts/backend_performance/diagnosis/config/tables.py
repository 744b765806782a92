"""The two tables that a contributor edits: settings by their keys, and programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ...skill_root import default_root
from .model import Entry, Place, Setting
from .quantity import parse

FOLDER = Path("scripts") / "probes" / "config" / "tables"


@dataclass(frozen=True)
class Program:
    """A program of the table: what it is and its documented defaults in base units."""

    name: str
    kind: str
    commands: tuple[str, ...]
    images: tuple[str, ...]
    defaults: Mapping[str, float | str]
    source: str


@cache
def programs() -> Mapping[str, Program]:
    """Return the programs by name, from ``programs.yaml``."""
    return {
        name: Program(
            name,
            row["kind"],
            tuple(row.get("commands", ())),
            tuple(row.get("images", ())),
            row["defaults"],
            row["source"],
        )
        for name, row in _read("programs.yaml").items()
    }


@cache
def keys() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Return, by dialect and key, the canonical setting and the unit of a bare number."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for setting, dialects in _read("settings.yaml").items():
        for dialect, units in dialects.items():
            for key, unit in units.items():
                found.setdefault(dialect, {})[key] = (setting, unit)
    return found


def settings(entries: Sequence[Entry], file: str) -> dict[str, Setting]:
    """Return the canonical settings that entries of one file state; the last one wins."""
    found: dict[str, Setting] = {}
    for entry in entries:
        known = keys().get(entry.dialect, {}).get(entry.key)
        if known is not None:
            name, unit = known
            place = Place(file, entry.line)
            found[name] = Setting(name, _figure(entry.value, unit), place)
    return found


def defaults(program: str) -> dict[str, Setting]:
    """Return the documented defaults of a program as settings without a line."""
    known = programs().get(program)
    if known is None:
        return {}
    place = Place(f"default-of-{program}", 0)
    return {
        name: Setting(name, value if isinstance(value, str) else float(value), place)
        for name, value in known.defaults.items()
    }


def by_command(word: str) -> str:
    """Return the program that a word of a command line starts, or an empty string."""
    name = word.rpartition("/")[2]
    return next((p.name for p in programs().values() if name in p.commands), "")


def by_image(image: str) -> str:
    """Return the program in a container image, or an empty string."""
    name = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    for program in programs().values():
        if name in program.images or any(name.startswith(f"{i}-") for i in program.images):
            return program.name
    return ""


def _figure(value: str, unit: str) -> float | str | None:
    # Puma writes its threads as "least:most" or "least, most".
    last = value.replace(",", ":").rpartition(":")[2] if unit == "count" else value
    return parse(last, unit)


def _read(name: str) -> dict[str, Any]:
    data = yaml.safe_load((default_root() / FOLDER / name).read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
