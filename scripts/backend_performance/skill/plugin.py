"""The plugin that a skill is part of: a client installs its folder as a whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ..files import read_regular

#: How many folders above a skill its plugin is looked for.
_MAX_ABOVE = 4
#: Folders with the manifest of a plugin, by client.
_MARKS = (".claude-plugin", ".codex-plugin", ".cursor-plugin")
_MAX_BYTES = 1_000_000


def folder_of(skill: Path) -> Path | None:
    """Return the plugin of a skill's real folder: what `${CLAUDE_PLUGIN_ROOT}` stands for.

    A marketplace above the skill may describe plugins that have no manifest of their own.
    """
    folders = (skill, *skill.parents[:_MAX_ABOVE])
    above = next((folder for folder in folders if _is_marked(folder)), None)
    if above is None:
        return None
    listed = [folder for folder in _listed(above) if skill.is_relative_to(folder)]
    if listed:
        return max(listed, key=lambda folder: len(folder.parts))
    return above if _has_manifest(above) or not _is_marketplace(above) else None


def is_plugin(folder: Path) -> bool:
    """Return whether a folder is a plugin of Claude Code, by its manifest or a marketplace's."""
    return _has_manifest(folder) or folder.resolve() in _listed(folder)


def _has_manifest(folder: Path) -> bool:
    return (folder / ".claude-plugin" / "plugin.json").is_file()


def _is_marked(folder: Path) -> bool:
    return any((folder / name).is_dir() for name in _MARKS)


def _is_marketplace(folder: Path) -> bool:
    return (folder / ".claude-plugin" / "marketplace.json").is_file()


def _listed(marketplace: Path) -> Iterator[Path]:
    """Yield the folders of the plugins that a marketplace brings itself."""
    try:
        manifest = (marketplace / ".claude-plugin" / "marketplace.json").resolve()
        data = json.loads(read_regular(manifest, _MAX_BYTES))
    except (OSError, RuntimeError, ValueError):  # a loop of links, or nested too deeply
        return
    plugins = data.get("plugins") if isinstance(data, dict) else None
    for plugin in plugins if isinstance(plugins, list) else []:
        source = plugin.get("source") if isinstance(plugin, dict) else None
        if isinstance(source, str) and "\0" not in source:
            yield (marketplace / source).resolve()
