-- id: mysql/connection-budget
-- question: Do all pools of the deployment together fit into the server's connections?
-- decides:
--   - database/connection-pooling/size-pools-from-the-database-servers-budget
-- related:
--   - concurrency/async-patterns/size-workers-and-pools-by-quota-and-scarcest-downstream
--   - profiling/monitoring/export-waits-pool-queue-loop-throttling
-- objects: servers
-- subject: {kind: pool}
-- min_version: 8
-- privilege: any
-- cost: server variables and status counters
-- observe: [max_connections, in_use, in_use_pct, peak, peak_pct, refused_connections, pool_total, pool_pct]
-- rules:
--   - fail: pool_total > max_connections
--     because: the pools may open more connections than the server accepts, so a burst or a deployment ends in refused connections
--   - fail: in_use_pct >= 90
--     because: 90 % or more of the connections are in use now
--   - judge: refused_connections > 0
--     because: the server has refused connections at max_connections since it started
--     ask: When was that, and what opened so many connections?
--   - judge: pool_pct >= 80
--     because: the pools may take 80 % or more of the connections, which leaves few for a rolling deployment, jobs and administrators
--     ask: Is there room for the extra instances during a deployment and for jobs that do not use the pool?
--   - judge: peak_pct >= 85
--     because: 85 % or more of the connections were in use at the peak since the server started
--     ask: What opened them, and how many more instances may start?
--   - unknown: pool_total is None
--     because: the deployment's budget was not given
--     remedy: pass --instances, --processes and --pool-size (largest size, with overflow; --pool once for each of several), or the configuration with --config
-- source: https://github.com/major/MySQLTuner-perl (85 %); 90 and 80 % are our defaults
-- caveats:
--   - in_use is one moment; take it again at peak.
--   - With a proxy such as ProxySQL or MaxScale between, give the proxy's server connections as the pool size.
-- flavours:
--   mariadb:
--     performance_schema.global_status: information_schema.global_status
with /* backend-performance-probe */ counters as (
  select @@max_connections as max_connections,
    cast(@backend_performance_pool_total as signed) as pool_total,
    max(if(g.variable_name = 'Threads_connected', g.variable_value + 0, null)) as in_use,
    max(if(g.variable_name = 'Max_used_connections', g.variable_value + 0, null)) as peak,
    max(if(g.variable_name = 'Connection_errors_max_connections', g.variable_value + 0, null))
      as refused_connections
  from performance_schema.global_status g
  where g.variable_name
    in ('Threads_connected', 'Max_used_connections', 'Connection_errors_max_connections')
)
select
  max_connections,
  in_use,
  round(100.0 * in_use / max_connections, 1) as in_use_pct,
  peak,
  round(100.0 * peak / max_connections, 1) as peak_pct,
  refused_connections,
  pool_total,
  round(100.0 * pool_total / max_connections, 1) as pool_pct
from counters;
