"""What the exporters of PostgreSQL, MySQL and Redis export."""

from __future__ import annotations

from tests.diagnosis.prometheus.systems import Metric, System, rate

DATABASE = {"datname": "shop"}

DATABASES: list[System] = [
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
]
