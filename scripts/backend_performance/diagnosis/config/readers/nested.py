"""YAML of frameworks: Spring's ``application.yml`` and Rails' ``database.yml``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..interpolation import filled
from ..located import Located, documents
from ..model import Entry, Part, Place
from . import environment

MAX_KEYS = 5_000
_EMBEDDED = re.compile(r"<%=(.*?)%>", re.DOTALL)
_FETCHED = re.compile(r"ENV(?:\.fetch\(|\[)\s*['\"]\w+['\"]\s*[\])]?\s*(?:,|\|\||\{)?\D*(\d+)")


def spring(text: str, file: str) -> Iterator[Part]:
    """Yield the settings of each document of an ``application.yml``.

    Raises:
        NotYamlError: the text cannot be read as YAML.
    """
    for document in documents(text):
        entries: list[Entry] = []
        for key, value in _flat(document):
            dialect = "quarkus" if key.startswith("quarkus.") else "spring"
            given = filled(str(value.value))
            entries.append(Entry(dialect, key, given, value.line))
            if "://" in given:
                entries += environment.of_address(given, value.line)
        yield Part("application", "file", Place(file, document.line), "java", tuple(entries))


def rails(text: str, file: str) -> Iterator[Part]:
    """Yield the production settings of a ``database.yml``; of ERB the default figure is read.

    Raises:
        NotYamlError: the text cannot be read as YAML.
    """
    plain = _EMBEDDED.sub(lambda match: _figure(match[1]), text)
    for document in documents(plain):
        production = document.at("production") or document.at("default")
        if production is None:
            continue
        if production.at("primary") is not None:
            production = production.at("primary") or production
        entries = tuple(
            Entry("rails", key, str(value.value), value.line) for key, value in _flat(production)
        )
        yield Part("database.yml", "file", Place(file, production.line), "rails", entries)


def _figure(code: str) -> str:
    found = _FETCHED.search(code)
    return found[1] if found else "variable"


def _flat(document: Located) -> Iterator[tuple[str, Located]]:
    """Yield the scalars of nested mappings under their dotted keys."""
    waiting = [("", document)]
    for _ in range(MAX_KEYS):
        if not waiting:
            return
        prefix, current = waiting.pop()
        if isinstance(current.value, str):
            yield prefix, current
        waiting += [(f"{prefix}.{key}" if prefix else key, value) for key, value in current.items()]
