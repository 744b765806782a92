"""One skill: the folder that holds ``SKILL.md``, every file in it, every page parsed once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import reading
from .diagnostic import Diagnostic, error, warning
from .document import Document

ENTRY = "SKILL.md"
#: Folders that tools make beside a skill; nothing in them belongs to it.
_FOREIGN_FOLDERS = frozenset(
    {"node_modules", "__pycache__", "venv", "env", "dist", "build", "target", "site-packages"}
)
MAX_FILES = 20_000
_MARKDOWN = (".md", ".markdown")


class SkillNotFoundError(Exception):
    """There is no skill at the path that was given; the message says what was looked for."""


@dataclass(frozen=True)
class Skill:
    """``documents`` and ``files`` are keyed by paths relative to ``root``, in reading order."""

    root: Path
    entry: str
    documents: Mapping[str, Document]
    files: frozenset[str]
    directories: frozenset[str]
    problems: tuple[Diagnostic, ...] = ()

    @property
    def entry_document(self) -> Document:
        return self.documents[self.entry]

    @property
    def name(self) -> str:
        """The name in the frontmatter, or that of the directory."""
        data = self.entry_document.frontmatter.data
        name = data.get("name") if isinstance(data, dict) else None
        return name if isinstance(name, str) else self.root.name

    @property
    def version(self) -> str | None:
        """``metadata.version``, or the ``version`` field that older skills have."""
        data = self.entry_document.frontmatter.data
        if not isinstance(data, dict):
            return None
        metadata = data.get("metadata")
        nested = metadata.get("version") if isinstance(metadata, dict) else None
        version = nested or data.get("version")
        return None if version is None else str(version)


def load(path: Path) -> Skill:
    """Read the skill at ``path``: a folder with ``SKILL.md``, or that file itself.

    Raises:
        SkillNotFoundError: the path does not exist or holds no ``SKILL.md``.
    """
    root = _root(path)
    files, directories, problems = _scan(root)
    entry = _entry(files)
    if entry is None:
        raise SkillNotFoundError(f"{path}: no {ENTRY} in this folder")
    pages = [name for name in files if name.lower().endswith(_MARKDOWN) and name != entry]
    documents: dict[str, Document] = {}
    for name in [entry, *sorted(pages)]:
        parsed = _read(root, name)
        if isinstance(parsed, Diagnostic):
            problems.append(parsed)
            if name == entry:
                raise SkillNotFoundError(f"{root / name}: {parsed.message}")
        else:
            documents[name] = parsed
    return Skill(root, entry, documents, frozenset(files), frozenset(directories), tuple(problems))


def _root(path: Path) -> Path:
    if not path.exists():
        raise SkillNotFoundError(f"{path}: no such file or directory")
    if path.is_file():
        if path.name.lower() != ENTRY.lower():
            raise SkillNotFoundError(f"{path}: not a {ENTRY}; give the skill's folder")
        path = path.parent
    return path.resolve()


def _entry(files: list[str]) -> str | None:
    if ENTRY in files:
        return ENTRY
    return next((name for name in files if name.lower() == ENTRY.lower()), None)


def _scan(root: Path) -> tuple[list[str], list[str], list[Diagnostic]]:
    files: list[str] = []
    directories: list[str] = []
    problems: list[Diagnostic] = []
    for name, is_directory in _entries(root, ""):
        target = root / name
        if target.is_symlink() and not _stays_inside(root, target):
            problems.append(_bad_link(name, target.exists()))
            # The entry page is read wherever it lies; without it there is nothing to say.
            if name.lower() != ENTRY.lower() or not target.is_file():
                continue
        (directories if is_directory else files).append(name)
        if len(files) >= MAX_FILES:
            problems.append(
                error(
                    "too-many-files",
                    name,
                    1,
                    f"only the first {MAX_FILES} files were looked at",
                    "keep build output and data outside the skill",
                )
            )
            break
    return files, directories, problems


def _entries(root: Path, folder: str) -> Iterator[tuple[str, bool]]:
    """Yield (relative path, is directory), not following links, leaving out nested skills."""
    try:
        found = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except OSError:
        return
    if folder and any(entry.name == ENTRY for entry in found):
        return
    for entry in found:
        name = f"{folder}/{entry.name}" if folder else entry.name
        if entry.is_dir(follow_symlinks=False):
            if entry.name.startswith(".") or entry.name in _FOREIGN_FOLDERS:
                continue
            yield name, True
            yield from _entries(root, name)
        else:
            yield name, entry.is_dir()


def _bad_link(name: str, exists: bool) -> Diagnostic:
    report = warning if exists else error
    return report(
        "symlink-leaves-skill",
        name,
        1,
        "the symbolic link points outside the skill"
        if exists
        else "the symbolic link is broken or circular",
        "copy the file into the skill; installers do not follow links",
    )


def _stays_inside(root: Path, target: Path) -> bool:
    try:
        return target.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _read(root: Path, name: str) -> Document | Diagnostic:
    try:
        with open(root / name, "rb") as handle:
            data = handle.read(reading.MAX_BYTES + 1)
    except OSError as exc:
        return error(
            "file-unreadable",
            name,
            1,
            f"the file cannot be read: {exc.strerror or exc}",
            "check its permissions",
        )
    return reading.parse(data, name)
