"""How many of the problems planted in an analytics service a walk finds, and what is false.

    python -m harness.lens [--root FOLDER] [--keep FOLDER]

Starts PostgreSQL, Redis and MariaDB in temporary folders, plants problems and look-alikes, walks
them with the scripts of this repository, or with those of ``--root``, an older copy of it. Exit
codes: 0 all found and nothing false, 1 otherwise, 2 a server could not be started.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from harness import planted
from harness.lens import mariadb, postgres, redis_cache
from harness.lens.planted import LOOKALIKES, PROBLEMS
from harness.servers.mariadb import mariadb_server
from harness.servers.postgres import find_postgres, postgres_server
from harness.servers.redis import redis_server

_POSTGRES = {
    "fsync": "on",
    "full_page_writes": "on",
    "wal_level": "logical",
    "max_replication_slots": "6",
    "max_prepared_transactions": "4",
    "max_wal_size": "32MB",
    "min_wal_size": "32MB",
    "autovacuum_vacuum_cost_delay": "100ms",
    "work_mem": "4MB",
    # What was planted stays as it is until it is asked.
    "autovacuum_naptime": "1h",
}
_REDIS = {"maxmemory": "128mb", "maxmemory-policy": "volatile-lru"}
_MARIADB = {
    "performance_schema": "ON",
    "innodb-lock-wait-timeout": "600",
    "innodb-buffer-pool-size": "8M",
    "max-connections": "30",
    "tmp-memory-table-size": "64K",
    "max-heap-table-size": "64K",
}
_OPTIONS = (
    *("--postgres-env", "LENS_DATABASE", "--redis-env", "LENS_CACHE", "--mysql-env", "LENS_LEDGER"),
    *("--redis-role", "cache"),
)


@contextmanager
def _running() -> Iterator[tuple[Mapping[str, str], Sequence[str]]]:
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server(_POSTGRES, installation=find_postgres()))
        cache = stack.enter_context(redis_server(_REDIS))
        ledger = stack.enter_context(mariadb_server(_MARIADB))
        environment = {
            "LENS_CACHE": stack.enter_context(redis_cache.running(cache)),
            "LENS_LEDGER": stack.enter_context(mariadb.running(ledger)),
            "LENS_DATABASE": stack.enter_context(postgres.running(server)),
        }
        yield environment, _OPTIONS


def main(argv: Sequence[str] | None = None) -> int:
    """Walk the analytics service; print a table."""
    system = planted.System("lens", str(__doc__), _running, PROBLEMS, LOOKALIKES)
    return planted.main(system, argv)


if __name__ == "__main__":
    raise SystemExit(main())
