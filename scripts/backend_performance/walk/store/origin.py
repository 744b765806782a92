"""Where a session file came from: of this user, and not from a repository."""

from __future__ import annotations

import os
from pathlib import Path

from ...files import read_regular
from ..refusal import Refusal

FOLDER = ".backend-performance"
#: An index of git of that size lists more than 300,000 files.
_MAX_INDEX_BYTES = 64 * 2**20


def refuse_foreign(path: Path) -> None:
    """Raise ``Refusal`` where somebody else can have put the session at ``path``."""
    if path.parent.name == FOLDER and path.parent.is_symlink():
        raise Refusal(f"{path.parent} is a symbolic link; remove it, or name a file with --session")
    if hasattr(os, "geteuid") and os.lstat(path).st_uid != os.geteuid():
        raise Refusal(f"{path} belongs to another user; name a file of yours with --session")
    if _is_tracked(path):
        raise Refusal(
            f"{path} is tracked by git, so it came with the repository: take it out with "
            f"`git rm --cached`, or name another file with --session"
        )


def _is_tracked(path: Path) -> bool:
    """Return whether the index of git names the path; git itself would obey the repository."""
    absolute = Path(os.path.abspath(path))
    for folder in absolute.parents:
        if (folder / ".git").exists():
            try:
                index = read_regular(folder / ".git" / "index", _MAX_INDEX_BYTES)
            except OSError:
                return False
            return os.fsencode(absolute.relative_to(folder).as_posix()) + b"\0" in index
    return False
