"""Each rule beside a plan that only looks like what it is about: it hits one and not the other."""

# ruff: noqa: E501 - the lines are plans

from __future__ import annotations

from collections.abc import Mapping

import pytest
from backend_performance.diagnosis import plan


def scan(node: str, rows: int = 10, ms: float = 900.0, more: str = "", planned: int = 10) -> str:
    head = f"{node}  (cost=0.00..99.00 rows={planned} width=8) (actual time=0.010..{ms} rows={rows} loops=1)"
    lines = [head, *(f"  {line}" for line in more.split("|") if line), f"Execution Time: {ms} ms"]
    return "\n".join(lines)


def loop(inner: str, loops: int, each_ms: float, joined: int = 50, more: str = "") -> str:
    ms = loops * each_ms + 1
    return f"""\
Nested Loop  (cost=0.00..99.00 rows=50 width=8) (actual time=0.010..{ms} rows={joined} loops=1)
{more}  ->  Seq Scan on crate  (cost=0.00..9.00 rows={loops} width=8) (actual time=0.010..1.000 rows={loops} loops=1)
  ->  {inner}  (cost=0.00..9.00 rows=1 width=8) (actual time=0.001..{each_ms} rows=1 loops={loops})
Execution Time: {ms} ms
"""


def limit(below: str, read: int, sent: int = 20, ms: float = 900.0) -> str:
    return f"""\
Limit  (cost=0.00..9.00 rows={sent} width=8) (actual time=0.010..{ms} rows={sent} loops=1)
  ->  {below}  (cost=0.00..99.00 rows={read} width=8) (actual time=0.010..{ms} rows={read if "Sort" not in below else sent} loops=1)
        ->  Seq Scan on crate  (cost=0.00..99.00 rows={read} width=8) (actual time=0.010..99.000 rows={read} loops=1)
Execution Time: {ms} ms
"""


def tree(inner: str, rows: int) -> str:
    return f"-> Sort: crate.due  (cost=9 rows={rows}) (actual time=184..184 rows=20 loops=1)\n    -> {inner}  (cost=9 rows={rows}) (actual time=0.04..100 rows={rows} loops=1)\n"


def table(kind: str, rows: int, extra: str) -> str:
    names = "id select_type table partitions type possible_keys key key_len ref rows filtered Extra"
    cells = [
        "1",
        "SIMPLE",
        "crate",
        "NULL",
        kind,
        "NULL",
        "NULL",
        "NULL",
        "NULL",
        str(rows),
        "10.00",
        extra,
    ]
    return "\t".join(names.split()) + "\n" + "\t".join(cells) + "\n"


