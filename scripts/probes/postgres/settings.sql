-- id: postgres/settings
-- question: Is a setting unsafe, or still at a default made for a small machine?
-- decides:
--   - database/postgresql-maintenance/check-the-settings-that-matter-and-only-those
-- related:
--   - api/connection-reuse/shrink-request-timeouts-from-the-client-inwards
--   - caching/cache-invalidation/refill-from-data-that-already-contains-the-write
--   - concurrency/rate-limiting-and-throttling/set-timeouts-and-one-propagated-deadline
--   - database/connection-pooling/set-all-four-database-timeouts
--   - database/query-performance/prepare-repeated-statements-and-watch-for-generic-plans
-- objects: settings
-- subject: {kind: setting, column: name}
-- min_version: 14
-- privilege: any
-- cost: reads pg_settings
-- rules:
--   - fail: name == 'fsync' and value == 'off'
--     because: fsync is off, so a crash of the machine can destroy the whole cluster
--   - fail: name == 'full_page_writes' and value == 'off'
--     because: full_page_writes is off, so a crash of the machine can leave torn pages
--   - judge: name == 'synchronous_commit' and value == 'off'
--     because: synchronous_commit is off for every session, so a crash loses the last commits
--     ask: May every transaction of this server be lost, or only some that can switch it off themselves?
--   - judge: name == 'shared_buffers' and memory_mb <= 128
--     because: shared_buffers is at its default of 128 MB or below
--     ask: How much memory does the machine have (a quarter of it is the usual start)?
--   - judge: name == 'effective_cache_size' and is_default
--     because: effective_cache_size, the cache that the planner may expect, is at its default of 4 GB
--     ask: How much memory does the machine have, and how much of it caches files?
--   - judge: name == 'random_page_cost' and is_default
--     because: random_page_cost is at its default, which was chosen for spinning disks
--     ask: Is the data mostly cached, so that a lower value fits, and were plans for large ranges compared under it?
--   - judge: name == 'plan_cache_mode' and value == 'force_generic_plan'
--     because: plan_cache_mode makes every prepared statement run a generic plan, which ignores parameter values
--     ask: Are the values of all prepared statements spread so evenly that one plan fits them?
--   - unknown: is_timeout and set_for_probe
--     because: the probing role has its own timeout, which hides the server's
--     remedy: run SHOW statement_timeout, lock_timeout and the like as the application's role
--   - judge: is_timeout and value == '0' and other_roles == 0
--     because: neither the server nor a role or database sets a timeout for statements, locks or idle transactions
--     ask: Does the application's driver or pool set it for each of its connections?
--   - judge: name == 'max_wal_size' and memory_mb < 1024
--     because: max_wal_size is below its default of 1 GB, so writing forces checkpoints one after another
--     ask: How many megabytes of WAL does the busiest hour write?
--   - judge: name == 'autovacuum_vacuum_cost_delay' and number > 20
--     because: each pause of autovacuum is longer than 20 ms, so it may never keep up
--     ask: Was it raised to spare a slow disk, and have dead rows grown since?
--   - judge: name == 'autovacuum_vacuum_cost_limit' and number >= 0 and number < 200
--     because: autovacuum may do less between two pauses than by default
--     ask: Was it lowered to spare a slow disk, and have dead rows grown since?
--   - judge: name == 'max_connections' and number >= 500
--     because: max_connections is 500 or more
--     ask: Can a pooler in front hold the clients, so that fewer server processes compete?
-- source: https://www.postgresql.org/docs/current/runtime-config-resource.html (shared_buffers), https://www.postgresql.org/docs/current/runtime-config-query.html (costs); 500 is our default
-- caveats:
--   - The timeouts are those of the probing role's sessions before the probe set its own; a driver may set others.
--   - The machine's memory and disks cannot be seen from SQL.
with /* backend-performance-probe */ settings as (
  select s.name, s.unit, s.vartype, s.boot_val,
    s.name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')
      as is_timeout,
    -- the probe limits its own session, after it has kept what the server had set
    coalesce(nullif(current_setting('backend_performance.server_' || s.name, true), ''), s.setting)
      as setting
  from pg_catalog.pg_settings s
  where s.name in (
    'fsync', 'full_page_writes', 'synchronous_commit', 'shared_buffers', 'effective_cache_size',
    'random_page_cost', 'max_connections', 'plan_cache_mode', 'statement_timeout', 'lock_timeout',
    'idle_in_transaction_session_timeout', 'max_wal_size', 'autovacuum_vacuum_cost_delay',
    'autovacuum_vacuum_cost_limit'
  )
), by_role as (
  select split_part(c.entry, '=', 1) as name, r.setrole = u.oid as for_probe
  from pg_catalog.pg_db_role_setting r
  cross join unnest(r.setconfig) c (entry)
  join pg_catalog.pg_roles u on u.rolname = current_user
)
select
  s.name,
  s.setting as value,
  s.unit,
  case s.unit
    when '8kB' then s.setting::bigint / 128
    when 'kB' then s.setting::bigint / 1024
    when 'MB' then s.setting::bigint
  end
    as memory_mb,
  case when s.vartype in ('integer', 'real') and not s.is_timeout then s.setting::numeric end
    as number,
  s.setting = s.boot_val as is_default,
  s.is_timeout,
  exists (select from by_role r where r.name = s.name and r.for_probe) as set_for_probe,
  (select count(*) from by_role r where r.name = s.name and not r.for_probe) as other_roles,
  count(*) over () as examined
from settings s
order by s.name
limit 20;
