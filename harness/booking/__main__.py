"""How many of the planted problems a walk finds, and what it says that is wrong.

    python -m harness.booking [--root FOLDER] [--keep FOLDER]

Starts PostgreSQL, Redis and MariaDB in temporary folders, plants problems and look-alikes in them
and in the source of the site, walks all with the scripts of this repository, or with those of
``--root``, an older copy of it. Exit codes: 0 all found and nothing false, 1 otherwise, 2 a server
could not be started.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from harness import planted
from harness.booking import postgres, stores
from harness.booking.planted import LOOKALIKES, PROBLEMS
from harness.servers.mariadb import mariadb_server
from harness.servers.postgres import find_postgres, postgres_server
from harness.servers.redis import redis_server

#: Statements of the database are counted, and a slot may keep WAL.
_POSTGRES = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_replication_slots": "4",
    "max_slot_wal_keep_size": "-1",
}
_REDIS = {"maxmemory": "64mb", "maxmemory-policy": "noeviction"}
_MARIADB = {"performance_schema": "ON"}
_SITE = Path(__file__).resolve().parent / "site"
_OPTIONS = (
    *("--postgres-env", "BOOKING_DATABASE", "--redis-env", "BOOKING_CACHE"),
    *("--redis-role", "cache", "--mysql-env", "BOOKING_REVIEWS", "--code", str(_SITE)),
    *("--instances", "1", "--processes", "1", "--pool-size", "140"),
)


@contextmanager
def _running() -> Iterator[tuple[Mapping[str, str], Sequence[str]]]:
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server(_POSTGRES, installation=find_postgres()))
        cache = stack.enter_context(redis_server(_REDIS))
        reviews = stack.enter_context(mariadb_server(_MARIADB))
        stores.fill_redis(cache)
        environment = {
            "BOOKING_CACHE": cache.url,
            "BOOKING_REVIEWS": stores.fill_mariadb(reviews),
            "BOOKING_DATABASE": stack.enter_context(postgres.running(server)),
        }
        yield environment, _OPTIONS


def main(argv: Sequence[str] | None = None) -> int:
    """Walk the booking site; print a table."""
    system = planted.System("booking", str(__doc__), _running, PROBLEMS, LOOKALIKES)
    return planted.main(system, argv)


if __name__ == "__main__":
    raise SystemExit(main())
