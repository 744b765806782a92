"""The analytics service's PostgreSQL database, its past traffic, and what goes on right now."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from harness.servers.database import PROBE, create, forget_statements, superuser
from harness.servers.postgres import PostgresServer

DATABASE = "lens"
ROLES = ("lens_app", "lens_batch", "lens_loader", "lens_pool")
_SCHEMA = Path(__file__).parent / "schema.sql"


@contextmanager
def running(server: PostgresServer) -> Iterator[str]:
    """Yield the DSN of the probing role while some sessions work and some wait."""
    create(
        server,
        DATABASE,
        ROLES,
        f"grant pg_read_all_data to {PROBE}",
        "alter role lens_batch set work_mem = '1GB'",
        "alter role lens_loader set synchronous_commit = off",
    )
    with superuser(server, DATABASE) as admin:
        admin.execute("select pg_create_logical_replication_slot('warehouse_feed', 'pgoutput')")
        admin.execute(_SCHEMA.read_text(encoding="utf-8"))
        admin.execute("grant all on all tables in schema public to lens_app, lens_loader")
        admin.execute("grant all on all sequences in schema public to lens_app")
        admin.execute("vacuum (analyze)")
        forget_statements(server, DATABASE)
        admin.execute("insert into imports select g, g % 90, 'x' from generate_series(1, 90000) g")
        admin.execute("checkpoint")
    _past_traffic(server)
    with ExitStack() as stack:
        _present_traffic(server, stack)
        yield server.dsn(PROBE, DATABASE)


def _past_traffic(server: PostgresServer) -> None:
    import psycopg

    with psycopg.connect(server.dsn("lens_app", DATABASE), autocommit=True) as app:
        for tenant in range(1, 60):
            _dashboard_page(app, tenant)
        for n in range(150):
            app.execute("select id from events where device_id = %s", (Decimal(n * 7),)).fetchall()
        for n in range(150):
            app.execute(
                "select id, email from members order by email, id limit 25 offset %s", (n * 380,)
            ).fetchall()
            app.execute("select seats from plans where code = %s", ("team",)).fetchall()
        for n in range(60):
            app.execute(
                "select id from events where payload @> %s::jsonb", (f'{{"campaign": "c{n}"}}',)
            ).fetchall()
        for _ in range(3):
            app.execute("select id, payload from events order by payload").fetchone()
        for n in range(4000):
            app.execute(
                "update usage_counters set hits = hits + 1 where tenant_id = %s", (1 + n % 20000,)
            )
        for tenant in range(1, 30):
            app.execute("select set_config('lens.tenant', %s, false)", (str(tenant),))
            app.execute("select id, body from documents").fetchall()
        for n in range(30):
            app.execute("delete from reports where id = %s", (n + 1,))
    for n in range(300):
        with psycopg.connect(server.dsn("lens_app", DATABASE), autocommit=True) as app:
            app.execute("select name from tenants where id = %s", (n,)).fetchone()


def _dashboard_page(app: Any, tenant: int) -> None:
    app.execute("select count(*) from events").fetchone()
    boards = app.execute("select id, title from dashboards order by id limit 20 offset 0")
    for board, _ in boards.fetchall():
        app.execute(
            "select id, kind from widgets where dashboard_id = %s", (board + tenant,)
        ).fetchall()


def _present_traffic(server: PostgresServer, stack: ExitStack) -> None:
    """Start the sessions that hold, wait and work until the stack closes."""
    import psycopg

    def connect(role: str, name: str, **options: Any) -> Any:
        dsn = server.dsn(role, DATABASE)
        return stack.enter_context(psycopg.connect(dsn, application_name=name, **options))

    stop = threading.Event()
    threads: list[threading.Thread] = []
    stack.callback(lambda: [thread.join(10) for thread in threads])
    for _ in range(12):
        connect("lens_pool", "lens-pool", autocommit=True)
    orphan = psycopg.connect(server.dsn("lens_app", DATABASE))
    orphan.tpc_begin(orphan.xid(1, "invoice-4711", "lens"))
    orphan.execute("update tenants set plan = 'team' where id = 9")
    orphan.tpc_prepare()
    orphan.close()
    console = connect("lens_app", "lens-console")
    console.execute("update tenants set name = name where id = 3")
    waiter = connect("lens_app", "lens-rollup")

    def start(work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        threads.append(thread)
        thread.start()

    def wait() -> None:
        with suppress(psycopg.Error):
            waiter.execute("update tenants set event_count = event_count + 1 where id = 3")

    def repeat(name: str, statement: str, pause: float) -> None:
        with (
            suppress(psycopg.Error),
            psycopg.connect(server.dsn("lens_app", DATABASE), application_name=name) as app,
        ):
            while not stop.is_set():
                app.execute(statement)
                time.sleep(pause)
                app.commit()

    poll = "select id from rollup_jobs where state = 'open' order by id limit 1 for update"
    click = "insert into clicks (tenant_id, url) values (1, '/')"
    start(wait)
    for _ in range(4):
        start(lambda: repeat("lens-worker", poll, 0.05))
        start(lambda: repeat("lens-web", click, 0.04))
    stack.callback(waiter.close)
    stack.callback(console.close)
    stack.callback(stop.set)
    time.sleep(11)
