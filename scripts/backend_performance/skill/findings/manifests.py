"""What Claude Code refuses in the manifests of plugins and marketplaces.

Types and names are those of https://code.claude.com/docs/en/plugins/manifest-reference, read
2026-11; fields that are not listed there are ignored by clients, and here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_TEXTS = ("version", "description", "homepage", "license")
_COMPONENTS = ("skills", "commands", "agents", "outputStyles")
_CONFIGURED = ("hooks", "mcpServers", "lspServers")


class Problem(NamedTuple):
    """``key`` is what stands in the file near the value that is wrong."""

    key: str
    message: str


def plugin(data: Any, folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with the manifest of the plugin in ``folder``."""
    if not isinstance(data, dict):
        yield Problem("", "the manifest is not an object")
        return
    yield from _named(data)
    for key in _TEXTS:
        if key in data and not isinstance(data[key], str):
            yield Problem(key, f"`{key}` must be a text")
    author = data.get("author")
    if author is not None and not _has_name(author):
        yield Problem("author", "`author` must be an object with a `name`")
    if "keywords" in data and not _is_texts(data["keywords"]):
        yield Problem("keywords", "`keywords` must be a list of texts")
    for key in _COMPONENTS:
        yield from _paths(data, key, folder)
    for key in _CONFIGURED:
        if key in data and not isinstance(data[key], (str, list, dict)):
            yield Problem(key, f"`{key}` must be a path, a list or an object")


def marketplace(data: Any, folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with the manifest of the marketplace in ``folder``."""
    if not isinstance(data, dict):
        yield Problem("", "the manifest is not an object")
        return
    yield from _named(data)
    if not _has_name(data.get("owner")):
        yield Problem("owner", "`owner` must be an object with a `name`")
    plugins = data.get("plugins")
    if not isinstance(plugins, list):
        yield Problem("plugins", "`plugins` must be a list")
        return
    metadata = data.get("metadata")
    base = metadata.get("pluginRoot") if isinstance(metadata, dict) else None
    for each in plugins:
        if not isinstance(each, dict):
            yield Problem("plugins", "each of `plugins` must be an object")
            continue
        yield from _named(each)
        yield from _source(each.get("source"), folder, isinstance(base, str))
        for key in _COMPONENTS:
            value = each.get(key)
            if value is not None and not isinstance(value, str) and not _is_texts(value):
                yield Problem(key, f"`{key}` must be a path or a list of paths")


def _named(data: dict[str, Any]) -> Iterator[Problem]:
    name = data.get("name")
    if not isinstance(name, str) or not name:
        yield Problem("name", "`name` must be a text")
    elif not _NAME.fullmatch(name):
        yield Problem("name", f"`name` is {name[:80]!r}; write it in kebab-case, without spaces")


def _source(source: Any, folder: Path, has_base: bool) -> Iterator[Problem]:
    if isinstance(source, dict):
        if not isinstance(source.get("source"), str):
            yield Problem("source", "a `source` that is an object must name its kind in `source`")
    elif not isinstance(source, str):
        yield Problem("source", "`source` of a plugin must be a path or an object")
    elif not has_base:
        if not source.startswith("./"):
            yield Problem("source", f"the source `{source[:80]}` must start with `./`")
        elif not (folder / source).exists():
            yield Problem(source, f"the source `{source[:80]}` does not exist")


def _paths(data: dict[str, Any], key: str, folder: Path) -> Iterator[Problem]:
    value = data.get(key)
    if value is None or (key != "skills" and isinstance(value, dict)):
        return
    paths = [value] if isinstance(value, str) else value
    if not _is_texts(paths):
        yield Problem(key, f"`{key}` must be a path or a list of paths")
        return
    for path in paths:
        if not path.startswith("./"):
            yield Problem(path, f"the path `{path[:80]}` of `{key}` must start with `./`")
        elif not (folder / path).exists():
            yield Problem(path, f"the path `{path[:80]}` of `{key}` does not exist")


def _has_name(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("name"), str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
