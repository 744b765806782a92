"""A server as a child process that leaves nothing behind.

A test that dies with its database still running breaks the next run, and a database refuses to
run as root. Both are settled here once: temporary directory, unprivileged account, bounded wait
for readiness, bounded stop, and SIGTERM turned into an exception so that `finally` runs.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_SECONDS = 60.0
STOP_SECONDS = 20.0
LOG_LINES = 30

# A Unix socket path holds 107 bytes; what we append to the directory stays under 25.
LONGEST_DIRECTORY = 80


class ServerFailed(RuntimeError):
    """The server did not start, with the end of its log."""


@dataclass(frozen=True)
class Account:
    """The account a server runs as when we are root."""

    name: str
    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def unprivileged_account(preferred: str) -> Account | None:
    """The account to run as: the current one unless root, else `preferred`, else `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in (preferred, "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise ServerFailed(f"running as root and neither account {preferred!r} nor 'nobody' exists")


def as_account(account: Account | None) -> dict[str, Any]:
    return account.popen() if account else {}


def can_run(binary: Path, account: Account | None) -> bool:
    """Whether the account reaches and starts the binary (a venv under /root is closed to it)."""
    try:
        done = subprocess.run(
            [binary, "--version"], capture_output=True, cwd="/", **as_account(account)
        )
    except OSError:
        return False
    return done.returncode == 0


def clean_environment() -> dict[str, str]:
    """No PG*, MYSQL* or locale of the caller: the same server on every machine."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC", **kept}


@contextmanager
def temporary_directory(prefix: str, account: Account | None) -> Iterator[Path]:
    """A short path owned by the account, removed whatever happens."""
    parent = tempfile.gettempdir()
    if len(parent) + len(prefix) > LONGEST_DIRECTORY - 10:
        parent = "/tmp"
    path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        if account:
            os.chown(path, account.uid, account.gid)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def termination_raises() -> Iterator[None]:
    """SIGTERM as SystemExit, so that servers are stopped and directories removed."""
    default = signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    if not default or threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def run_step(argv: Sequence[str | Path], directory: Path, account: Account | None) -> None:
    """One preparing command (initdb and the like), with its output in the error."""
    done = subprocess.run(
        argv,
        cwd=directory,
        env=clean_environment(),
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **as_account(account),
    )
    if done.returncode != 0:
        raise ServerFailed(f"{Path(argv[0]).name} failed ({done.returncode}):\n{done.stdout}")


@contextmanager
def foreground(
    argv: Sequence[str | Path],
    directory: Path,
    account: Account | None,
    ready: Callable[[], bool],
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the server until the body ends; `stop` asks it to leave, SIGKILL makes it."""
    log = directory / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            argv,
            cwd=directory,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **as_account(account),
        )
    try:
        wait_until_ready(process, ready, log)
        yield process
    finally:
        stop_process(process, stop)


def wait_until_ready(
    process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None:
            raise ServerFailed(f"server left with code {process.returncode}:\n{tail(log)}")
        if time.monotonic() > deadline:
            raise ServerFailed(f"server not ready after {START_SECONDS:.0f} s:\n{tail(log)}")
        time.sleep(0.02)


def stop_process(process: subprocess.Popen[bytes], stop: signal.Signals) -> None:
    if process.poll() is not None:
        return
    process.send_signal(stop)
    try:
        process.wait(STOP_SECONDS)
    except BaseException:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-LOG_LINES:])
