"""Where this user keeps private state: the key of sessions, items read before."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ... import files


def folders() -> Iterator[Path]:
    """Yield where it may lie: with the user's state, or where temporary files are."""
    state = os.environ.get("XDG_STATE_HOME", "")
    if os.path.isabs(state):
        yield Path(state) / "backend-performance"
    elif (home := os.path.expanduser("~")) != "~":
        yield Path(home, ".local", "state", "backend-performance")
    user = str(os.getuid()) if hasattr(os, "getuid") else "user"
    yield _temporary() / f"backend-performance-{user}"


def _temporary() -> Path:
    """Where temporary files are, also where none can be written any more: a key may lie there."""
    try:
        return Path(tempfile.gettempdir())
    except OSError:
        return Path(os.environ.get("TMPDIR", "/tmp"))


def make(folder: Path) -> None:
    """Make the folder for its owner alone.

    Raises:
        OSError: it cannot be made, or others may write there.
    """
    files.make_folder(folder, 0o700)
    refuse_foreign(folder)


def refuse_foreign(path: Path) -> None:
    """Raise ``OSError`` where another user could write: into this file, or a file in the folder."""
    found = os.lstat(path)
    if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
        raise PermissionError("others may write there")
