"""A throw-away MariaDB server from installed binaries (Debian: mariadb-server)."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.servers.child import (
    ServerFailed,
    foreground,
    free_port,
    run_step,
    temporary_directory,
    termination_raises,
    unprivileged_account,
)
from harness.servers.lookup import installed, version_of

SEARCH_PATH = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
THROW_AWAY = {
    "innodb-flush-log-at-trx-commit": "0",
    "innodb-doublewrite": "0",
    "innodb-log-file-size": "64M",
    "performance-schema": "OFF",
}


@dataclass(frozen=True)
class Installation:
    server: Path
    installer: Path
    version: str


@dataclass(frozen=True)
class MariadbServer:
    """A running server: `root` without a password, an empty database `test`."""

    directory: Path
    port: int
    pid: int
    installation: Installation
    user: str = "root"
    host: str = "127.0.0.1"
    database: str = "test"

    @property
    def socket(self) -> Path:
        return self.directory / "m.sock"

    def parameters(self) -> dict[str, Any]:
        """Arguments for `pymysql.connect`."""
        return {"unix_socket": str(self.socket), "user": self.user, "database": self.database}


def find_mariadb() -> Installation | None:
    server = installed("mariadbd", path=SEARCH_PATH)
    installer = installed("mariadb-install-db", path=SEARCH_PATH)
    if not server or not installer:
        return None
    version = version_of(server, "--no-defaults", after="Ver ")
    return Installation(server, installer, version) if version else None


@contextmanager
def mariadb_server(
    settings: Mapping[str, str] | None = None, installation: Installation | None = None
) -> Iterator[MariadbServer]:
    """Initialise, start and in the end remove a server; `settings` are option names."""
    chosen = installation or find_mariadb()
    if not chosen:
        raise ServerFailed("no MariaDB server binaries found")
    account = unprivileged_account("mysql")
    with termination_raises(), temporary_directory("bp-my-", account) as directory:
        run_step(
            [
                chosen.installer,
                "--no-defaults",
                f"--datadir={directory / 'data'}",
                "--auth-root-authentication-method=normal",
                "--skip-name-resolve",
                "--innodb-log-file-size=64M",
            ],
            directory,
            account,
        )
        port = free_port()
        server = MariadbServer(directory, port, 0, chosen)
        options = [
            f"--{name}={value}" for name, value in (THROW_AWAY | dict(settings or {})).items()
        ]
        argv = [
            chosen.server,
            "--no-defaults",
            f"--datadir={directory / 'data'}",
            f"--socket={server.socket}",
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--pid-file={directory / 'pid'}",
            f"--tmpdir={directory}",
            *options,
        ]
        with foreground(argv, directory, account, lambda: answers(server.socket)) as process:
            yield MariadbServer(directory, port, process.pid, chosen)


def answers(path: Path) -> bool:
    """The server greets first; a greeting means that it accepts connections."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            return len(client.recv(5)) == 5
        except OSError:
            return False
