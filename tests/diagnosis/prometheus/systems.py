"""What exporters of systems and runtimes hold, at fault and at rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.diagnosis.prometheus.past import POINTS, STEP_SECONDS, counter, past, series

Labels = dict[str, str]
HPA = "kube_horizontalpodautoscaler"
POD = {"namespace": "shop", "pod": "api-1", "container": "api"}
KILLED = {**POD, "reason": "OOMKilled"}
DATABASE = {"datname": "shop"}
HALF = POINTS // 2


class Metric(NamedTuple):
    """A level of a gauge, or what a counter rises by each second, at fault and at rest."""

    name: str
    fault: float
    rest: float
    labels: Labels = {}  # noqa: RUF012  # never changed
    kind: str = "gauge"


def rate(name: str, fault: float, rest: float, labels: Labels | None = None) -> Metric:
    return Metric(name, fault, rest, labels or {}, "counter")


def rising(name: str, labels: Labels | None = None) -> Metric:
    """A gauge that climbs by 10 with each sample at fault."""
    return Metric(name, 10, 0, labels or {}, "rising")


#: For each probe the verdict at fault, and the metrics of one system or runtime.
SYSTEMS: list[tuple[str, str, list[Metric]]] = [
    ("scrape-targets", "judge", [Metric("up", 0, 1, {"instance": "a"})]),
    (
        "pool-wait-time",
        "fail",
        [
            rate("go_sql_wait_duration_seconds_total", 2, 0.001, {"db_name": "d"}),
            rate("go_sql_wait_count_total", 5, 1, {"db_name": "d"}),
        ],
    ),
    (
        "pool-wait-time",
        "judge",
        [
            rate("hikaricp_connections_acquire_seconds_sum", 0.5, 0.001, {"pool": "h"}),
            rate("hikaricp_connections_acquire_seconds_count", 5, 1, {"pool": "h"}),
        ],
    ),
    (
        "pool-wait-time",
        "fail",
        [
            rate("pgbouncer_stats_client_wait_seconds_total", 3, 0.001, {"database": "d"}),
            rate("pgbouncer_stats_queries_pooled_total", 5, 1, {"database": "d"}),
        ],
    ),
    ("pool-timeouts", "fail", [rate("hikaricp_connections_timeout_total", 0.1, 0)]),
    ("gc-share", "fail", [rate("jvm_gc_pause_seconds_sum", 0.2, 0.01, {"action": "major"})]),
    ("gc-share", "judge", [rate("go_gc_duration_seconds_sum", 0.07, 0.001)]),
    ("gc-share", "fail", [rate("shop_nodejs_gc_duration_seconds_sum", 0.2, 0.001)]),
    ("gc-share", "fail", [rate("dotnet_gc_pause_time_seconds_total", 0.2, 0.001)]),
    ("worker-queues", "judge", [Metric("executor_queued_tasks", 9, 0, {"name": "mail"})]),
    ("worker-queues", "judge", [Metric("puma_backlog", 9, 0)]),
    (
        "worker-saturation",
        "fail",
        [
            Metric("tomcat_threads_busy_threads", 199, 20),
            Metric("tomcat_threads_config_max_threads", 200, 200),
        ],
    ),
    (
        "file-descriptors",
        "fail",
        [Metric("process_open_fds", 990, 90), Metric("process_max_fds", 1024, 1024)],
    ),
    ("queue-backlog", "judge", [rising("kafka_consumergroup_lag", {"topic": "orders"})]),
    ("queue-backlog", "judge", [Metric("rabbitmq_queue_messages_ready", 500, 0, {"queue": "m"})]),
    ("queue-age", "judge", [Metric("sidekiq_queue_latency", 600, 1, {"queue": "default"})]),
    (
        "container-memory",
        "fail",
        [
            Metric("container_memory_rss", 990e6, 300e6, POD),
            Metric("container_spec_memory_limit_bytes", 1e9, 1e9, POD),
        ],
    ),
    (
        "oom-kills",
        "fail",
        [
            rate("kube_pod_container_status_restarts_total", 0.002, 0, POD),
            Metric("kube_pod_container_status_last_terminated_reason", 1, 0, KILLED),
        ],
    ),
    (
        "container-restarts",
        "fail",
        [rate("kube_pod_container_status_restarts_total", 0.002, 0, POD)],
    ),
    (
        "autoscaler-at-maximum",
        "judge",
        [
            Metric(f"{HPA}_status_current_replicas", 10, 3, {"horizontalpodautoscaler": "api"}),
            Metric(f"{HPA}_spec_max_replicas", 10, 10, {"horizontalpodautoscaler": "api"}),
            Metric(f"{HPA}_spec_min_replicas", 2, 2, {"horizontalpodautoscaler": "api"}),
        ],
    ),
    (
        "node-cpu",
        "judge",
        [
            rate("node_cpu_seconds_total", 0.5, 0.9, {"mode": "idle", "cpu": "0"}),
            rate("node_cpu_seconds_total", 0.2, 0.0, {"mode": "steal", "cpu": "0"}),
            rate("node_pressure_cpu_waiting_seconds_total", 0.5, 0.01),
        ],
    ),
    (
        "node-memory",
        "fail",
        [
            Metric("node_memory_MemAvailable_bytes", 1e8, 8e9),
            Metric("node_memory_MemTotal_bytes", 16e9, 16e9),
            rate("node_pressure_memory_waiting_seconds_total", 0.3, 0),
        ],
    ),
    (
        "node-disk",
        "fail",
        [
            Metric("node_filesystem_avail_bytes", 1e9, 50e9, {"mountpoint": "/"}),
            Metric("node_filesystem_size_bytes", 100e9, 100e9, {"mountpoint": "/"}),
        ],
    ),
    (
        "node-network",
        "fail",
        [
            Metric("node_nf_conntrack_entries", 64000, 900),
            Metric("node_nf_conntrack_entries_limit", 65536, 65536),
        ],
    ),
    (
        "postgres-connections",
        "fail",
        [
            Metric("pg_stat_activity_count", 98, 20, {"datname": "shop", "state": "active"}),
            Metric("pg_settings_max_connections", 100, 100),
        ],
    ),
    (
        "postgres-cache-hits",
        "judge",
        [
            rate("pg_stat_database_blks_hit", 1000, 9990, DATABASE),
            rate("pg_stat_database_blks_read", 1000, 10, DATABASE),
        ],
    ),
    ("postgres-deadlocks", "fail", [rate("pg_stat_database_deadlocks", 0.01, 0, DATABASE)]),
    (
        "postgres-long-transactions",
        "fail",
        [Metric("pg_stat_activity_max_tx_duration", 7200, 1, {**DATABASE, "state": "active"})],
    ),
    ("postgres-replication-lag", "fail", [Metric("pg_replication_lag_seconds", 900, 0)]),
    (
        "postgres-checkpoints",
        "judge",
        [
            rate("pg_stat_bgwriter_checkpoints_req_total", 0.01, 0),
            rate("pg_stat_bgwriter_checkpoints_timed_total", 0.001, 0.0033),
        ],
    ),
    (
        "postgres-temporary-files",
        "judge",
        [rate("pg_stat_database_temp_bytes", 10e6, 1000, DATABASE)],
    ),
    (
        "mysql-connections",
        "fail",
        [
            Metric("mysql_global_status_threads_connected", 149, 20),
            Metric("mysql_global_variables_max_connections", 151, 151),
        ],
    ),
    (
        "mysql-buffer-pool",
        "judge",
        [
            rate("mysql_global_status_innodb_buffer_pool_read_requests", 10_000, 10_000),
            rate("mysql_global_status_innodb_buffer_pool_reads", 900, 1),
        ],
    ),
    (
        "mysql-row-locks",
        "fail",
        [
            rate("mysql_global_status_innodb_row_lock_time", 5000, 0),
            rate("mysql_global_status_innodb_row_lock_waits", 9, 0),
        ],
    ),
    (
        "mysql-replication",
        "fail",
        [
            Metric("mysql_slave_status_seconds_behind_master", 0, 0),
            Metric("mysql_slave_status_slave_sql_running", 0, 1),
        ],
    ),
    (
        "mysql-temporary-tables",
        "judge",
        [
            rate("mysql_global_status_created_tmp_tables", 10, 10),
            rate("mysql_global_status_created_tmp_disk_tables", 8, 0.1),
        ],
    ),
    (
        "redis-memory",
        "judge",
        [
            Metric("redis_memory_used_bytes", 9.9e8, 1e8),
            Metric("redis_memory_max_bytes", 1e9, 1e9),
            rate("redis_evicted_keys_total", 5, 0),
        ],
    ),
    (
        "redis-connections",
        "fail",
        [
            Metric("redis_connected_clients", 9000, 20),
            rate("redis_rejected_connections_total", 1, 0),
        ],
    ),
    (
        "redis-fragmentation",
        "judge",
        [
            Metric("redis_memory_used_rss_bytes", 3e9, 1.1e8),
            Metric("redis_memory_used_bytes", 9.9e8, 1e8),
        ],
    ),
    ("redis-replication", "fail", [Metric("redis_master_link_up", 0, 1)]),
    (
        "proxy-overflow",
        "judge",
        [rate("envoy_cluster_upstream_rq_pending_overflow", 1, 0, {"envoy_cluster_name": "pay"})],
    ),
]


def samples(at_fault: bool) -> str:
    """All systems on one server; a metric that two of them name is there once."""
    seen: dict[tuple[str, str], list[str]] = {}
    for _, _, metrics in SYSTEMS:
        for metric in metrics:
            key = metric.name, str(sorted(metric.labels.items()))
            seen.setdefault(key, list(_lines(metric, at_fault)))
    return past(*seen.values())


def _lines(metric: Metric, at_fault: bool) -> Iterator[str]:
    value = metric.fault if at_fault else metric.rest
    labels = {"job": "j", "instance": "i", **metric.labels}
    if metric.kind == "counter":
        return iter(counter(metric.name, labels, value * STEP_SECONDS))
    step = value if metric.kind == "rising" else 0.0
    return iter(series(metric.name, labels, lambda n: value + step * n))
