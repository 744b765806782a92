"""How evidence from Prometheus about services, pools and machines is worded."""

from __future__ import annotations

from collections.abc import Callable

from ...statements.model import Row
from ..sketch import Costs, Sketch, Sketches


def _one(
    theme: str,
    kind: str,
    names: tuple[str, ...],
    title: str,
    cost: Costs | None = None,
    *,
    also: str = "",
    is_urgent: bool = False,
) -> Sketch:
    return Sketch(theme, kind, names, title, also, cost or {}, is_urgent=is_urgent)


def _holds(*columns: str) -> Callable[[Row], bool]:
    return lambda row: all(row.get(column) not in (None, "") for column in columns)


def _durations(
    theme: str, kind: str, column: str, what: str, share: int, verb: str
) -> tuple[Sketch, ...]:
    """Return the sketches of a percentile: estimated, only bounded below, or a mean alone."""
    figure, nth = f"p{share}_ms", f"at the {share}th percentile"
    said = (
        (figure, f"{{{figure}:,}} ms {nth}"),
        ("above", f"more than {{above:,}} ms {nth}"),
        ("mean_ms", "{mean_ms:,} ms on average"),
    )
    subjects = (((column,), f"{what}`{{{column}}}`"), ((), "`{job}`"))
    return tuple(
        Sketch(
            theme,
            kind,
            (column, "job"),
            f"{name} {verb} {words}",
            words,
            {"ms_per_call": (measured, 1.0)},
            when=_holds(measured, *needed),
        )
        for measured, words in said
        for needed, name in subjects
    )


def _instance(theme: str, title: str, is_urgent: bool = False) -> Sketch:
    names = ("instance", "job")
    return _one(theme, "server", names, f"`{{instance}}` {title}", is_urgent=is_urgent)


def _pod(theme: str, title: str, is_urgent: bool = False) -> Sketch:
    names = ("pod", "container")
    return _one(theme, "process", names, f"`{{pod}}` {title}", is_urgent=is_urgent)


def _database(theme: str, title: str, cost: Costs | None = None) -> Sketch:
    return _one(theme, "server", ("database", "instance"), f"`{{database}}` {title}", cost)


