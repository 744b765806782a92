"""What the `.gitignore` of a repository names: files that are private, or made on each machine."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

from ..files import read_beginning

#: How many folders above a skill its repository is looked for.
_MAX_ABOVE = 6
_MAX_BYTES = 100_000
#: Rules that name no single file: with wildcards, or an exception from others; and comments.
_UNCLEAR = re.compile(r"[*?\[\\]|\A[!#]")


def names(skill: Path, target: str) -> bool:
    """Return whether a `.gitignore` of a skill or its repository names a file of the skill.

    The rule is the file's name, its path, or the path of a folder around it. Templates for all
    projects ignore `lib/` and `*.log`; a file that is missing because of them is missed.

    Args:
        target: The path of the file, relative to the real folder ``skill``.
    """
    file = Path(os.path.normpath(skill / target))
    for folder in (skill, *skill.parents[:_MAX_ABOVE]):
        rules = _rules(folder)
        if rules and file.is_relative_to(folder):
            path = file.relative_to(folder)
            around = {f"/{each.as_posix()}" for each in (path, *path.parents)}
            if file.name in rules or not rules.isdisjoint(around):
                return True
        if os.path.exists(folder / ".git"):
            break
    return False


@lru_cache(maxsize=16)
def _rules(folder: Path) -> frozenset[str]:
    """Return names of files, and paths in ``folder``, which begin with a slash."""
    try:
        text = read_beginning(folder / ".gitignore", _MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return frozenset()
    rules = (line.strip().removeprefix("**/") for line in text.splitlines())
    return frozenset(_rule(rule) for rule in rules if rule and not _UNCLEAR.search(rule))


def _rule(rule: str) -> str:
    path = rule.rstrip("/")
    if "/" in path:
        return f"/{path.lstrip('/')}"
    return rule  # the name of a folder keeps its slash at the end, which no file's name has
