"""A throw-away hot standby of a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from harness.servers.child import (
    run_step,
    temporary_directory,
    termination_raises,
    unprivileged_account,
)
from harness.servers.postgres import SUPERUSER, PostgresServer, reachable, start


@contextmanager
def postgres_standby(primary: PostgresServer, name: str) -> Iterator[PostgresServer]:
    """Copy the primary with `pg_basebackup` and start the copy, which streams from it."""
    account = unprivileged_account("postgres")
    with termination_raises(), temporary_directory("bp-pg-", account) as directory:
        folder = reachable(primary.installation.bin, directory, account)
        from_primary = f"{primary.dsn(tcp=True)} application_name={name}"
        copy = ["--write-recovery-conf", "--checkpoint=fast", "--no-sync", "-X", "stream"]
        run_step(
            [folder / "pg_basebackup", "-d", from_primary, "-D", directory / "data", *copy],
            directory,
            account,
        )
        with ExitStack() as stack:
            # A standby needs at least what its primary has.
            settings = {"hot_standby": "on", "fsync": "off", "max_prepared_transactions": "8"}
            if primary.installation.has_pg_stat_statements:
                settings["shared_preload_libraries"] = "pg_stat_statements"
            port, pid = start(stack, folder, directory, account, settings)
            yield PostgresServer(directory, port, pid, primary.installation, SUPERUSER)
