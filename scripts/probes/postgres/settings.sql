-- id: postgres/settings
-- question: Is a setting unsafe, or still at a default made for a small machine?
-- objects: settings
-- min_version: 14
-- privilege: any
-- cost: reads pg_settings
-- rules:
--   - fail: name = 'fsync' and value = 'off'
--     because: fsync is off, so a crash of the machine can destroy the whole cluster
--   - fail: name = 'full_page_writes' and value = 'off'
--     because: full_page_writes is off, so a crash of the machine can leave torn pages
--   - judge: name = 'synchronous_commit' and value = 'off'
--     because: synchronous_commit is off for all, so a crash loses the last commits
--     ask: May every transaction of this server be lost, or only some that can switch it off themselves?
--   - judge: name = 'shared_buffers' and memory_mb <= 128
--     because: shared_buffers is at its default of 128 MB or below
--     ask: How much memory has the machine, a quarter of which is the usual start?
--   - judge: name = 'effective_cache_size' and is_default = true
--     because: effective_cache_size is at its default of 4 GB, which says how much cache the planner may expect
--     ask: How much memory has the machine, and how much of it caches files?
--   - judge: name = 'random_page_cost' and is_default = true
--     because: random_page_cost is at its default, which was chosen for spinning disks
--     ask: Does the data lie on solid-state disks, where a value near seq_page_cost fits?
--   - judge: name = 'max_connections' and number >= 500
--     because: max_connections is 500 or more
--     ask: Can a pooler in front hold the clients, so that fewer server processes compete?
-- source: https://www.postgresql.org/docs/current/runtime-config-resource.html (shared_buffers), https://www.postgresql.org/docs/current/runtime-config-query.html (costs); 500 is our default
-- caveats:
--   - Timeouts are not judged, since the probe's own session sets them; see pg_db_role_setting and postgresql.conf.
--   - The machine's memory and disks cannot be seen from SQL.
select /* backend-performance-probe */
  s.name,
  s.setting as value,
  s.unit,
  case s.unit when '8kB' then s.setting::bigint / 128 when 'kB' then s.setting::bigint / 1024 end
    as memory_mb,
  case when s.vartype in ('integer', 'real') then s.setting::numeric end as number,
  s.setting = s.boot_val as is_default,
  count(*) over () as examined
from pg_catalog.pg_settings s
where s.name in (
  'fsync', 'full_page_writes', 'synchronous_commit', 'shared_buffers', 'effective_cache_size',
  'random_page_cost', 'max_connections'
)
order by s.name
limit 20;
