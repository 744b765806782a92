"""What a piece of client code costs: queries, rows and pages by the server's own account, round
trips and bytes by the wire."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from harness.measuring.bench import Bench
from harness.measuring.sample import Sample, timed

# Transaction control is not work the case is about, and reading the statistics is ours.
COUNTED = """
    SELECT coalesce(sum(calls), 0)::bigint, coalesce(sum(rows), 0)::bigint,
           coalesce(sum(shared_blks_hit + shared_blks_read), 0)::bigint,
           coalesce(sum(wal_bytes), 0)::bigint
    FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
    WHERE d.datname = %s AND query !~* '^(begin|commit|rollback|savepoint|release|set|show)'
"""


def client_sample(bench: Bench, database: str, label: str, run: Callable[[], object]) -> Sample:
    """The second run is counted: the first opens connections and prepares statements."""
    run()
    with psycopg.connect(bench.postgres.superuser_dsn, autocommit=True) as statistics:
        statistics.execute("SELECT pg_stat_statements_reset()")
        for network in bench.networks():
            network.reset()
        answer = run()
        traffic = [network.traffic for network in bench.networks()]
        counted = statistics.execute(COUNTED, [database]).fetchone()
    queries, rows, buffers, wal = counted or (0, 0, 0, 0)
    return Sample(
        label,
        answer=answer,
        queries=queries,
        trips=sum(t.round_trips for t in traffic),
        connections=sum(t.connections for t in traffic),
        rows=rows,
        buffers=buffers,
        bytes=sum(t.bytes_down for t in traffic),
        wal=wal,
        times=timed(run),
    )
