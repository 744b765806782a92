"""A throw-away PgBouncer in front of a PostgreSQL server."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from harness.servers.child import foreground, free_port, temporary_directory, unprivileged_account
from harness.servers.lookup import installed
from harness.servers.postgres import PostgresServer


def find_pgbouncer() -> Path | None:
    """Debian puts it where only root looks for programs."""
    return installed("pgbouncer", path="/usr/sbin")


@contextmanager
def pgbouncer(server: PostgresServer, binary: Path, pool_mode: str, ignored: str) -> Iterator[int]:
    """Yield the port of a pooler of one server connection for each database and role.

    Args:
        pool_mode: ``session``, ``transaction`` or ``statement``.
        ignored: Start-up parameters that it swallows.
    """
    account = unprivileged_account("postgres")
    with temporary_directory("bp-pgb-", account) as directory:
        port = free_port()
        users = directory / "users.txt"
        users.write_text('"app" ""\n"probe" ""\n')
        settings = directory / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = host=127.0.0.1 port={server.port}\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
            f"auth_type = trust\nauth_file = {users}\npool_mode = {pool_mode}\n"
            f"default_pool_size = 1\nignore_startup_parameters = {ignored}\n"
        )
        for file in (users, settings):
            file.chmod(0o644)
        with foreground(
            [binary, settings],
            directory,
            account,
            ready=lambda: listens(port),
            stop=signal.SIGINT,
        ):
            yield port


def listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
