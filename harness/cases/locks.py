"""Cases where one session waits for another: who is blocked, not for how long."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import psycopg

from harness.measuring.figures import Table
from harness.measuring.run import CaseRun
from harness.measuring.statements import split
from harness.servers.waiting import PATIENCE, until


def execute(connection: psycopg.Connection, code: str) -> None:
    for statement in split(code):
        connection.execute(statement)  # type: ignore[arg-type]


def within(connection: psycopg.Connection, milliseconds: int, code: str) -> bool:
    """Whether the statement got its locks in time."""
    connection.execute(f"SET lock_timeout = {milliseconds}")  # type: ignore[arg-type]
    try:
        execute(connection, code)
    except psycopg.errors.LockNotAvailable:
        return False
    return True


@contextmanager
def running(connection: psycopg.Connection, code: str) -> Iterator[threading.Thread]:
    """The statement in the background; refusals and cancellations are part of the case."""

    def body() -> None:
        with suppress(psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled):
            execute(connection, code)

    thread = threading.Thread(target=body)
    thread.start()
    try:
        yield thread
    finally:
        thread.join(PATIENCE)


def lock_of(run: CaseRun, pid: int, table: str) -> str:
    """The strongest lock a backend holds on a table, by name."""
    rows = run.admin.execute(
        "SELECT mode FROM pg_locks WHERE pid = %s AND relation = %s::regclass AND granted",
        [pid, table],
    ).fetchall()
    modes = {mode.removesuffix("Lock") for (mode,) in rows}
    strength = (
        "AccessExclusive",
        "Exclusive",
        "ShareRowExclusive",
        "Share",
        "ShareUpdateExclusive",
        "RowExclusive",
        "RowShare",
        "AccessShare",
    )
    return next(mode for mode in strength if mode in modes)


def is_valid(run: CaseRun) -> bool:
    row = run.admin.execute(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ledger_account'::regclass"
    ).fetchone()
    return bool(row and row[0])


def building_an_index(run: CaseRun) -> Table:
    code = {fence.step: fence for fence in run.case.fences}
    run.prepare(code["setup"])
    writer, builder, reader = run.connect(), run.connect(), run.connect()
    pid = builder.info.backend_pid

    builder.execute("BEGIN")
    execute(builder, code["before"].code)
    plain = [
        code["before"].label,
        lock_of(run, pid, "ledger"),
        within(writer, 200, code["write"].code),
    ]
    builder.execute("COMMIT")
    plain.append(is_valid(run))
    run.admin.execute("DROP INDEX ledger_account")

    with held_up(run, reader, builder, code["after"].code):
        gentle = [
            code["after"].label,
            lock_of(run, pid, "ledger"),
            within(writer, 200, code["write"].code),
        ]
    gentle.append(is_valid(run))
    run.admin.execute("DROP INDEX ledger_account")

    rows = [plain, gentle]
    for step in ("retry", "repair"):
        if step == "retry":
            with held_up(run, reader, builder, code["after"].code) as build:
                run.admin.execute("SELECT pg_cancel_backend(%s)", [pid])
                # It must be gone before the snapshot is released, or it would finish.
                build.join(PATIENCE)
        execute(builder, code[step].code)
        rows.append([code[step].label, None, None, is_valid(run)])
    return Table.of(["Variant", "Lock on the table", "Write meanwhile served", "Index valid"], rows)


@contextmanager
def held_up(
    run: CaseRun, reader: psycopg.Connection, builder: psycopg.Connection, code: str
) -> Iterator[threading.Thread]:
    """A concurrent build kept waiting by an older snapshot while the body runs."""
    reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    reader.execute("SELECT 1")
    waiting = "SELECT 1 FROM pg_stat_progress_create_index WHERE phase LIKE 'waiting for old%'"
    with running(builder, code) as thread:
        until(lambda: run.admin.execute(waiting).fetchone(), "the concurrent build to wait")
        yield thread
        reader.execute("COMMIT")


def lock_queue(run: CaseRun) -> Table:
    code = {fence.step: fence for fence in run.case.fences}
    run.prepare(code["setup"])
    report, migration = run.connect(), run.connect()
    requests = [run.connect() for _ in range(10)]
    waiting = "SELECT 1 FROM pg_locks WHERE pid = %s AND NOT granted"
    pid = migration.info.backend_pid

    def row(step: str) -> list[object]:
        with ThreadPoolExecutor(len(requests)) as pool:
            served = sum(pool.map(lambda c: within(c, 500, code["request"].code), requests))
        report.execute("COMMIT")
        return [code[step].label, served, 10 - served]

    execute(report, code["report"].code)
    with running(migration, code["before"].code):
        until(lambda: run.admin.execute(waiting, [pid]).fetchone(), "ALTER TABLE to wait")
        before = row("before")
    before.append("gift" in columns(run))
    run.admin.execute("ALTER TABLE basket DROP COLUMN gift")
    execute(report, code["report"].code)
    with suppress(psycopg.errors.LockNotAvailable):
        execute(migration, code["after"].code)
    migration.execute("ROLLBACK")
    after = row("after")
    execute(migration, code["after"].code)  # the retry that the page describes
    after.append("gift" in columns(run))
    rows = [before, after]
    headers = ["Variant", "Requests served", "Requests timed out after 0.5 s", "Column added"]
    return Table.of(headers, rows)


def columns(run: CaseRun) -> set[str]:
    found = run.admin.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'basket'::regclass AND attnum > 0"
    )
    return {name for (name,) in found}
