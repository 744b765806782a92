"""Real control groups with a limit and a quota, where this machine lets a test make them."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

ROOT = Path("/sys/fs/cgroup")
#: A fifth of a core, in short periods, so that a second holds a hundred of them.
QUOTA_US, PERIOD_US = 2_000, 10_000
LIMIT_BYTES = 64 * 2**20
_SECOND = {"memory.max": LIMIT_BYTES, "cpu.max": f"{QUOTA_US} {PERIOD_US}"}
_FIRST = {
    "memory": {"memory.limit_in_bytes": LIMIT_BYTES},
    "cpu": {"cpu.cfs_period_us": PERIOD_US, "cpu.cfs_quota_us": QUOTA_US},
}


@contextmanager
def limited(pid: int) -> Iterator[None]:
    """Put the process into groups of its own; skip with the reason where that is not allowed."""
    name = f"bp-test-{os.getpid()}"
    if (ROOT / "cgroup.controllers").exists():
        wanted = {ROOT / name: _SECOND}
    else:
        wanted = {ROOT / controller / name: files for controller, files in _FIRST.items()}
    with ExitStack() as made:
        try:
            for folder, files in wanted.items():
                folder.mkdir()
                made.callback(_removed, folder)
                for file, value in files.items():
                    (folder / file).write_text(str(value), encoding="ascii")
                (folder / "cgroup.procs").write_text(str(pid), encoding="ascii")
                made.callback(_left, folder.parent, pid)
        except OSError as error:
            pytest.skip(f"no control group can be made here: {error}")
        yield


def _left(parent: Path, pid: int) -> None:
    """A group with a process in it cannot be removed; a parent may take none back."""
    try:
        (parent / "cgroup.procs").write_text(str(pid), encoding="ascii")
    except OSError:
        os.kill(pid, signal.SIGKILL)


def _removed(folder: Path) -> None:
    for _ in range(50):
        try:
            folder.rmdir()
            return
        except OSError:  # the process is still on its way out
            time.sleep(0.02)
