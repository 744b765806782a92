"""What a statement reads: from PostgreSQL's JSON plans and MariaDB's handler counters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pymysql

from harness.measuring.sample import Sample, timed
from harness.measuring.statements import unterminated

SILENT = (
    "Limit",
    "Aggregate",
    "Result",
    "Hash",
    "Bitmap Index Scan",
    "Materialize",
    "Memoize",
    "ModifyTable",
)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def rows_read(node: dict[str, Any]) -> int:
    """Rows a scan produced and rows it threw away, over all its loops."""
    thrown = sum(value for name, value in node.items() if name.startswith("Rows Removed by"))
    return round((node["Actual Rows"] + thrown) * node["Actual Loops"])


def postgres_sample(connection: psycopg.Connection, statement: str, label: str) -> Sample:
    """EXPLAIN (ANALYZE, BUFFERS) of the second run: the first fills the caches."""
    query = unterminated(statement)
    answer = connection.execute(query).fetchall()  # type: ignore[arg-type]
    explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}"
    plan = connection.execute(explain).fetchone()[0][0]["Plan"]  # type: ignore[arg-type,index]
    every = list(nodes(plan))
    names = [n["Node Type"] for n in every if n["Node Type"] not in SILENT]
    heaps = [n["Heap Fetches"] for n in every if "Heap Fetches" in n]
    scans = [n for n in every if "Scan" in n["Node Type"] and "Bitmap Index" not in n["Node Type"]]
    return Sample(
        label,
        answer=sorted(map(repr, answer)),
        plan=" + ".join(dict.fromkeys(names)),
        read=sum(map(rows_read, scans)),
        heap=sum(heaps) if heaps else None,
        buffers=plan["Shared Hit Blocks"] + plan["Shared Read Blocks"],
        rows=len(answer),
        times=timed(lambda: connection.execute(query).fetchall()),  # type: ignore[arg-type]
    )


def mariadb_sample(connection: pymysql.Connection[Any], statement: str, label: str) -> Sample:
    """Handler reads of one run, and the access type EXPLAIN states.

    An index entry that the storage engine filters by itself (index condition pushdown) is counted
    by the handler as no read, but costs one.
    """
    query = unterminated(statement)
    cursor = connection.cursor()

    def run() -> object:
        cursor.execute(query)
        return cursor.fetchall()

    run()
    cursor.execute("FLUSH STATUS")
    answer = list(run())  # type: ignore[call-overload]
    cursor.execute("SHOW SESSION STATUS LIKE 'Handler_%'")
    status = {name: int(value) for name, value in cursor.fetchall()}
    filtered = status["Handler_icp_attempts"] - status["Handler_icp_match"]
    read = filtered + sum(n for name, n in status.items() if name.startswith("Handler_read"))
    cursor.execute(f"EXPLAIN {query}")
    access = cursor.fetchone()[3]  # type: ignore[index]
    return Sample(
        label,
        engine="mariadb",
        answer=sorted(map(repr, answer)),
        plan=f"type={access}",
        read=read,
        rows=len(answer),
        times=timed(run),
    )
