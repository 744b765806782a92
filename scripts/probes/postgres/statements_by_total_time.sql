-- id: postgres/statements-by-total-time
-- question: Which statements take most of the server's time, and are they slow per call?
-- decides:
--   - database/query-performance/index-the-querys-shape
-- related:
--   - caching/cache-decision/prove-that-the-hit-rate-pays-for-the-complexity
--   - database/bulk-work/batch-inserts-updates-and-deletes
--   - database/connection-pooling/validate-idle-connections-not-every-checkout
--   - profiling/investigation/profile-to-find-slow-operations-before-changing-any
--   - profiling/investigation/rank-database-statements-by-total-time-and-calls
-- objects: statements
-- subject: {kind: statement, column: query_untrusted}
-- requires: [read_all_stats, pg_stat_statements_readable]
-- min_version: 14
-- privilege: pg_monitor
-- cost: reads the statement texts once, some milliseconds
-- observe: [window_calls, window_hours, forgotten_statements, queryid, share_pct, mean_ms]
-- rules:
--   - unknown: window_calls < 100
--     because: fewer than 100 calls are recorded
--     remedy: run the probe again after the usual load
--   - judge: waits and mean_ms >= 20 and calls >= 100
--     because: the statement takes 20 ms or more per call but touches few blocks, so it waits for something else, mostly for locks
--     ask: Which transaction holds the rows or the table that it needs, and what does that transaction wait for?
--   - fail: mean_ms >= 100 and calls >= 100
--     because: the statement takes 100 ms or more per call and is called often
--   - judge: mean_ms >= 20 and calls >= 100
--     because: the statement takes 20 ms or more per call and is called often
--     ask: Does a user wait for this statement, and does its plan read far more than it returns?
--   - judge: share_pct >= 25 and total_ms >= 1000
--     because: the statement takes a quarter or more of all statement time
--     ask: Can it be called less often, batched, cached, or made to read less?
-- when_empty:
--   verdict: unknown
--   because: pg_stat_statements holds no statement of this database
--   remedy: run the probe again after the usual load
-- source: https://github.com/ankane/pghero (20 ms and 100 calls); 100 ms is the action trigger of this skill's metrics, 25 % our default
-- caveats:
--   - Few blocks are fewer than 50 per call; a function that computes for long, or sleeps, looks like waiting too.
--   - Times are averages since the last reset; a percentile cannot be had from them.
--   - When forgotten_statements is high, pg_stat_statements.max is too small and rare statements are missing.
-- versions:
--   17:
--     blk_read_time: shared_blk_read_time
with /* backend-performance-probe */ statements as (
  select s.queryid,
    sum(s.calls)::bigint as calls,
    sum(s.total_exec_time) as total_ms,
    max(s.max_exec_time) as max_ms,
    sum(s.rows)::bigint as row_count,
    sum(s.shared_blks_hit + s.shared_blks_read)::bigint as blocks,
    sum(s.blk_read_time) as read_ms,
    min(left(s.query, 6000)) as text
  from pg_stat_statements s
  where s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
    and s.toplevel
    and s.query not like '%backend-performance-probe%'
    -- what every driver sends around the statements, ours too, is no sign of load
    and s.query !~* '^\s*(begin|start|commit|end|rollback|abort|savepoint|release|set|reset|show|discard|deallocate)\M'
  group by s.queryid
)
select
  s.queryid::text as queryid,
  s.calls,
  round(s.total_ms::numeric, 1) as total_ms,
  round((100 * s.total_ms / nullif(sum(s.total_ms) over (), 0))::numeric, 1) as share_pct,
  round((s.total_ms / s.calls)::numeric, 3) as mean_ms,
  round(s.max_ms::numeric, 1) as max_ms,
  round(s.row_count::numeric / s.calls, 1) as rows_per_call,
  round(s.blocks::numeric / s.calls, 1) as blocks_per_call,
  round(s.read_ms::numeric, 1) as read_ms,
  s.blocks < 50 * s.calls and s.read_ms < s.total_ms / 2 as waits,
  case
    when s.text ~* '^(\s|\(|/\*([^*]|\*[^/])*\*/|--[^\n]*\n)*(select|with|insert|update|delete|merge|values)\M'
    then s.text
    else 'utility statement, text withheld'
  end as query_untrusted,
  sum(s.calls) over ()::bigint as window_calls,
  round(extract(epoch from now() - i.stats_reset) / 3600, 1) as window_hours,
  i.dealloc as forgotten_statements,
  count(*) over () as examined
from statements s
cross join pg_stat_statements_info i
order by s.total_ms desc, s.queryid
limit 50;
