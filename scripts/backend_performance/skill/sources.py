"""Scripts and configuration of a skill: files other than pages that rules read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from . import folder_scan
from .package import Skill

SUFFIXES = (
    ".py",
    ".sh",
    ".js",
    ".mjs",
    ".cjs",
    ".ts",
    ".tsx",
    ".rb",
    ".go",
    ".json",
    ".toml",
    ".yaml",
    ".yml",
    ".ps1",
    ".html",
    ".bash",
    ".r",
    ".pl",
    ".lua",
    ".rs",
    ".java",
    ".env",
    ".cfg",
    ".ini",
    ".txt",
    ".conf",
    ".properties",
    ".pem",
    ".key",
)
MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class Source:
    """The beginning of a file."""

    path: str
    data: bytes

    @cached_property
    def text(self) -> str:
        return self.data.decode("utf-8", errors="replace")


class Sources:
    """Scripts and configuration of one skill, each read at most once and never run."""

    def __init__(self, skill: Skill) -> None:
        self._skill = skill
        self._read: dict[str, Source | None] = {}
        self.names = tuple(
            sorted(
                name
                for name in skill.files
                # Minified files are output of a tool; nobody wrote them.
                if (name.lower().endswith(SUFFIXES) and ".min." not in name) or _may_be_script(name)
            )
        )

    def get(self, name: str) -> Source | None:
        """Return a file, or ``None`` when it cannot be read."""
        if name not in self._read:
            try:
                data = folder_scan.beginning(self._skill.root, name, MAX_BYTES)
                self._read[name] = Source(name, data)
            except OSError:
                self._read[name] = None
        return self._read[name]

    def __iter__(self) -> Iterator[Source]:
        for name in self.names:
            source = self.get(name)
            if source and (source.data.startswith(b"#!") or not _may_be_script(name)):
                yield source


def _may_be_script(name: str) -> bool:
    """Return whether a file without an extension is where scripts are; `#!` settles the rest."""
    return name.startswith(("scripts/", "bin/")) and "." not in name.rsplit("/", 1)[-1]
