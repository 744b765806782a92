"""How evidence about the memory and the keys of Redis and Valkey is worded."""

from __future__ import annotations

from functools import partial

from ...statements import redis as run
from ...statements.model import Row
from ..sketch import Sketch, Sketches, has

_memory = partial(Sketch, "memory", "server", ())


def _evicts(row: Row) -> bool:
    return bool(row.get("maxmemory")) and row.get("policy") != "noeviction"


SKETCHES: Sketches = {
    "memory-limit": (
        _memory(
            "keys that must stay are evicted when {maxmemory_mb:,} MB are used: the policy is "
            "{policy} ({used_pct} % used)",
            "policy {policy}, {used_pct} % of the memory limit used",
            statements=run.policy,
            when=lambda row: row.get("instance_role") == "store" and _evicts(row),
        ),
        _memory(
            "the cache refuses writes when {maxmemory_mb:,} MB are used: its policy is noeviction "
            "({used_pct} % used)",
            "policy noeviction, {used_pct} % of the memory limit used",
            statements=run.policy,
            when=lambda row: (
                row.get("instance_role") == "cache"
                and bool(row.get("maxmemory"))
                and row.get("policy") == "noeviction"
            ),
        ),
        _memory(
            "the memory limit is {maxmemory_mb:,} MB with the policy {policy}, {used_pct} % used",
            "policy {policy}, {used_pct} % of the memory limit used",
            statements=run.policy,
            when=has("maxmemory"),
        ),
        _memory(
            "no memory limit is set (policy {policy}, {used_mb:,} MB used)",
            "no memory limit",
            statements=run.policy,
        ),
    ),
    "evictions": _memory(
        "keys are evicted for lack of memory: {evicted_total:,} since the start, "
        "{evicted_in_window:,} in the last {window_s} s",
        "{evicted_total:,} keys evicted, {evicted_in_window:,} of them just now",
    ),
    "keys-without-expiry": (
        Sketch(
            "memory",
            "server",
            ("no column",),
            "`{policy}` evicts only keys that expire, and {with_expiry_pct} % of the {keys:,} keys "
            "of {database} do",
            "only {with_expiry_pct} % of {keys:,} keys expire",
            {"keys": ("keys", 1.0)},
            when=lambda row: (
                str(row.get("policy")).startswith("volatile")
                and isinstance(row.get("with_expiry_pct"), (int, float))
                and row["with_expiry_pct"] < 50
            ),
        ),
        Sketch(
            "memory",
            "server",
            ("no column",),
            "only {with_expiry_pct} % of the {keys:,} keys of {database} expire",
            "only {with_expiry_pct} % of {keys:,} keys expire",
            {"keys": ("keys", 1.0)},
        ),
    ),
    "hit-ratio": Sketch(
        "hit-ratio",
        "server",
        (),
        "{hit_pct} % of lookups find their key ({hit_pct_since_start} % since the start)",
    ),
    "persistence": (
        Sketch(
            "persistence",
            "server",
            (),
            "a crash loses {unsaved_changes:,} changes: the store has no append-only file, and its "
            "last snapshot is {snapshot_age_s:,} s old",
            when=lambda row: (
                row.get("instance_role") == "store"
                and row.get("aof") == 0
                and row.get("snapshot") != "err"
            ),
        ),
        Sketch(
            "persistence",
            "server",
            (),
            "the cache writes an append-only file of data that can be reloaded",
            when=lambda row: row.get("instance_role") == "cache" and row.get("aof") == 1,
        ),
    ),
}
