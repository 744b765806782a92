"""References to a skill's files from outside: hooks and commands of its plugin, skills inside it.

They are looked for only if nothing inside the skill names a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ...files import read_beginning
from ..folder_scan import ENTRY
from ..package import Skill

#: Files of a plugin that may start a skill's script.
_PATTERNS = (
    "hooks/*",
    "hooks/*/*",
    "commands/*.md",
    "agents/*.md",
    ".claude-plugin/*.json",
    ".mcp.json",
    "skills/*/SKILL.md",
    "*.md",
    "package.json",
)
#: Folders of a plugin whose pages clients offer without any link.
_OFFERED = ("commands/", "agents/")
_WORD = re.compile(r"[\w-]+")
MAX_FILES, MAX_BYTES = 200, 200_000


@dataclass(frozen=True)
class _Texts:
    """The files of a plugin, with every word in any of them."""

    texts: tuple[str, ...]
    words: frozenset[str]

    def name(self, path: str) -> bool:
        """Return whether a text contains a path. The words rule out most paths quickly."""
        return self.words.issuperset(_WORD.findall(path)) and any(
            path in text for text in self.texts
        )

    def name_all_in(self, folder: str) -> bool:
        """Return whether a text names all pages of a folder: `demo/pages/*.md`, `demo/pages/`."""
        if not self.words.issuperset(_WORD.findall(folder)):
            return False
        pattern = re.compile(re.escape(folder) + r"/(?!\w)")
        return any(pattern.search(text) for text in self.texts)


def named(skill: Skill, files: Iterable[str]) -> set[str]:
    """Return those of ``files`` (relative to the skill) that something around the skill names.

    Many skills have pages of the same name, so a file of the plugin must name the skill, too.
    """
    wanted = set(files)
    inside = _texts([skill.root / folder / ENTRY for folder in skill.nested])
    found = {file for file in wanted if inside.name(file)}
    if skill.plugin is None or wanted == found:
        return found
    if skill.plugin == skill.root:
        found |= {file for file in wanted if file.startswith(_OFFERED)}
    plugin = _of_plugin(skill.plugin)
    found |= {file for file in wanted - found if plugin.name(_full_name(skill, file))}
    folders = {_folder(file) for file in wanted - found} - {""}
    named_whole = {each for each in folders if plugin.name_all_in(f"{skill.root.name}/{each}")}
    return found | {file for file in wanted if _folder(file) in named_whole}


def _full_name(skill: Skill, file: str) -> str:
    return f"{skill.root.name}/{file}" if file.endswith(".md") else file


def _folder(file: str) -> str:
    return file.rpartition("/")[0]


@lru_cache(maxsize=1)
def _of_plugin(folder: Path) -> _Texts:
    paths = [path for pattern in _PATTERNS for path in sorted(folder.glob(pattern))]
    return _texts(paths[:MAX_FILES])


def _texts(paths: Iterable[Path]) -> _Texts:
    texts = tuple(_read(paths))
    return _Texts(texts, frozenset(word for text in texts for word in _WORD.findall(text)))


def _read(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        try:
            yield read_beginning(path, MAX_BYTES).decode("utf-8", errors="replace")
        except OSError:
            continue
