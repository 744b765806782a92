"""The booking site's PostgreSQL database with its traffic."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from harness.servers.database import PROBE, create, forget_statements, superuser
from harness.servers.postgres import PostgresServer

DATABASE = "booking"
ROLES = ("booking_owner", "booking_web", "booking_report", "booking_idle")
_HERE = Path(__file__).parent
_PAGE = """
    select id, room_id from bookings where status = 'open' order by id limit 30 offset %s
"""


@contextmanager
def running(server: PostgresServer) -> Iterator[str]:
    """Yield the DSN of the probing role while some sessions wait for a lock."""
    create(
        server,
        DATABASE,
        ROLES,
        f"grant pg_read_all_data to {PROBE}",
        "alter role booking_web set statement_timeout = '60s'",
    )
    with superuser(server, DATABASE) as admin:
        admin.execute("select pg_create_physical_replication_slot('old_standby', true)")
        admin.execute((_HERE / "schema.sql").read_text(encoding="utf-8"))
        admin.execute((_HERE / "problems.sql").read_text(encoding="utf-8"))
        admin.execute("grant all on all tables in schema public to booking_web, booking_report")
        admin.execute("vacuum (analyze)")
    forget_statements(server, DATABASE)
    _traffic(server)
    with ExitStack() as stack:
        _wait_for_a_lock(server, stack)
        yield server.dsn(PROBE, DATABASE)


def _traffic(server: PostgresServer) -> None:
    import psycopg

    with psycopg.connect(server.dsn("booking_web", DATABASE), autocommit=True) as web:
        for page in range(40):
            for _, room in web.execute(_PAGE, (page * 400,)).fetchall():
                web.execute("select number from rooms where id = %s", (room,)).fetchone()
        for n in range(120):
            web.execute(
                "select id, status from bookings where hotel_id = %s order by created_at limit 20",
                (7 + 0 * n,),
            ).fetchall()
        for n in range(120):
            web.execute(
                "select id from guests where loyalty_number::bigint = %s", (100_000 + n,)
            ).fetchone()
            web.execute(
                "select id from guests where lower(email) = %s", (f"guest{n}@x",)
            ).fetchone()
        for n in range(200):
            web.execute("select value from site_settings where value = %s", (str(n),)).fetchall()
        for n in range(30):
            web.execute("delete from bookings where id = %s", (n + 1,))
        for _ in range(2):
            web.execute("update holds set room_id = room_id + 1 where id % 5 > 0")
        for _ in range(30):
            web.execute("select id, what from booking_extras where booking_id < 5000").fetchall()
    with psycopg.connect(server.dsn("booking_report", DATABASE), autocommit=True) as report:
        for _ in range(3):
            report.execute(
                "select guest_id, count(*) from bookings group by 1 order by 2"
            ).fetchall()
    with superuser(server, DATABASE) as admin, suppress(psycopg.errors.UniqueViolation):
        admin.execute(
            "insert into guests (email, loyalty_number, country) "
            "values ('guest1@example.org', 'x', 'C1')"
        )
        admin.execute(
            "create unique index concurrently guests_lower_email_key on guests (lower(email))"
        )
    _hot_row(server)


def _hot_row(server: PostgresServer) -> None:
    """Let one counter be updated by several sessions, each holding its lock for a while."""
    import psycopg

    def count(calls: int) -> None:
        with psycopg.connect(server.dsn("booking_web", DATABASE)) as web:
            for _ in range(calls):
                web.execute("update hotels set views = views + 1 where id = 1")
                time.sleep(0.02)
                web.commit()

    threads = [threading.Thread(target=count, args=(40,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _wait_for_a_lock(server: PostgresServer, stack: ExitStack) -> None:
    """Leave one session idle in a transaction, one waiting for its row, and one idle."""
    import psycopg

    def connect(role: str, name: str, **options: Any) -> Any:
        dsn = server.dsn(role, DATABASE)
        return stack.enter_context(psycopg.connect(dsn, application_name=name, **options))

    holder = connect("booking_web", "booking-checkout")
    holder.execute("update hotels set name = name where id = 2")
    waiter = connect("booking_web", "booking-admin")
    connect("booking_idle", "booking-idle", autocommit=True)

    def wait() -> None:
        with suppress(psycopg.Error):
            waiter.execute("update hotels set views = 0 where id = 2")

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    stack.callback(thread.join, 5)
    stack.callback(holder.close)
    time.sleep(11)
