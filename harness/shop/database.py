"""The shop's database: created, filled, used, with problems or without."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from harness.servers.database import PROBE, create, forget_statements, superuser
from harness.servers.postgres import PostgresServer
from harness.shop import traffic

DATABASE = "shop"
OWNER = "shop"
_HERE = Path(__file__).parent
#: Ends in an error on purpose: two customers share an address, and the index stays invalid.
_FAILING_INDEX = "create unique index concurrently customers_email_key on customers (lower(email))"


@contextmanager
def running_shop(server: PostgresServer, *, healthy: bool) -> Iterator[tuple[str, traffic.Took]]:
    """Yield the DSN of a probing role for a shop that has just had its traffic, and what it took.

    The role can see statistics and read no row of the shop. While the block runs, one session of
    the application is open: idle, or idle in a transaction.
    """
    import psycopg

    create(server, DATABASE, [OWNER], f"alter role {PROBE} connection limit 3")
    with psycopg.connect(server.dsn(OWNER, DATABASE), autocommit=True) as shop:
        _run(shop, "schema.sql")
        _run(shop, "healthy.sql" if healthy else "problems.sql")
        shop.execute("vacuum (analyze)")
        forget_statements(server, DATABASE)
        if healthy:
            took = traffic.careful(shop)
        else:
            with suppress(psycopg.errors.UniqueViolation):
                shop.execute(_FAILING_INDEX)
            took = traffic.careless(shop)
            traffic.rewrite_carts(shop)
    # The connection is closed: a backend reports its last counters when it ends.
    with psycopg.connect(server.dsn(OWNER, DATABASE), autocommit=True) as checkout:
        if not healthy:
            traffic.forget_to_commit(checkout)
        yield server.dsn(PROBE, DATABASE), took


@contextmanager
def repaired_shop(server: PostgresServer) -> Iterator[traffic.Took]:
    """Do what the report proposes, reset the statistics, and run the traffic again.

    While the block runs, one session of the application is open and has nothing to do.
    """
    import psycopg

    with psycopg.connect(server.dsn(OWNER, DATABASE), autocommit=True) as shop:
        text = (_HERE / "repairs.sql").read_text(encoding="utf-8")
        for statement in text.split("\n\n"):
            shop.execute(statement)
    with superuser(server, DATABASE) as admin:
        admin.execute("select pg_stat_reset()")
        admin.execute("vacuum (analyze)")  # the reset forgot when tables were analyzed
    forget_statements(server, DATABASE)
    with psycopg.connect(server.dsn(OWNER, DATABASE), autocommit=True) as shop:
        took = traffic.careful(shop)
    with psycopg.connect(server.dsn(OWNER, DATABASE), autocommit=True):
        yield took


def _run(connection: Any, name: str) -> None:
    connection.execute((_HERE / name).read_text(encoding="utf-8"))
