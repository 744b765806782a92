"""The files and folders of a skill, and what is wrong with them before any is read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..files import read_beginning
from .diagnostic import Diagnostic, error, warning

ENTRY = "SKILL.md"
#: Folders made by tools; nothing in them belongs to the skill.
FOREIGN_FOLDERS = frozenset(
    {"node_modules", "__pycache__", "venv", "env", "dist", "build", "target", "site-packages"}
)
MAX_FILES = 20_000
MAX_DEPTH = 40
#: A larger file is a download, not text that agents read.
HUGE_BYTES = 10 * 2**20


@dataclass
class Scan:
    """Paths relative to the root, with forward slashes, in the order of the tree."""

    files: list[str] = field(default_factory=list)
    directories: list[str] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)


def scan(root: Path) -> Scan:
    """List the folder; links are not followed, nested skills and hidden folders left out."""
    found = Scan()
    for name, entry in _entries(root, "", 0, found.nested):
        if entry.is_symlink():
            problem = _link_problem(root, name, entry)
            if problem:
                found.problems.append(problem)
                continue  # nothing outside the skill is read, shown or written
        if entry.is_dir():
            found.directories.append(name)
        elif entry.is_file():
            found.files.append(name)
            if not entry.is_symlink() and entry.stat().st_size > HUGE_BYTES:
                found.problems.append(_huge(name, entry.stat().st_size))
        if len(found.files) >= MAX_FILES:
            found.problems.append(_too_many(name))
            break
    return found


def beginning(root: Path, name: str, limit: int) -> bytes:
    """Return the first ``limit`` bytes of a file of the skill; raises ``OSError``."""
    return read_beginning(f"{root}/{name}", limit)


def _entries(
    root: Path, folder: str, depth: int, nested: list[str]
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        with os.scandir(root / folder) as opened:
            found = sorted(opened, key=lambda entry: entry.name)
    except OSError:
        return
    if folder and any(entry.name == ENTRY for entry in found):
        nested.append(folder)
        return
    if depth > MAX_DEPTH:
        return
    for entry in found:
        name = f"{folder}/{entry.name}" if folder else entry.name
        if not entry.is_dir(follow_symlinks=False):
            yield name, entry
        elif not entry.name.startswith(".") and entry.name not in FOREIGN_FOLDERS:
            yield name, entry
            yield from _entries(root, name, depth + 1, nested)


def _link_problem(root: Path, name: str, entry: os.DirEntry[str]) -> Diagnostic | None:
    try:
        target = Path(entry.path).resolve(strict=True)
    except (OSError, RuntimeError):
        return error(
            "symlink-leaves-skill",
            name,
            1,
            "the symbolic link is broken or circular",
            "remove it, or put the file there",
        )
    if not target.is_relative_to(root):
        return warning(
            "symlink-leaves-skill",
            name,
            1,
            "the symbolic link points outside the skill",
            "copy the file: archives and some installers keep the link, which then leads nowhere",
        )
    if Path(entry.path).parent.resolve().is_relative_to(target):
        return warning(
            "symlink-loop",
            name,
            1,
            "the symbolic link points to a folder that contains it",
            "remove it; tools that follow links go round in circles",
        )
    return None


def _huge(name: str, size: int) -> Diagnostic:
    return warning(
        "huge-file",
        name,
        1,
        f"the file has {size / 2**20:.0f} MB",
        "download it when it is needed, or leave it out",
    )


def _too_many(name: str) -> Diagnostic:
    return error(
        "too-many-files",
        name,
        1,
        f"only the first {MAX_FILES} files were looked at",
        "keep build output and data outside the skill",
    )