_SERVICES: Sketches = {
    "latency-p95": _durations("route", "route", "route_untrusted", "", 95, "answers in"),
    "latency-p99": _durations("route", "route", "route_untrusted", "", 99, "answers in"),
    "time-by-route": _one(
        "route",
        "route",
        ("route_untrusted", "job"),
        "`{route_untrusted}` takes {share_pct} % of the request time of `{job}` "
        "({mean_ms:,} ms × {per_second:,} a second)",
        {"share_pct": ("share_pct", 1.0), "ms_per_call": ("mean_ms", 1.0)},
        also="{share_pct} % of its service's time",
    ),
    "errors-by-route": _one(
        "errors",
        "route",
        ("route_untrusted", "job"),
        "`{route_untrusted}` fails in {error_pct} % of {samples:,} requests",
        {"calls": ("errors", 1.0)},
        is_urgent=True,
    ),
    "error-rate": _one(
        "errors",
        "server",
        ("job",),
        "`{job}` fails in {error_pct} % of {samples:,} requests",
        {"calls": ("errors", 1.0)},
        is_urgent=True,
    ),
    "database-query-time": _durations(
        "statement", "statement", "operation_untrusted", "", 95, "takes"
    ),
    "external-latency": _durations("peer", "connection", "peer", "calls to ", 95, "take"),
    "external-errors": _one(
        "peer",
        "connection",
        ("peer", "job"),
        "calls to `{peer}` fail in {error_pct} % of {samples:,}",
        {"calls": ("errors", 1.0)},
        also="{error_pct} % of them fail",
    ),
    "proxy-overflow": _one(
        "overflow", "connection", ("peer",), "the proxy refused {events:,} requests to `{peer}`"
    ),
    "statements-per-request": _one(
        "statements",
        "server",
        ("job",),
        "`{job}` sends {statements_per_request:,} statements per request",
    ),
}
_WORKERS: Sketches = {
    "pool-timeouts": _one(
        "pool", "pool", ("pool", "instance"), "`{pool}` had no free connection {timeouts:,} times",
        also="{timeouts:,} requests got no connection", is_urgent=True,
    ),
    "pool-wait-time": _one(
        "pool", "pool", ("pool", "instance"),
        "requests wait {mean_wait_ms:,} ms for a connection from `{pool}`",
        {"ms_per_call": ("mean_wait_ms", 1.0)}, also="{mean_wait_ms:,} ms of waiting each",
    ),
    "pool-waits": _one(
        "pool", "pool", ("pool", "instance"),
        "requests wait for a connection from `{pool}` in {waiting_pct} % of the samples",
        also="waiting in {waiting_pct} % of the samples",
    ),
    "worker-queues": _one(
        "workers", "pool", ("pool", "instance"),
        "work waits for a free worker of `{pool}` in {waiting_pct} % of the samples",
    ),
    "worker-saturation": _one(
        "workers", "pool", ("instance",), "`{instance}` has {busy_pct} % of its workers busy"
    ),
    "event-loop-delay": _instance("event-loop", "delays its event loop by {worst_p99_ms:,} ms"),
    "gc-share": _instance("gc", "spends {gc_pct} % of its time on garbage collection"),
    "memory-growth": _instance("memory", "grows by {slope_bytes_per_hour:,} bytes an hour"),
    "file-descriptors": _instance("files", "uses {used_pct} % of its file descriptors"),
    "queue-age": _one(
        "queue", "server", ("queue",), "work waits {usual_age_s:,} s in the queue `{queue}`",
        {"seconds": ("usual_age_s", 1.0)},
    ),
    "queue-backlog": _one(
        "queue", "server", ("queue",), "the queue `{queue}` grew from {first:,} to {last:,}",
        also="it grew from {first:,} to {last:,}",
    ),
    "cache-hit-ratio": _one(
        "cache", "server", ("cache", "instance"), "the cache `{cache}` answers {hit_pct} %"
    ),
}  # fmt: skip
_MACHINES: Sketches = {
    "oom-kills": _pod("memory", "ran out of memory and was killed {kills:,} times", is_urgent=True),
    "container-restarts": _pod("restarts", "restarted {restarts:,} times"),
    "container-memory": _pod("memory", "uses {used_pct} % of its memory limit"),
    "cpu-throttling": _pod("cpu", "is throttled in {throttled_pct} % of its CPU periods"),
    "autoscaler-at-maximum": _one(
        "scaling", "server", ("autoscaler",),
        "the autoscaler `{autoscaler}` is at its maximum in {at_maximum_pct} % of the samples",
    ),
    "node-cpu": _instance("cpu", "has its CPU {busy_pct} % busy, {steal_pct} % taken by others"),
    "node-memory": _instance("memory", "has {available_pct} % of its memory available"),
    "node-disk": _one(
        "disk", "server", ("instance", "disk"),
        "the disk `{disk}` of `{instance}` is {busy_pct} % busy and {free_pct} % free",
    ),
    "node-network": _instance("network", "lost connections: {overflows:,} overflows"),
    "scrape-targets": _instance("scrape", "answered {reached_pct} % of the scrapes"),
}  # fmt: skip
_DATABASES: Sketches = {
    "postgres-connections": _instance(
        "connections", "has {used_pct} % of its connections in use", is_urgent=True
    ),
    "mysql-connections": _instance(
        "connections", "has {used_pct} % of its connections in use, {refused:,} refused",
        is_urgent=True,
    ),
    "redis-connections": _instance(
        "connections", "has {clients:,} clients, {refused:,} connections refused", is_urgent=True
    ),
    "postgres-long-transactions": _database(
        "transactions", "had a transaction open for {longest_s:,} s", {"seconds": ("longest_s", 1)}
    ),
    "postgres-deadlocks": _database("deadlocks", "had {deadlocks:,} deadlocks"),
    "postgres-temporary-files": _database(
        "temporary-files", "writes {mib_per_minute:,} MiB of temporary files a minute"
    ),
    "postgres-cache-hits": _database("buffers", "finds {hit_pct} % of its blocks in memory"),
    "postgres-checkpoints": _instance("checkpoints", "forces {forced_pct} % of its checkpoints"),
    "postgres-replication-lag": _instance(
        "replication", "is {usual_lag_s:,} s behind its primary, at most {greatest_lag_s:,} s"
    ),
    "mysql-replication": _instance(
        "replication", "is {usual_lag_s:,} s behind its source, at most {greatest_lag_s:,} s"
    ),
    "mysql-row-locks": _instance(
        "locks", "lets statements wait {mean_wait_ms:,} ms for a row lock, {deadlocks:,} deadlocks"
    ),
    "mysql-buffer-pool": _instance("buffers", "reads {missed_pct} % of its pages from disk"),
    "mysql-temporary-tables": _instance(
        "temporary-files", "puts {on_disk_pct} % of its temporary tables on disk"
    ),
    "redis-memory": _instance(
        "memory", "uses {used_pct} % of its memory, {evicted_per_second:,} evicted a second"
    ),
    "redis-fragmentation": _instance("memory", "holds {excess_mib:,} MiB more than its data needs"),
    "redis-replication": _instance("replication", "was linked in {linked_pct} % of the samples"),
}  # fmt: skip
SKETCHES: Sketches = {**_SERVICES, **_WORKERS, **_MACHINES, **_DATABASES}
