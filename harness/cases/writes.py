"""Cases about what a write leaves behind: log, index entries, dead rows."""

from __future__ import annotations

import time

import psycopg

from harness.cases.locks import execute
from harness.measuring.client import COUNTED
from harness.measuring.figures import SPEED_UP, Table, speed_up
from harness.measuring.plans import postgres_sample
from harness.measuring.run import CaseRun
from harness.servers.waiting import until

ROUNDS = 40


def index_write_cost(run: CaseRun) -> Table:
    code = {fence.step: fence.code for fence in run.case.fences}
    run.admin.execute("CREATE EXTENSION pg_stat_statements")
    rows: list[list[object]] = []
    base: list[float] = []
    for label, steps in (
        ("Five secondary indexes", ("setup", "indexes")),
        ("None of them", ("setup",)),
    ):
        times: list[float] = []
        for _ in range(3):
            run.admin.execute("DROP TABLE IF EXISTS measurement")
            for step in steps:
                execute(run.admin, code[step])
            run.admin.execute("SELECT pg_stat_statements_reset()")
            start = time.perf_counter()
            execute(run.admin, code["load"])
            times.append(time.perf_counter() - start)
            wal = run.admin.execute(COUNTED, [run.database]).fetchone()[3]  # type: ignore[index]
        base = base or times
        faster = "1×" if base is times else speed_up(base, times)
        rows.append([label, wal, hot_updates(run), faster])
    return Table.of(["Variant", "WAL bytes (±5 %)", "HOT updates of 1,000", SPEED_UP], rows)


def hot_updates(run: CaseRun) -> int:
    run.admin.execute("SELECT pg_stat_force_next_flush()")
    row = run.admin.execute(
        "SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'measurement'"
    ).fetchone()
    return int(row[0]) if row else 0


def long_transaction(run: CaseRun) -> Table:
    code = {fence.step: fence.code for fence in run.case.fences}
    rows, samples = [], []
    for label, limit in (("Session forgotten", ""), ("Ended after 20 ms", code["after"])):
        run.admin.execute("DROP TABLE IF EXISTS counter")
        execute(run.admin, code["setup"])
        session = run.connect()
        execute(session, limit + code["forgotten"])
        if limit:
            until(lambda session=session: not is_connected(run, session), "the session to be ended")
        for _ in range(ROUNDS):
            execute(run.admin, code["load"])
        sample = postgres_sample(run.admin, "SELECT sum(hits) FROM counter;", label)
        samples.append(sample)
        faster = speed_up(samples[0].times, sample.times) if len(samples) > 1 else "1×"
        rows.append([label, dead_rows(run), sample.buffers, faster])
        session.close()
    headers = ["Variant", "Dead rows left", "Buffers of a full read (±5 %)", SPEED_UP]
    return Table.of(headers, rows)


def is_connected(run: CaseRun, session: psycopg.Connection) -> bool:
    query = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
    return run.admin.execute(query, [session.info.backend_pid]).fetchone() is not None


def dead_rows(run: CaseRun) -> int:
    run.admin.execute("CREATE EXTENSION IF NOT EXISTS pgstattuple")
    row = run.admin.execute("SELECT dead_tuple_count FROM pgstattuple('counter')").fetchone()
    return int(row[0]) if row else 0
