"""Files that are opened only when they are regular files: no links, folders, pipes or devices."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from ..refusal import Refusal


def exists(path: Path) -> bool:
    """Return whether anything lies at ``path``, a dangling symbolic link included."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as exc:
        raise Refusal(f"cannot read {path}: {reason(exc)}") from exc
    return True


def read(path: Path, limit: int) -> bytes:
    """Return the content of a regular file of at most ``limit`` bytes.

    Raises:
        Refusal: it is something else, too large, or cannot be read.
    """
    # O_NONBLOCK: opening a pipe that nobody writes to would wait forever.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        refuse_special(path)
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError as exc:
        if exc.errno == errno.ELOOP:
            raise Refusal(_symlink(path)) from exc
        raise Refusal(f"cannot read {path}: {reason(exc)}") from exc
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise Refusal(f"{path} is larger than {limit} bytes: not a session file")
    return content


def refuse_special(path: Path) -> None:
    """Raise ``Refusal`` unless ``path`` is a regular file."""
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        raise Refusal(_symlink(path))
    if stat.S_ISDIR(mode):
        raise Refusal(f"{path} is a directory; --session names a file")
    if not stat.S_ISREG(mode):
        raise Refusal(f"{path} is not a regular file; --session names a file")


def replace(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` in one step that survives a power cut. One writer at a time.

    Raises:
        OSError: the disk is full, the folder is not writable, …; ``path`` is as it was.
    """
    prefix, suffix = f".{path.name}.", ".tmp"
    temporary = path.with_name(f"{prefix}{os.getpid()}{suffix}")
    try:
        # Nobody else writes now: what lies here was left by a writer that was killed.
        for name in os.listdir(path.parent):
            if name.startswith(prefix) and name.endswith(suffix):
                path.with_name(name).unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _flush_folder(path.parent)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def reason(exc: Exception) -> str:
    """Return what went wrong without the path, which the message names already."""
    return getattr(exc, "strerror", None) or " ".join(str(exc).split()) or type(exc).__name__


def _symlink(path: Path) -> str:
    return f"{path} is a symbolic link; a session is only kept in a regular file"


def _flush_folder(folder: Path) -> None:
    """Make the replacement itself durable; Windows has no way to ask for it."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
