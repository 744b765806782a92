"""One skill: the folder with ``SKILL.md``, the names of its files, its pages parsed once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from . import folder_scan, plugin
from .diagnostic import Diagnostic, error
from .folder_scan import ENTRY
from .markdown import reading
from .markdown.document import Document

_MARKDOWN = (".md", ".markdown")
#: How many folders above a skill another one is looked for.
_MAX_OUTER = 5


def is_page(name: str) -> bool:
    """Return whether a file is a Markdown page."""
    return name.lower().endswith(_MARKDOWN)


class SkillNotFoundError(Exception):
    """There is no skill at the given path; the message says what is missing."""


@dataclass(frozen=True)
class Skill:
    """``documents`` and ``files`` are keyed by paths relative to ``root``, in reading order."""

    root: Path
    entry: str
    documents: Mapping[str, Document]
    files: frozenset[str]
    directories: frozenset[str]
    problems: tuple[Diagnostic, ...] = ()
    #: Folders below with a SKILL.md of their own, relative to the root.
    nested: tuple[str, ...] = ()
    #: The skill whose folder contains this one.
    outer: Path | None = None
    #: The plugin that it is part of.
    plugin: Path | None = None

    @property
    def entry_document(self) -> Document:
        return self.documents[self.entry]

    @property
    def is_part(self) -> bool:
        """Whether the folder is a part of another skill, which has a finding about it."""
        return self.outer is not None and self.root.parent.name != "skills"

    @property
    def name(self) -> str:
        """The name in the frontmatter, or that of the directory."""
        return self.entry_document.frontmatter.text("name") or self.root.name

    @cached_property
    def by_base_name(self) -> Mapping[str, Sequence[str]]:
        """The paths of the skill's files, in order, by their names without folders."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.files):
            found.setdefault(path.rsplit("/", 1)[-1], []).append(path)
        return found

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
    found = folder_scan.scan(root)
    files, problems = found.files, found.problems
    entry = _entry(files)
    if entry is None and (root / ENTRY).is_symlink():
        raise SkillNotFoundError(
            f"{root / ENTRY}: the symbolic link leads out of the skill, or nowhere; put the page "
            "itself there"
        )
    if entry is None:
        raise SkillNotFoundError(f"{path}: no {ENTRY} in this folder")
    pages = [name for name in files if is_page(name) and name != entry]
    documents: dict[str, Document] = {}
    for name in [entry, *sorted(pages)]:
        parsed = _read(root, name)
        if isinstance(parsed, Diagnostic):
            problems.append(parsed)
            if name == entry:
                raise SkillNotFoundError(f"{root / name}: {parsed.message}")
        else:
            documents[name] = parsed
    return Skill(
        root,
        entry,
        documents,
        frozenset(files),
        frozenset(found.directories),
        tuple(problems),
        tuple(found.nested),
        outer(root),
        plugin.folder_of(root),
    )


def outer(root: Path) -> Path | None:
    """Return the skill whose folder contains ``root``."""
    above = root.parents[:_MAX_OUTER]
    return next((folder for folder in above if (folder / ENTRY).is_file()), None)


def _root(path: Path) -> Path:
    if not path.exists():
        raise SkillNotFoundError(f"{path}: no such file or directory")
    if path.is_file():
        if path.name.lower() != ENTRY.lower():
            raise SkillNotFoundError(f"{path}: not a {ENTRY}; give the skill's folder")
        path = path.parent
    return Path(os.path.realpath(path))


def _entry(files: list[str]) -> str | None:
    if ENTRY in files:
        return ENTRY
    return next((name for name in files if name.lower() == ENTRY.lower()), None)


def _read(root: Path, name: str) -> Document | Diagnostic:
    try:
        data = folder_scan.beginning(root, name, reading.MAX_BYTES + 1)
    except OSError as exc:
        return error(
            "file-unreadable",
            name,
            1,
            f"the file cannot be read: {exc.strerror or exc}",
            "check its permissions",
        )
    return reading.parse(data, name)
