"""What runtimes, containers, machines and proxies export."""

from __future__ import annotations

from tests.diagnosis.prometheus.systems import Metric, System, rate, rising

HPA = "kube_horizontalpodautoscaler"
POD = {"namespace": "shop", "pod": "api-1", "container": "api"}
KILLED = {**POD, "reason": "OOMKilled"}

RUNTIMES: list[System] = [
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
    (
        "queue-backlog",
        "judge",
        [Metric("bullmq_job_count", 500, 0, {"queue": "mail", "state": "waiting"})],
    ),
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
        "proxy-overflow",
        "judge",
        [rate("envoy_cluster_upstream_rq_pending_overflow", 1, 0, {"envoy_cluster_name": "pay"})],
    ),
]
