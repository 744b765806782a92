-- id: mysql/temporary-tables
-- question: How many internal temporary tables go to disk?
-- decides:
--   - database/mysql/check-buffer-pool-redo-log-and-durability-settings
-- objects: servers
-- subject: {kind: setting, name: tmp_table_size}
-- min_version: 8
-- privilege: any
-- cost: status counters
-- observe: [created, on_disk, on_disk_pct, on_disk_per_hour, uptime_hours]
-- rules:
--   - unknown: created < 1000
--     because: fewer than 1,000 temporary tables were built since the server started
--     remedy: run the probe again after the usual load
--   - fail: on_disk_pct >= 25 and on_disk_per_hour >= 3600
--     because: a quarter or more of the temporary tables go to disk, at a rate of one or more per second
--   - judge: on_disk_pct >= 25
--     because: a quarter or more of the temporary tables go to disk
--     ask: Which statements build them (see spilling-statements), and do users wait for them?
-- source: https://github.com/major/MySQLTuner-perl (25 %); one a second is our default
-- caveats:
--   - Reading information_schema builds temporary tables too, those of this and of other probes among them.
-- flavours:
--   mariadb:
--     performance_schema.global_status: information_schema.global_status
with /* backend-performance-probe */ counters as (
  select
    max(if(g.variable_name = 'Created_tmp_tables', g.variable_value + 0, null)) as created,
    max(if(g.variable_name = 'Created_tmp_disk_tables', g.variable_value + 0, null)) as on_disk,
    max(if(g.variable_name = 'Uptime', g.variable_value + 0, null)) as uptime_s
  from performance_schema.global_status g
  where g.variable_name in ('Created_tmp_tables', 'Created_tmp_disk_tables', 'Uptime')
)
select
  created,
  on_disk,
  round(100 * on_disk / nullif(created, 0), 1) as on_disk_pct,
  round(on_disk / nullif(uptime_s / 3600, 0), 1) as on_disk_per_hour,
  round(uptime_s / 3600, 1) as uptime_hours
from counters;
