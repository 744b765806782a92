"""Which skills of a directory the benchmarks and comparisons look at."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def skills(directory: Path) -> list[Path]:
    """Return every folder below ``directory`` with a SKILL.md, links and hidden folders left out.

    Exits 2 with a message when there is none.
    """
    found = []
    for folder, below, files in os.walk(directory):
        below[:] = sorted(name for name in below if not name.startswith("."))
        entry = Path(folder, "SKILL.md")
        if "SKILL.md" in files and not entry.is_symlink():
            found.append(Path(folder))
    if not found:
        print(f"{directory}: no SKILL.md below this folder", file=sys.stderr)
        raise SystemExit(2)
    return found


def markdown_size(folders: list[Path]) -> tuple[int, int]:
    """Return (number of pages, bytes) of the Markdown in these folders, each page once."""
    pages = {
        page
        for folder in folders
        for page in folder.rglob("*.md")
        if not page.is_symlink() and page.is_file()
    }
    return len(pages), sum(page.stat().st_size for page in pages)


def origins(directory: Path) -> list[str]:
    """Return the repositories of a collection laid out as ``owner+name`` folders."""
    return sorted(entry.name.replace("+", "/") for entry in directory.iterdir() if entry.is_dir())
