"""How long the PostgreSQL probes take on a large catalogue, and how that grows.

    python -m benchmarks.probe_cost [TABLES …]

Starts a server of its own for each size, makes tables with three further indexes and a foreign key
each, runs the whole catalogue of probes twice and prints the slower run. Exits 1 where a probe
takes longer than 2 s or the set longer than 10 s.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

SIZES = (1000, 5000)
PROBE_SECONDS, SET_SECONDS = 2.0, 10.0
STATEMENTS = 4500  # pg_stat_statements keeps 5,000
BATCH = 250  # a transaction may hold only so many locks

MAKE = """
do $$
begin
  for n in {first}..{last} loop
    execute format('create table t%s (id int primary key, parent int references parent,'
                   ' a int, b text default ''x'', c timestamptz default now())', n);
    execute format('create index on t%s (a)', n);
    execute format('create index on t%s (a, c)', n);
    execute format('create index on t%s (lower(b)) where a > 0', n);
    execute format('insert into t%s select g, g, g from generate_series(1, 20) g', n);
  end loop;
end $$
"""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tables", nargs="*", type=int, default=SIZES, metavar="TABLES")
    sizes = parser.parse_args(argv).tables
    runs = {size: measure(size) for size in sizes}
    print_table(runs)
    slow = [
        f"{name} at {size} tables: {ms:.0f} ms"
        for size, (took, _) in runs.items()
        for name, ms in took.items()
        if ms > PROBE_SECONDS * 1000
    ]
    slow += [
        f"the set at {size} tables: {s:.1f} s" for size, (_, s) in runs.items() if s > SET_SECONDS
    ]
    print("\n".join(slow) or f"within {PROBE_SECONDS:g} s a probe and {SET_SECONDS:g} s in all")
    return 1 if slow else 0


def measure(tables: int) -> tuple[dict[str, float], float]:
    """Return each probe's milliseconds and the whole run's seconds, of two runs the slower."""
    import psycopg
    from backend_performance.diagnosis.postgres.run import run_postgres

    from harness.servers.postgres import postgres_server

    with postgres_server({"max_locks_per_transaction": "512", "autovacuum": "off"}) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("create role probe login in role pg_monitor, pg_read_all_data")
            connection.execute("create table parent (id int primary key)")
            connection.execute("insert into parent select generate_series(1, 20)")
            if server.installation.has_pg_stat_statements:
                connection.execute("create extension pg_stat_statements")
            for first in range(1, tables + 1, BATCH):
                last = min(first + BATCH - 1, tables)
                connection.execute(MAKE.format(first=first, last=last))
            connection.execute("analyze")
            for n in range(1, min(tables, STATEMENTS) + 1):
                connection.execute(f"select a, b from t{n} where id = %s", (n,))
        slowest: dict[str, float] = {}
        whole = 0.0
        for _ in range(2):
            started = time.perf_counter()
            run = run_postgres(server.dsn("probe"), parameters={"pool_total": 50}, timeout=600)
            whole = max(whole, time.perf_counter() - started)
            for one in run.evidence:
                slowest[one.probe] = max(slowest.get(one.probe, 0.0), one.took_ms)
        return slowest, whole


def print_table(runs: dict[int, tuple[dict[str, float], float]]) -> None:
    names = sorted(next(iter(runs.values()))[0])
    print(f"{'milliseconds at tables:':<36}" + "".join(f"{size:>9}" for size in runs))
    for name in names:
        print(f"{name:<36}" + "".join(f"{took[name]:>9.1f}" for took, _ in runs.values()))
    print(f"{'whole run':<36}" + "".join(f"{s * 1000:>9.1f}" for _, s in runs.values()))


if __name__ == "__main__":
    raise SystemExit(main())
