"""The text of the files beside the pages that trust and reachability depend on."""

from __future__ import annotations

from collections.abc import Iterator

from . import folder_scan
from .package import Skill

SUFFIXES = (
    ".py", ".sh", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".rb", ".go", ".json", ".toml", ".yaml",
    ".yml", ".ps1", ".html", ".bash", ".r", ".pl", ".lua", ".rs", ".java", ".env", ".cfg", ".ini",
    ".txt", ".conf", ".properties", ".pem", ".key",
)  # fmt: skip
MAX_BYTES = 1_000_000


class Sources:
    """Scripts and configuration of one skill, each read at most once and never run."""

    def __init__(self, skill: Skill) -> None:
        self._skill = skill
        self._texts: dict[str, str | None] = {}
        self.names = tuple(
            sorted(
                name
                for name in skill.files
                # What a tool has packed is nobody's text.
                if name.lower().endswith(SUFFIXES) and ".min." not in name
            )
        )

    def text(self, name: str) -> str | None:
        """Return the beginning of a file, or ``None`` when it cannot be read."""
        if name not in self._texts:
            try:
                data = folder_scan.beginning(self._skill.root, name, MAX_BYTES)
                self._texts[name] = data.decode("utf-8", errors="replace")
            except OSError:
                self._texts[name] = None
        return self._texts[name]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for name in self.names:
            text = self.text(name)
            if text is not None:
                yield name, text
