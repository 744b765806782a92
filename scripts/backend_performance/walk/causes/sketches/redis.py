"""How evidence about Redis and Valkey reads."""

from __future__ import annotations

from collections.abc import Mapping

from ...statements import redis as run
from ...statements.model import Row
from ..sketch import Sketch


def _evicts(row: Row) -> bool:
    return bool(row.get("maxmemory")) and row.get("policy") != "noeviction"


_BLOCKING = "caching/redis-and-valkey/remove-commands-that-block-the-server"
_SCRIPTS = ("eval", "eval_ro", "evalsha", "evalsha_ro", "fcall", "fcall_ro")
_END_MONITOR = (
    "find the client with `CLIENT LIST` (cmd=monitor), end it with `CLIENT KILL ID`, and take the "
    "command from the application's user: `ACL SETUSER app -monitor`"
)

SKETCHES: Mapping[str, tuple[Sketch, ...]] = {
    "memory-limit": (
        Sketch(
            "memory",
            "server",
            (),
            "keys that must stay are thrown out when {maxmemory_mb:,} MB are used: the policy is "
            "{policy} ({used_pct} % used)",
            "policy {policy}, {used_pct} % of the memory limit used",
            statements=run.policy,
            when=lambda row: row.get("instance_role") == "store" and _evicts(row),
        ),
        Sketch(
            "memory",
            "server",
            (),
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
        Sketch(
            "memory",
            "server",
            (),
            "the memory limit is {maxmemory_mb:,} MB with the policy {policy}, {used_pct} % used",
            "policy {policy}, {used_pct} % of the memory limit used",
            statements=run.policy,
            when=lambda row: bool(row.get("maxmemory")),
        ),
        Sketch(
            "memory",
            "server",
            (),
            "no memory limit is set (policy {policy}, {used_mb:,} MB used)",
            "no memory limit",
            statements=run.policy,
        ),
    ),
    "evictions": (
        Sketch(
            "memory",
            "server",
            (),
            "keys are thrown out for lack of memory: {evicted_total:,} since the start, "
            "{evicted_in_window:,} in the last {window_s} s",
            "{evicted_total:,} keys evicted, {evicted_in_window:,} of them just now",
        ),
    ),
    "client-families": (
        Sketch(
            "monitor",
            "connection",
            (),
            "{monitors} client of the family `{client_family}` runs MONITOR: the server copies "
            "every command to it",
            is_urgent=True,
            item=_BLOCKING,
            fix=_END_MONITOR,
            when=lambda row: bool(row.get("monitors")),
        ),
        Sketch(
            "clients",
            "connection",
            ("client_family",),
            "{clients:,} clients of the family `{client_family}`: {output_kb:kB} of unread "
            "answers, {idle_5min:,} idle for five minutes, last commands {hot_commands}",
            cost={"connections": ("clients", 1.0)},
        ),
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
    "hit-ratio": (
        Sketch(
            "hit-ratio",
            "server",
            (),
            "{hit_pct} % of the lookups find their key ({hit_pct_since_start} % since the start)",
        ),
    ),
    "key-families": (
        Sketch(
            "key-family",
            "key_family",
            ("key_family",),
            "the keys `{key_family}` take {size_pct} % of the measured memory ({keys_measured:,} "
            "keys, {size_kb:kB}), and {never_expire_pct} % of them never expire",
            "{size_pct} % of the measured memory",
            {"bytes": ("size_kb", 1024.0), "keys": ("keys_measured", 1.0)},
            item="caching/cache-invalidation/give-every-cached-key-a-ttl-with-jitter",
            when=lambda row: row.get("never_expire_pct") is not None,
        ),
        Sketch(
            "key-family",
            "key_family",
            ("key_family",),
            "the keys `{key_family}` take {size_pct} % of the measured memory ({keys_measured:,} "
            "keys, {size_kb:kB}), and {without_expiry_pct} % of all keys never expire",
            "{size_pct} % of the measured memory",
            {"bytes": ("size_kb", 1024.0), "keys": ("keys_measured", 1.0)},
            item="caching/cache-invalidation/give-every-cached-key-a-ttl-with-jitter",
        ),
    ),
    "big-keys": (
        Sketch(
            "key-family",
            "key_family",
            ("key_family",),
            "a key of the family `{key_family}` takes {size_kb:kB}",
            "one of its keys takes {size_kb:kB}",
            {"bytes": ("size_kb", 1024.0)},
            run.unlink,
        ),
    ),
    "blocking-commands": (
        Sketch(
            "monitor",
            "connection",
            (),
            "MONITOR has run, which makes the server copy every command to that client "
            "(calls: {calls:,})",
            "calls of MONITOR: {calls:,}",
            when=lambda row: row.get("command") == "monitor",
            item=_BLOCKING,
            fix=_END_MONITOR,
        ),
        Sketch(
            "command",
            "command",
            ("command",),
            "`{command}` stops every other client ({usec_per_call:,} µs × {calls:,})",
            "{usec_per_call:,} µs × {calls:,}",
            {"calls": ("calls", 1.0), "ms_per_call": ("usec_per_call", 0.001)},
        ),
    ),
    "command-latency": (
        Sketch(
            "command",
            "command",
            ("command",),
            "`{command}` takes {usec_per_call:,} µs on average (p99 {p99_us:,} µs)",
            "p99 {p99_us:,} µs",
            {"calls": ("calls", 1.0), "ms_per_call": ("usec_per_call", 0.001)},
        ),
    ),
    "slow-log": (
        Sketch(
            "command",
            "command",
            ("command",),
            "the script called by `{command}` has held up all clients for {longest_24h_ms:,} ms",
            "held up all clients for {longest_24h_ms:,} ms",
            {"ms_per_call": ("longest_24h_ms", 1.0)},
            when=lambda row: row.get("command") in _SCRIPTS,
            item=_BLOCKING,
            fix="let each call of the script do a bounded piece of work, a few hundred elements, "
            "and call it again until all is done; now: `SCRIPT KILL` ends one that has not "
            "written yet",
        ),
        Sketch(
            "command",
            "command",
            ("command",),
            "`{command}` has held up all clients for {longest_24h_ms:,} ms",
            "held up all clients for {longest_24h_ms:,} ms",
            {"ms_per_call": ("longest_24h_ms", 1.0)},
        ),
    ),
    "command-errors": (
        Sketch(
            "errors",
            "server",
            ("error",),
            "commands end in the error {error}: {errors:,} times",
        ),
    ),
    "connection-budget": (
        Sketch(
            "connections",
            "pool",
            (),
            "the pools may open {pool_total:,} connections, the server takes {maxclients:,}",
            cost={"connections": ("pool_total", 1.0)},
            is_urgent=True,
            when=lambda row: isinstance(row.get("pool_pct"), (int, float)) and row["pool_pct"] > 79,
        ),
        Sketch(
            "connections",
            "pool",
            (),
            "{rejected:,} connections were refused, {in_use_pct} % of {maxclients:,} are in use",
            is_urgent=True,
        ),
    ),
    "connection-churn": (
        Sketch(
            "churn",
            "pool",
            (),
            "connections are opened for a few commands each: {connections:,} for {commands:,} "
            "commands",
        ),
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
            "the cache writes an append-only file of data that can be filled again",
            when=lambda row: row.get("instance_role") == "cache" and row.get("aof") == 1,
        ),
    ),
}
