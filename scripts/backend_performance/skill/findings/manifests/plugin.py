"""``.claude-plugin/plugin.json``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .hooks import events
from .values import TYPES, Problem, is_texts, named, of_types, path

COMPONENTS = ("skills", "commands", "agents", "outputStyles")


def plugin(data: Any, folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with the manifest of the plugin in ``folder``."""
    if not isinstance(data, dict):
        yield Problem("", "the manifest is not an object")
        return
    yield from named(data)
    yield from of_types(data, TYPES)
    for key in COMPONENTS:
        if key in data:
            yield from _component(key, data[key], folder)
    yield from _hooks(data.get("hooks"), folder)


def _component(key: str, value: Any, folder: Path) -> Iterator[Problem]:
    if key == "commands" and isinstance(value, dict):
        sources = [each.get("source") for each in value.values() if isinstance(each, dict)]
        value = [source for source in sources if isinstance(source, str)]
    paths = [value] if isinstance(value, str) else value
    if not is_texts(paths):
        yield Problem(key, f"`{key}` must be a path or a list of paths")
        return
    for each in paths:
        if key == "agents" and not each.endswith(".md"):
            yield Problem(each, f"`{each[:80]}` of `agents` must be a Markdown file, not a folder")
        else:
            yield from path(key, each, folder)


def _hooks(value: Any, folder: Path) -> Iterator[Problem]:
    if isinstance(value, dict):
        yield from events(value)
    for each in [value] if isinstance(value, str) else value if is_texts(value) else ():
        yield from path("hooks", each, folder)
