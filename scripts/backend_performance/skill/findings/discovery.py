"""Finds skills below a folder: where clients look for them, and in collections of any shape.

Clients scan ``<client folder>/skills/*/SKILL.md`` in the project and the home, such as
``.claude/skills`` and ``.agents/skills``, with bounded depth, and leave out ``.git`` and
``node_modules`` (Agent Skills, "Adding skills support": discovery).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..folder_scan import ENTRY, FOREIGN_FOLDERS
from ..links.paths import is_material
from ..package import SkillNotFoundError, outer

MAX_DEPTH = 12
MAX_FOLDERS = 200_000
_SKILL_FOLDERS = ("skills", "skill", "plugins")
#: Folders with input of tests; their skills may be wrong on purpose.
_FOR_TESTS = frozenset({"fixtures", "__fixtures__", "testdata"})


def skills(paths: Iterable[Path]) -> list[Path]:
    """Return the folders of all skills at or below ``paths``, each once, in order.

    A path that is a skill gives that skill; any other gives every skill below it, nested ones too.

    Raises:
        SkillNotFoundError: a path does not exist, or there is no skill below it.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise SkillNotFoundError(f"{path}: no such file or directory")
        if path.is_file() or not path.is_dir() or _entry(os.listdir(path)):
            found[_one(path)] = None
            continue
        below = sorted(_below(path.resolve()))
        if not below:
            raise SkillNotFoundError(f"{path}: no {ENTRY} in this folder, nor in any below it")
        found |= dict.fromkeys(below)
    return list(found)


def here() -> Path:
    """Return the skill that the current folder is or belongs to.

    Raises:
        SkillNotFoundError: there is none.
    """
    folder = Path.cwd()
    for each in (folder, *folder.parents):
        if _holds_entry(each):
            return each
    raise SkillNotFoundError(
        f"{folder}: no {ENTRY} in this folder, nor in any above it; name a skill's folder"
    )


def here_or_below() -> list[Path]:
    """Return the skill of the current folder, or else every skill below it.

    Raises:
        SkillNotFoundError: there is none.
    """
    try:
        return [here()]
    except SkillNotFoundError:
        below = sorted(_below(Path.cwd()))
        if below:
            return below
    raise SkillNotFoundError(
        f"{Path.cwd()}: no {ENTRY} in this folder, nor above or below it; name a skill's folder"
    )


def owners(files: Iterable[Path]) -> list[Path]:
    """Return the skills that own ``files``, each once; a file of no skill is left alone."""
    found: dict[Path, None] = {}
    for file in files:
        folder = file.resolve().parent
        owner = next((each for each in (folder, *folder.parents) if _holds_entry(each)), None)
        if owner is not None:
            found[owner] = None
    return list(found)


def _holds_entry(folder: Path) -> bool:
    try:
        return _entry(os.listdir(folder))
    except OSError:
        return False


def _one(path: Path) -> Path:
    if path.is_dir():
        return path.resolve()
    if path.is_file() and path.name.lower() == ENTRY.lower():
        return path.parent.resolve()
    raise SkillNotFoundError(f"{path}: not a {ENTRY}; give the skill's folder")


def _below(root: Path) -> Iterator[Path]:
    """Yield the folders with an entry page; links are not followed, so nothing comes twice."""
    visited = 0
    stack = [(str(root), 0)]
    while stack and visited < MAX_FOLDERS:
        folder, depth = stack.pop()
        visited += 1
        try:
            with os.scandir(folder) as opened:
                entries = list(opened)
        except OSError:
            continue
        names = [entry.name for entry in entries]
        if ENTRY in names or (_entry(names) and not _is_page(folder)):
            yield _linked(Path(folder), root) or Path(folder)
        if depth < MAX_DEPTH:
            stack += [(e.path, depth + 1) for e in entries if _is_entered(e)]


def _is_page(folder: str) -> bool:
    """Return whether `skill.md` is only a page: a template for skills, or a page of one."""
    return is_material(f"{os.path.basename(folder)}/") or outer(Path(folder)) is not None


def _linked(folder: Path, root: Path) -> Path | None:
    """Return the skill that an entry page is a symbolic link to, if it is below ``root``."""
    page = folder / ENTRY
    target = page.resolve() if page.is_symlink() else page
    is_skill = target != page and target.name == ENTRY and target.is_file()
    return target.parent if is_skill and target.is_relative_to(root) else None


def _is_entered(entry: os.DirEntry[str]) -> bool:
    if not entry.is_dir(follow_symlinks=False):
        return False
    if entry.name in FOREIGN_FOLDERS or entry.name in _FOR_TESTS:
        return False
    if not entry.name.startswith("."):
        return True
    if entry.name == ".git":
        return False
    # A client's folder, or a group of skills such as `skills/.experimental/`.
    is_group = os.path.basename(os.path.dirname(entry.path)) in _SKILL_FOLDERS
    return any(os.path.isdir(os.path.join(entry.path, name)) for name in _SKILL_FOLDERS) or (
        is_group and _holds_skills(entry.path)
    )


def _holds_skills(folder: str) -> bool:
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    return any(_holds_entry(Path(folder, name)) for name in names)


def _entry(names: Iterable[str]) -> bool:
    return any(len(name) == len(ENTRY) and name.lower() == ENTRY.lower() for name in names)