#: Rule → a plan that it hits, and one that looks like it.
PAIRS = {
    "seq-scan-discards": (
        scan("Seq Scan on crate", more="Filter: (bay = 7)|Rows Removed by Filter: 90000"),
        scan(
            "Seq Scan on crate",
            900_000,
            more="Filter: (bay > 7)|Rows Removed by Filter: 90000",
            planned=900_000,
        ),
    ),
    "index-discards": (
        scan(
            "Index Scan using crate_at on crate",
            more="Filter: (bay = 7)|Rows Removed by Filter: 90000",
        ),
        scan(
            "Index Scan using crate_at on crate",
            90_000,
            more="Filter: (bay = 7)|Rows Removed by Filter: 90000",
            planned=90_000,
        ),
    ),
    "index-only-heap-fetches": (
        scan("Index Only Scan using crate_at on crate", 90_000, more="Heap Fetches: 80000"),
        scan("Index Only Scan using crate_at on crate", 90_000, more="Heap Fetches: 800"),
    ),
    "bitmap-lossy": (
        scan("Bitmap Heap Scan on crate", 90_000, more="Heap Blocks: exact=90 lossy=40000"),
        scan("Bitmap Heap Scan on crate", 90_000, more="Heap Blocks: exact=40090"),
    ),
    "estimate-off": (
        scan("Seq Scan on crate", 90_000, planned=10),
        scan("Seq Scan on crate", 90_000, planned=30_000),
    ),
    "wrapped-column": (
        scan(
            "Seq Scan on crate",
            more="Filter: (date(at) = '2024-03-01'::date)|Rows Removed by Filter: 90000",
        ),
        scan(
            "Seq Scan on crate",
            900_000,
            more="Filter: (date(at) > '2024-03-01'::date)|Rows Removed by Filter: 9000",
            planned=900_000,
        ),
    ),
    "full-index-scan": (
        scan("Index Only Scan using crate_at on crate", 900_000, planned=900_000),
        scan(
            "Index Only Scan using crate_at on crate",
            900_000,
            more="Index Cond: (at > 7)",
            planned=900_000,
        ),
    ),
    "sort-spill": (
        scan("Sort", 9, more="Sort Key: at|Sort Method: external merge  Disk: 26320kB"),
        scan("Sort", 9, more="Sort Key: at|Sort Method: quicksort  Memory: 26320kB"),
    ),
    "hash-spill": (
        scan("Hash", 9, more="Buckets: 65536  Batches: 16  Memory Usage: 7392kB"),
        scan("Hash", 9, more="Buckets: 65536  Batches: 1  Memory Usage: 7392kB"),
    ),
    "temp-io": (
        scan("Materialize", 9, more="Buffers: shared hit=9, temp written=4000"),
        scan("Materialize", 9, more="Buffers: shared hit=9 written=4000"),
    ),
    "blocks-per-row": (
        scan("Index Scan using crate_at on crate", 9, more="Buffers: shared hit=90000"),
        scan(
            "Index Scan using crate_at on crate",
            9000,
            more="Buffers: shared hit=90000",
            planned=9000,
        ),
    ),
    "workers-missing": (
        scan("Gather", 9, more="Workers Planned: 2|Workers Launched: 0"),
        scan("Gather", 9, more="Workers Planned: 2|Workers Launched: 2"),
    ),
    "nested-loop-many": (
        loop("Index Scan using bay_pkey on bay", 5000, 0.1),
        loop("Index Scan using bay_pkey on bay", 500, 1.0),
    ),
    "join-discards": (
        loop(
            "Materialize",
            100,
            9.0,
            more="  Join Filter: (bay.id = crate.bay)\n  Rows Removed by Join Filter: 900000\n",
        ),
        loop(
            "Materialize",
            100,
            9.0,
            900_000,
            more="  Join Filter: (bay.id = crate.bay)\n  Rows Removed by Join Filter: 900000\n",
        ),
    ),
    "correlated-subplan": (
        loop("Seq Scan on bay", 1, 1.0)
        .replace(
            "  ->  Seq Scan on bay  (cost=0.00..9.00 rows=1 width=8) (actual time=0.001..1.0 rows=1 loops=1)",
            "  SubPlan 1\n    ->  Seq Scan on bay  (cost=0.00..9.00 rows=1 width=8) (actual time=0.001..1.0 rows=1 loops=5000)",
        )
        .replace("2.0", "5001.0"),
        loop("Seq Scan on bay", 1, 1.0).replace(
            "  ->  Seq Scan on bay", "  InitPlan 1\n    ->  Seq Scan on bay"
        ),
    ),
    "offset-skips": (
        limit("Index Scan using crate_pkey on crate", 50_000),
        limit("Index Scan using crate_pkey on crate", 50_000, 40_000),
    ),
    "sort-for-limit": (limit("Sort", 50_000), limit("Sort", 50_000, 9_000)),
    "ordered-index-filter": (
        "Limit  (cost=0.43..400.00 rows=1 width=8)\n  ->  Index Scan using crate_at on crate  (cost=0.43..36000.00 rows=90 width=8)\n        Filter: (bay = 7)\n",
        "Limit  (cost=0.43..400.00 rows=1 width=8)\n  ->  Index Scan using crate_at on crate  (cost=0.43..36000.00 rows=90 width=8)\n        Index Cond: (bay = 7)\n",
    ),
    "cost-in-node": (
        "Seq Scan on crate  (cost=0.00..90000.00 rows=9 width=8)\n  Filter: (bay = 7)\n",
        "Seq Scan on crate  (cost=0.00..9000.00 rows=9 width=8)\n  Filter: (bay = 7)\n",
    ),
    "time-in-node": (scan("ProjectSet", 9), scan("ProjectSet", 9, 40.0)),
    "jit-cost": (
        scan("Seq Scan on crate", 9)
        + "\nJIT:\n  Functions: 9\n  Timing: Generation 1.0 ms, Total 400.0 ms\n",
        scan("Seq Scan on crate", 9)
        + "\nJIT:\n  Functions: 9\n  Timing: Generation 1.0 ms, Total 40.0 ms\n",
    ),
    "planning-dominates": (
        scan("Seq Scan on crate", 9, 20.0) + "\nPlanning Time: 89.0 ms\n",
        scan("Seq Scan on crate", 9, 120.0) + "\nPlanning Time: 89.0 ms\n",
    ),
    "trigger-time": (
        scan("Seq Scan on crate", 9)
        + "\nTrigger for constraint crate_bay_fkey: time=800.0 calls=900\n",
        scan("Seq Scan on crate", 9)
        + "\nTrigger for constraint crate_bay_fkey: time=8.0 calls=900\n",
    ),
    "serialization-time": (
        scan("Seq Scan on crate", 9)
        + "\nSerialization: time=800.0 ms  output=9000kB  format=text\n",
        scan("Seq Scan on crate", 9) + "\nSerialization: time=8.0 ms  output=9000kB  format=text\n",
    ),
    "full-scan-discards": (table("ALL", 60_000, "Using where"), table("ALL", 60_000, "NULL")),
    "sort-or-temporary-table": (
        tree("Table scan on crate", 60_000),
        tree("Table scan on crate", 6_000),
    ),
    "join-buffer": (
        table("ALL", 60_000, "Using where; Using join buffer (hash join)"),
        table("ALL", 600, "Using where; Using join buffer (hash join)"),
    ),
}


def verdicts(text: str) -> Mapping[str, str]:
    evidence = plan.examine(plan.read(text))[2]
    return {one.probe.removeprefix("explain/"): one.verdict for one in evidence}


@pytest.mark.parametrize("rule", PAIRS)
def test_a_rule_hits_its_plan_and_not_the_one_that_looks_like_it(rule):
    hit, look_alike = PAIRS[rule]
    assert verdicts(hit).get(rule) in ("fail", "judge"), verdicts(hit)
    assert verdicts(look_alike).get(rule) not in ("fail", "judge"), verdicts(look_alike)


def test_no_rule_is_without_such_a_pair():
    assert set(PAIRS) == {rule.name for rule in plan.RULES}
