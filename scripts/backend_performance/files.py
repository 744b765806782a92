"""Files of strangers: read only when they are regular and small, written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import stat
import tempfile
from pathlib import Path, PurePosixPath

_PREFIX, _SUFFIX = ".{name}.", ".tmp"


def read_regular(path: Path, limit: int) -> bytes:
    """Return the content of a regular file of at most ``limit`` bytes.

    Raises:
        OSError: it is a link, a folder, a pipe or a device, it is larger, or it cannot be read;
            the reason is in ``strerror``.
    """
    # O_NONBLOCK: opening a pipe that nobody writes to would wait forever.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        refuse_special(path)
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except ValueError:  # a NUL byte in the name
        raise OSError(errno.EINVAL, "no such name is possible") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "it is a symbolic link") from None
        raise
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit:,} bytes")
    return content


def read_beginning(path: str | Path, limit: int) -> bytes:
    """Return the first ``limit`` bytes of a regular file; a link is followed.

    Raises:
        OSError: it is a folder, a pipe or a device, or it cannot be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    # Without a buffer: reading "at most 12 MB" through one allocates 12 MB for a page of 8 kB.
    with os.fdopen(os.open(path, flags), "rb", buffering=0) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")
        return file.read(min(found.st_size, limit)) or b""


def refuse_special(path: Path) -> None:
    """Raise ``OSError`` unless ``path`` is a regular file."""
    mode = os.lstat(path).st_mode
    if not stat.S_ISREG(mode):
        kinds = ((stat.S_ISLNK, "a symbolic link"), (stat.S_ISDIR, "a directory"))
        kind = next((name for test, name in kinds if test(mode)), "not a regular file")
        raise OSError(errno.EINVAL, f"it is {kind}")


def write_atomically(path: Path, content: bytes, mode: int | None = None) -> None:
    """Put ``content`` at ``path`` in one step that survives a power cut.

    The temporary file lies beside it under a random name. A symbolic link at ``path`` is replaced,
    not followed.

    Args:
        mode: Permission bits; by default those of the present file, or 0o600 for a new one.

    Raises:
        OSError: ``path`` is a folder, a pipe or a device, the disk is full, the folder is not
            writable, …; ``path`` is as it was.
    """
    present = _present_mode(path)
    mode = present if mode is None else mode
    prefix = _PREFIX.format(name=path.name)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=prefix, suffix=_SUFFIX)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def write_below(root: Path, name: str, content: bytes, mode: int | None = None) -> None:
    """Replace the file ``name`` below ``root`` in one step, through no link on the way to it.

    Folders are opened one in the other, so that none can become a link in between.

    Args:
        name: Relative, with forward slashes.
        mode: Permission bits; by default those of the present file.

    Raises:
        OSError: a folder on the way or the file is a link, the disk is full, …
    """
    if os.open not in os.supports_dir_fd:  # Windows
        return write_atomically(root / name, content, mode)
    flags = os.O_RDONLY | os.O_DIRECTORY
    *folders, last = PurePosixPath(name).parts
    descriptor = os.open(root, flags)
    try:
        for folder in folders:
            inner = os.open(folder, flags | os.O_NOFOLLOW, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        _replace(descriptor, last, content, mode)
    finally:
        os.close(descriptor)


def _replace(folder: int, name: str, content: bytes, mode: int | None) -> None:
    present = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    if not stat.S_ISREG(present):
        raise OSError(errno.EINVAL, "it is not a regular file")
    temporary = f".{name[:100]}.{secrets.token_hex(8)}{_SUFFIX}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    descriptor = os.open(temporary, flags, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(descriptor, stat.S_IMODE(present) if mode is None else mode)
            os.fsync(descriptor)
        os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(temporary, dir_fd=folder)
        raise
    os.fsync(folder)


def make_folder(path: Path, mode: int) -> None:
    """Make the folder and those it lies in, with these permissions at most whatever the umask.

    Raises:
        OSError: there is a file of that name, the disk is full, …
    """
    for folder in (*reversed(path.parents), path):
        folder.mkdir(mode, exist_ok=True)


def sweep(path: Path) -> None:
    """Remove what writers of ``path`` that were killed left beside it; nobody may write now."""
    for left in os.listdir(path.parent):
        if left.startswith(_PREFIX.format(name=path.name)) and left.endswith(_SUFFIX):
            path.with_name(left).unlink(missing_ok=True)


def reason(error: Exception) -> str:
    """Return what went wrong without the path, which the message names already."""
    said = getattr(error, "strerror", None) or " ".join(str(error).split())
    return said or type(error).__name__


def _present_mode(path: Path) -> int:
    try:
        present = os.lstat(path).st_mode
    except OSError:
        return 0o600
    if stat.S_ISREG(present):
        return stat.S_IMODE(present)
    if stat.S_ISLNK(present):
        return 0o600
    # To replace a device would take it from everybody.
    raise OSError(errno.EINVAL, "it is not a regular file")


def _flush_folder(folder: Path) -> None:
    """Make the replacement itself durable; Windows has no way to ask for it."""
    if os.name == "nt":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        said = f"written, but a power cut may undo it: {reason(error)}"
        raise OSError(error.errno, said) from error
