"""Answers of probes that point the same way."""

from backend_performance.walk import causes

from tests.walk.walk_examples import evidence, item, walk

FOREIGN_KEYS = "database/indexing/index-foreign-keys"
CARTS = {"verdict": "fail", "table_name": "public.carts"}
LOOK_UP = "select name from customers where id = $1"


def said(probe, *rows, verdict="fail", **fields):
    return evidence(verdict, fields.pop("items", []), probe=probe, rows=list(rows), **fields)


def found(*readings, items=None):
    return causes.of(walk([item()] if items is None else items, readings))


def vacuum():
    return [
        said("postgres/autovacuum-disabled", CARTS | {"enabled": False, "row_count": 30_000}),
        said("postgres/dead-rows", CARTS | {"dead_rows": 48_000, "dead_pct": 61.5}),
        said("postgres/stale-statistics", CARTS | {"changed": 48_000, "changed_pct": 160}),
    ]
