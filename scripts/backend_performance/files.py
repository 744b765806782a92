"""Writing a file so that a reader sees the old content or the new, never a part of either."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: bytes, mode: int | None = None) -> None:
    """Put ``content`` at ``path`` in one step that survives a power cut.

    The temporary file lies beside it under a random name. A symbolic link at ``path`` is replaced,
    not followed.

    Args:
        mode: Permission bits; by default those of the present file, or 0o600 for a new one.

    Raises:
        OSError: the disk is full, the folder is not writable, …; ``path`` is as it was.
    """
    if mode is None:
        mode = _present_mode(path)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        os.replace(temporary, path)
        _flush_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _present_mode(path: Path) -> int:
    try:
        present = os.lstat(path).st_mode
    except OSError:
        return 0o600
    return stat.S_IMODE(present) if stat.S_ISREG(present) else 0o600


def _flush_folder(folder: Path) -> None:
    """Make the replacement itself durable; Windows has no way to ask for it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
