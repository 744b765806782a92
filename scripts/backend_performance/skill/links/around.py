"""What names a skill's files from outside: hooks and commands of its plugin, skills inside it.

Only asked about files that nothing inside the skill names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..folder_scan import ENTRY
from ..package import Skill
from .resolver import Resolver

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
    """Return those of ``files`` (relative to the skill) that something around the skill names."""
    wanted = set(files)
    found: set[str] = set()
    for text in _texts(skill):
        found |= {file for file in wanted - found if file in text}
    return found


def _texts(skill: Skill) -> Iterator[str]:
    paths = [skill.root / folder / ENTRY for folder in skill.nested]
    plugin = Resolver(skill).plugin
    if plugin:
        paths += [path for pattern in _PATTERNS for path in sorted(plugin.glob(pattern))]
    for path in paths[:MAX_FILES]:
        try:
            if path.is_file():
                with path.open("rb") as file:
                    yield file.read(MAX_BYTES).decode("utf-8", errors="replace")
        except OSError:
            continue
