-- id: mysql/buffer-pool-hit-ratio
-- question: Are most pages found in InnoDB's buffer pool?
-- decides:
--   - database/mysql/check-buffer-pool-redo-log-and-durability-settings
-- objects: servers
-- subject: {kind: setting, name: innodb_buffer_pool_size}
-- min_version: 8
-- privilege: any
-- cost: status counters
-- observe: [hit_pct, pages_requested, disk_reads, buffer_pool_mb, waits_for_free_page, uptime_hours]
-- rules:
--   - unknown: pages_requested < 100000
--     because: fewer than 100,000 pages were requested since the server started
--     remedy: run the probe again after the usual load
--   - fail: hit_pct < 95
--     because: more than 5 % of all requested pages were not in the buffer pool
--   - judge: hit_pct < 99
--     because: between 1 and 5 % of all requested pages were not in the buffer pool
--     ask: Do reports and batch jobs read these pages, or do user requests wait for them?
-- source: https://dev.mysql.com/doc/refman/8.4/en/innodb-buffer-pool.html (why); 99 and 95 % as for PostgreSQL in https://github.com/ankane/pghero and https://github.com/crystaldba/postgres-mcp
-- caveats:
--   - An average since the server started hides the present; compare two runs.
--   - The share of all requests hides how long the misses take; disk_reads per second against the disk's ability says more.
-- flavours:
--   mariadb:
--     performance_schema.global_status: information_schema.global_status
with /* backend-performance-probe */ counters as (
  select
    max(if(g.variable_name = 'Innodb_buffer_pool_read_requests', g.variable_value + 0, null))
      as pages_requested,
    max(if(g.variable_name = 'Innodb_buffer_pool_reads', g.variable_value + 0, null))
      as disk_reads,
    max(if(g.variable_name = 'Innodb_buffer_pool_wait_free', g.variable_value + 0, null))
      as waits_for_free_page,
    max(if(g.variable_name = 'Uptime', g.variable_value + 0, null)) as uptime_s
  from performance_schema.global_status g
  where g.variable_name in (
    'Innodb_buffer_pool_read_requests', 'Innodb_buffer_pool_reads',
    'Innodb_buffer_pool_wait_free', 'Uptime'
  )
)
select
  pages_requested,
  disk_reads,
  round(100 * (1 - disk_reads / nullif(pages_requested, 0)), 2) as hit_pct,
  round(@@innodb_buffer_pool_size / 1048576) as buffer_pool_mb,
  waits_for_free_page,
  round(uptime_s / 3600, 1) as uptime_hours
from counters;
