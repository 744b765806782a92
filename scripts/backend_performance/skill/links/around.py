"""What names a skill's files from outside: hooks and commands of its plugin, skills inside it.

Only asked about files that nothing inside the skill names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from ..folder_scan import ENTRY
from ..package import Skill

#: What of a plugin may start a skill's script.
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
MAX_FILES, MAX_BYTES = 200, 200_000


def named(skill: Skill, files: Iterable[str]) -> set[str]:
    """Return those of ``files`` (relative to the skill) that something around the skill names.

    Pages of many skills have the same names: what the plugin says has to name the skill, too.
    """
    wanted = set(files)
    inside = [skill.root / folder / ENTRY for folder in skill.nested]
    found = {file for text in _read(inside) for file in wanted if file in text}
    for text in _of_plugin(skill.plugin) if skill.plugin and wanted - found else ():
        found |= {file for file in wanted - found if _full_name(skill, file) in text}
    return found


def _full_name(skill: Skill, file: str) -> str:
    return f"{skill.root.name}/{file}" if file.endswith(".md") else file


@lru_cache(maxsize=1)
def _of_plugin(folder: Path) -> tuple[str, ...]:
    paths = [path for pattern in _PATTERNS for path in sorted(folder.glob(pattern))]
    return tuple(_read(paths[:MAX_FILES]))


def _read(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        try:
            if path.is_file():
                with path.open("rb") as file:
                    yield file.read(MAX_BYTES).decode("utf-8", errors="replace")
        except OSError:
            continue
