"""One writer at a time: an exclusive lock that the operating system drops when its holder dies.

The lock is on a file beside the session, because the session file itself is replaced at every
write and a lock on it would stay with the replaced one.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ...refusal import Refusal

WAIT_SECONDS = 5.0
_POLL_SECONDS = 0.02


@contextmanager
def exclusive(path: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock file ``path`` for the length of the block.

    Raises:
        Refusal: another process holds it for longer than ``wait_seconds``.
    """
    flags = os.O_RDWR | os.O_CREAT
    for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK"):
        flags |= getattr(os, name, 0)
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as exc:
        raise Refusal(f"cannot lock {path}: {exc.strerror or exc}") from exc
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Refusal(f"cannot lock {path}: it is not a regular file")
        _acquire(descriptor, path, wait_seconds)
        try:
            _sign(descriptor)
            yield
        finally:
            with suppress(OSError):  # closing the file ends the lock as well
                _release(descriptor)
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while not _try_or_refuse(descriptor, path):
        if time.monotonic() >= deadline:
            raise Refusal(
                f"the session is locked by process {_holder(path)} ({path}); "
                "wait for it to end, then repeat the command"
            )
        time.sleep(_POLL_SECONDS)


def _try_or_refuse(descriptor: int, path: Path) -> bool:
    """Return whether the lock is ours now; only another holder is a reason to wait."""
    try:
        _try(descriptor)
    except OSError as exc:
        if exc.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            return False
        raise Refusal(
            f"cannot lock {path}: {exc.strerror or exc}; keep the session on a file system with "
            "locks: --session FILE"
        ) from exc
    return True


def _sign(descriptor: int) -> None:
    """Leave our process id for the message of whoever waits; without it the lock holds too."""
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        if hasattr(os, "pwrite"):
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def _holder(path: Path) -> str:
    try:
        text = path.read_bytes()[:20].decode("ascii", "ignore").strip()
    except OSError:
        text = ""
    return text if text.isdigit() else "unknown"


try:
    import fcntl

    def _try(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)

except ImportError:  # Windows
    import msvcrt

    #: Far behind the process id, because a locked region cannot be read by others there.
    _REGION = 4096

    def _try(descriptor: int) -> None:
        os.lseek(descriptor, _REGION, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # Windows'

    def _release(descriptor: int) -> None:
        os.lseek(descriptor, _REGION, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]  # Windows'
