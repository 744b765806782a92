"""``.claude-plugin/marketplace.json``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .plugin import COMPONENTS
from .values import TYPES, Problem, has_name, is_texts, named, of_types, skill_folder

_TYPES = {"description": "a text", "version": "a text", "metadata": "an object"}
_PLUGIN_TYPES = TYPES | {"category": "a text", "tags": "a list of texts", "strict": "true or false"}
#: Kinds of sources, and the field that each cannot be without.
_SOURCES = {"github": "repo", "url": "url", "git-subdir": "url", "npm": "package"}


def marketplace(data: Any, folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with the manifest of the marketplace in ``folder``."""
    if not isinstance(data, dict):
        yield Problem("", "the manifest is not an object")
        return
    yield from named(data)
    if not has_name(data.get("owner")):
        yield Problem("owner", "`owner` must be an object with a `name`")
    yield from of_types(data, _TYPES)
    plugins = data.get("plugins")
    if not isinstance(plugins, list):
        yield Problem("plugins", "`plugins` must be a list")
        return
    metadata = data.get("metadata")
    base = metadata.get("pluginRoot") if isinstance(metadata, dict) else None
    for each in plugins:
        yield from _plugin(each, folder, isinstance(base, str))
    names = Counter(each["name"] for each in plugins if has_name(each))
    for name, count in names.items():
        if count > 1:
            yield Problem(name, f"{count} plugins have the name `{name[:80]}`")


def _plugin(data: Any, folder: Path, has_base: bool) -> Iterator[Problem]:
    if not isinstance(data, dict):
        yield Problem("plugins", "each of `plugins` must be an object")
        return
    yield from named(data)
    yield from of_types(data, _PLUGIN_TYPES)
    yield from _source(data.get("source"), folder, has_base)
    for key in COMPONENTS:
        yield from _component(key, data.get(key))


def _component(key: str, value: Any) -> Iterator[Problem]:
    """The paths count from the plugin, which may be elsewhere: only their form is looked at."""
    if value is None or (key == "commands" and isinstance(value, dict)):
        return
    paths = [value] if isinstance(value, str) else value
    if not is_texts(paths):
        yield Problem(key, f"`{key}` must be a path or a list of paths")
        return
    for each in paths:
        if not each.startswith("./"):
            yield Problem(each, f"the path `{each[:80]}` of `{key}` must start with `./`")
        elif key == "agents" and not each.endswith(".md"):
            yield Problem(each, f"`{each[:80]}` of `agents` must be a Markdown file, not a folder")
        else:
            yield from skill_folder(key, each)


def _source(source: Any, folder: Path, has_base: bool) -> Iterator[Problem]:
    if isinstance(source, dict):
        yield from _remote(source)
    elif not isinstance(source, str):
        yield Problem("source", "`source` of a plugin must be a path or an object")
    elif not has_base:
        if not source.startswith("./"):
            yield Problem(source, f"the source `{source[:80]}` must start with `./`")
        elif not (folder / source).exists():
            yield Problem(source, f"the source `{source[:80]}` does not exist", is_refused=False)


def _remote(source: dict[str, Any]) -> Iterator[Problem]:
    kind = source.get("source")
    if not isinstance(kind, str) or kind not in _SOURCES:
        kinds = ", ".join(_SOURCES)
        yield Problem("source", f"a `source` that is an object must name its kind: {kinds}")
    elif not isinstance(source.get(_SOURCES[kind]), str):
        yield Problem("source", f"a source of the kind `{kind}` needs `{_SOURCES[kind]}`")
