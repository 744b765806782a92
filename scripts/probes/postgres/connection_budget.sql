-- id: postgres/connection-budget
-- question: Do all pools of the deployment together fit into the server's connections?
-- decides:
--   - database/connection-pooling/size-pools-from-the-database-servers-budget
-- related:
--   - concurrency/async-patterns/size-workers-and-pools-by-quota-and-scarcest-downstream
--   - profiling/monitoring/export-waits-pool-queue-loop-throttling
-- objects: servers
-- subject: {kind: pool}
-- min_version: 14
-- privilege: any
-- cost: statistics views only
-- observe: [max_connections, usable, in_use, in_use_pct, pool_total, pool_pct]
-- rules:
--   - fail: pool_total > usable
--     because: the pools may open more connections than the server accepts from applications, so a burst or a deployment ends in refused connections
--   - fail: in_use_pct >= 90
--     because: 90 % or more of the connections open to applications are in use now
--   - judge: pool_pct >= 80
--     because: the pools may take 80 % or more of the connections, which leaves few for a rolling deployment, jobs and administrators
--     ask: Is there room for the extra instances during a deployment and for jobs that do not use the pool?
--   - judge: in_use_pct >= 70
--     because: 70 % or more of the connections open to applications are in use now
--     ask: Is this the peak of the day, and how many more instances may start?
--   - unknown: pool_total is None
--     because: the deployment's budget was not given
--     remedy: pass --instances, --processes and --pool-size (largest size, with overflow; --pool once for each of several), or the configuration with --config
-- source: https://www.postgresql.org/docs/current/runtime-config-connection.html (limits); 90, 80 and 70 % are our defaults
-- caveats:
--   - in_use is one moment; take it again at peak.
--   - With a pooler such as PgBouncer between, give the pooler's server connections as the pool size.
with /* backend-performance-probe */ limits as (
  select current_setting('max_connections')::int as max_connections,
    current_setting('superuser_reserved_connections')::int
      + coalesce(current_setting('reserved_connections', true), '0')::int as reserved,
    nullif(d.datconnlimit, -1) as database_limit,
    nullif(current_setting('backend_performance.pool_total', true), '')::bigint as pool_total,
    (select sum(s.numbackends) from pg_catalog.pg_stat_database s)::int as in_use
  from pg_catalog.pg_database d
  where d.datname = current_database()
), budget as (
  select l.*, least(max_connections - reserved, database_limit) as usable from limits l
)
select
  max_connections,
  reserved,
  database_limit,
  usable,
  in_use,
  round(100.0 * in_use / greatest(usable, 1), 1) as in_use_pct,
  pool_total,
  round(100.0 * pool_total / greatest(usable, 1), 1) as pool_pct
from budget;
