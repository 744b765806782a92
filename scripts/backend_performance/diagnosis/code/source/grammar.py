"""The languages: which files, which parser, which query. All of it is data in probes/code."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .... import plain_yaml
from ....skill_root import default_root
from ...trouble import CannotRun

if TYPE_CHECKING:
    from tree_sitter import Parser, Query

#: A pattern that nothing fits, for what a row of a table does not have.
NEVER = r"(?!)"
#: What reads ignore files and what parses; each language has its grammar besides.
_MODULES = ("pathspec", "tree_sitter")


@dataclass(frozen=True)
class Entry:
    """What makes a function known to the outside: all its patterns must match.

    The names of ``patterns`` are those of ``_entry`` in ``project.py``: ``decorator``, ``base``,
    ``name``, ``owner``, ``parameters`` and ``result``.
    """

    kind: str
    file: re.Pattern[str]  #: of its path
    patterns: Mapping[str, re.Pattern[str]]

    def holds(self, texts: Mapping[str, str]) -> bool:
        """Whether a function is such an entry; a text for each name of a pattern."""
        return all(pattern.search(texts[part]) for part, pattern in self.patterns.items())


@dataclass(frozen=True)
class Grammar:
    """One language."""

    name: str
    wheel: str
    function: str
    query: str
    extensions: tuple[str, ...]
    selves: frozenset[str]
    each: frozenset[str]
    maybe: frozenset[str]  #: calls of ``each`` that an Optional or a Mono has as well
    by_name: frozenset[str]  #: calls of ``each`` that are given a function by its name
    later: re.Pattern[str]
    fields: bool  #: values of fields in a class are built as those at the top of a file
    entries: tuple[Entry, ...]


def folder() -> Path:
    """Where the probes, the sink tables and the queries lie."""
    return default_root() / "scripts" / "probes" / "code"


def table(name: str) -> Any:
    """Return what is in a file of the folder ``languages``."""
    return plain_yaml.load_file(folder() / "languages" / f"{name}.yaml")


@cache
def grammars() -> dict[str, Grammar]:
    """Return the languages by name."""
    return {
        name: Grammar(
            name=name,
            wheel=row["wheel"],
            function=row.get("language", "language"),
            query=row["query"],
            extensions=tuple(row["extensions"]),
            selves=frozenset(row["self"]),
            each=frozenset(row["each"]),
            maybe=frozenset(row.get("maybe", ())),
            by_name=frozenset(row.get("by_name", ())),
            later=re.compile(row["later"]),
            fields=row.get("fields", False),
            entries=tuple(map(_entry, row["entries"])),
        )
        for name, row in table("languages").items()
    }


def _entry(row: dict[str, str]) -> Entry:
    others = {name: re.compile(text) for name, text in row.items() if name not in ("kind", "file")}
    return Entry(row["kind"], re.compile(row.get("file", "")), others)


def require_parsers() -> None:
    """Check that everything is installed that reading code takes.

    Raises:
        CannotRun: a package is missing; the message names them all.
    """
    modules = dict.fromkeys((*_MODULES, *(grammar.wheel for grammar in grammars().values())))
    missing = [name.replace("_", "-") for name in modules if find_spec(name) is None]
    if missing:
        raise CannotRun(
            f"packages are missing; run: python -m pip install {' '.join(missing)} "
            "(`uv run` fetches them by itself)"
        )


@cache
def by_extension() -> dict[str, str]:
    """Return the language of each file extension."""
    return {ext: grammar.name for grammar in grammars().values() for ext in grammar.extensions}


@cache
def parser(name: str) -> tuple[Parser, Query]:
    """Return parser and query of a language."""
    from tree_sitter import Language, Parser, Query

    grammar = grammars()[name]
    module = importlib.import_module(grammar.wheel)
    language = Language(getattr(module, grammar.function)())
    text = (folder() / "languages" / f"{grammar.query}.scm").read_text("utf-8")
    return Parser(language), Query(language, text)
