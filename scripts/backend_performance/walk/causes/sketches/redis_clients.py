"""How evidence about the clients and commands of Redis and Valkey is worded."""

from __future__ import annotations

from functools import partial

from ..sketch import Sketch, Sketches, has

_command = partial(Sketch, "command", "command", ("command",))
_BLOCKING = "caching/redis-and-valkey/remove-commands-that-block-the-server"
_SCRIPTS = ("eval", "eval_ro", "evalsha", "evalsha_ro", "fcall", "fcall_ro")
_END_MONITOR = (
    "find the client with `CLIENT LIST` (cmd=monitor), end it with `CLIENT KILL ID`, and take the "
    "command from the application's user: `ACL SETUSER app -monitor`"
)
_END_MONITOR_RISK = "whoever debugs with it loses the stream"

SKETCHES: Sketches = {
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
            risk=_END_MONITOR_RISK,
            when=has("monitors"),
        ),
        Sketch(
            "clients",
            "connection",
            ("client_family",),
            "{clients:,} clients of the family `{client_family}`: {output_kb:kB} of unread "
            "replies, {idle_5min:,} idle for five minutes, last commands {hot_commands}",
            cost={"connections": ("clients", 1.0)},
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
            when=has("command", "monitor"),
            item=_BLOCKING,
            fix=_END_MONITOR,
            risk=_END_MONITOR_RISK,
        ),
        _command(
            "`{command}` stops every other client ({usec_per_call:,} µs × {calls:,})",
            "{usec_per_call:,} µs × {calls:,}",
            {"calls": ("calls", 1.0), "ms_per_call": ("usec_per_call", 0.001)},
        ),
    ),
    "command-latency": _command(
        "`{command}` takes {usec_per_call:,} µs on average (p99 {p99_us:,} µs)",
        "p99 {p99_us:,} µs",
        {"calls": ("calls", 1.0), "ms_per_call": ("usec_per_call", 0.001)},
    ),
    "slow-log": (
        _command(
            "the script called by `{command}` blocked all clients for {longest_24h_ms:,} ms",
            "blocked all clients for {longest_24h_ms:,} ms",
            {"ms_per_call": ("longest_24h_ms", 1.0)},
            when=has("command", *_SCRIPTS),
            item=_BLOCKING,
            fix="let each call of the script do a bounded piece of work, a few hundred elements, "
            "and call it again until all is done; now: `SCRIPT KILL` ends one that has not "
            "written yet",
            risk="the work is no longer atomic: other commands run between its pieces",
        ),
        _command(
            "`{command}` blocked all clients for {longest_24h_ms:,} ms",
            "blocked all clients for {longest_24h_ms:,} ms",
            {"ms_per_call": ("longest_24h_ms", 1.0)},
        ),
    ),
    "command-errors": Sketch(
        "errors",
        "server",
        ("error",),
        "commands end in the error {error}: {errors:,} times",
    ),
    "connection-budget": (
        Sketch(
            "connections",
            "pool",
            (),
            "the pools may open {pool_total:,} connections, the server allows {maxclients:,}",
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
    "connection-churn": Sketch(
        "churn",
        "pool",
        (),
        "connections are opened for a few commands each: {connections:,} for {commands:,} commands",
    ),
}
