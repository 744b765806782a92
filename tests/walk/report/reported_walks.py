"""Walks worth a report: one of each verdict, one with every chart, one full of hostile text."""

from datetime import timedelta

from backend_performance.walk import session
from backend_performance.walk.report import model

from tests.walk.walk_examples import NOW, decided, evidence, item, walk

CASE = {"file": "examples/foreign-key-without-an-index.md", "anchor": None}


def id_of(name):
    return f"database/indexing/{name}"


def built(current):
    return model.build(current, NOW + timedelta(hours=1))


def full_walk():
    items = [
        item("low", impact="low"),
        item("high", references=[CASE, {"file": "references/x.md", "anchor": "y"}]),
        item("to-judge"),
        item("cannot-know"),
        item("open"),
        item("redis-only", engines=["redis"]),
        item("fixed"),
        item("quick", same_as=id_of("high")),
    ]
    found = [
        evidence("fail", [id_of("low")], probe="postgres/a"),
        evidence("fail", [id_of("high"), id_of("fixed")], probe="postgres/b"),
        evidence("judge", [id_of("to-judge")], probe="postgres/c"),
        evidence(
            "unknown",
            [id_of("cannot-know")],
            probe="postgres/d",
            rows=[],
            reason="the role may not. To find out: GRANT pg_monitor TO probe",
        ),
        evidence("fail", ["gone"], probe="postgres/e", reason="nobody asked"),
    ]
    target = session.Target("postgres", "DATABASE_URL", {"version": "17.2"})
    current = walk(items, found, ["postgres"], targets=[target], parameters={"instances": 2})
    return decided(current, id_of("fixed"), "pass", before="812ms", after="24 ms")


def gallery():
    """Return a walk with every form of chart, some of their bounds broken."""
    names = ("latency", "hits", "memory", "statements", "pool", "indexes")
    latency = {"p50_ms": 41.2, "p95_ms": 640.0, "p99_ms": 980.0, "max_ms": 1510.0}
    query = "select * from orders where customer_id = $1 order by created_at desc limit $2"
    memory = [{"seconds": 15 * n, "rss_bytes": 180_000_000 + 400_000 * n} for n in range(90)]
    seen = {
        "http/latency-p95": {
            "threshold": {"fail": ["p95_ms > 500"], "judge": ["p95_ms > 200"]},
            "rows": [{"path_untrusted": "/orders"} | latency, {"path_untrusted": "/a"} | latency],
        },
        "redis/hit-ratio": {
            "threshold": {"judge": ["hit_pct < 80"], "fail": ["hit_pct < 60"]},
            "observed": {"hit_pct": 71.2, "hit_pct_since_start": 93.4},
            "rows": [],
        },
        "process/memory-trend": {"observed": {"slope_bytes_per_hour": 96e6}, "rows": memory},
        "postgres/statements-by-total-time": {
            "threshold": {"judge": ["share_pct >= 25"]},
            "rows": [
                {"query_untrusted": query, "share_pct": 61.5},
                {"query_untrusted": "select 1", "share_pct": 20.1},
            ],
        },
        "postgres/connection-budget": {
            "observed": {"usable": 97, "pool_total": 240, "in_use": 2},
            "rows": [],
        },
        "postgres/unused-indexes": {
            "rows": [{"index_name": f"idx_{n}", "index_kb": 900 * n} for n in (5, 1)]
        },
    }
    found = [
        evidence("fail", [f"database/indexing/{name}"], probe=probe, **fields)
        for name, (probe, fields) in zip(names, seen.items(), strict=True)
    ]
    return walk([item(name) for name in names], found)


def hostile_walk(text):
    found = evidence(
        "fail",
        reason=f"{text} `{text}` is large",
        question=text,
        caveats=[text],
        rows=[{f"name {text}": text, "queryid": text}] * 3,
        observed={text or "x": text},
        threshold={"rows": text},
    )
    loose = found | {
        "items": ["gone"],
        "probe": "postgres/statements-by-total-time",
        "rows": [{"query_untrusted": text, "share_pct": 50}] * 2,
    }
    times = [{"path_untrusted": text, "p50_ms": 5.0, "p95_ms": 50.0}]
    latency = found | {"items": ["gone"], "probe": "http/latency-p95", "rows": times}
    return walk([item(text=text, fix=text)], [found, loose, latency])
