-- id: mysql/statements-by-total-time
-- question: Which statements take most of the server's time, and are they slow per call?
-- decides:
--   - database/mysql/rank-digests-by-total-time-and-rows-examined
--   - database/query-performance/index-the-querys-shape
-- related:
--   - caching/cache-decision/prove-that-the-hit-rate-pays-for-the-complexity
--   - database/bulk-work/batch-inserts-updates-and-deletes
--   - database/connection-pooling/validate-idle-connections-not-every-checkout
--   - profiling/investigation/profile-to-find-slow-operations-before-changing-any
--   - profiling/investigation/rank-database-statements-by-total-time-and-calls
-- objects: statements
-- subject: {kind: statement, column: query_untrusted}
-- requires: [performance_schema]
-- min_version: 8
-- privilege: SELECT on performance_schema
-- cost: reads the statement digests once, some milliseconds
-- observe: [window_calls, uptime_hours, forgotten_calls, digest, share_pct, mean_ms]
-- rules:
--   - unknown: window_calls < 100
--     because: fewer than 100 calls are recorded
--     remedy: run the probe again after the usual load
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
--   because: performance_schema holds no statement of this schema
--   remedy: run the probe again after the usual load, and check that the consumer statements_digest is enabled
-- source: https://github.com/ankane/pghero (20 ms and 100 calls); 100 ms is the action trigger of this skill's metrics, 25 % our default
-- caveats:
--   - Times are averages since the last restart or truncation of the summary; MySQL 8 also keeps QUANTILE_95 for each statement.
--   - When forgotten_calls is high, performance_schema_digests_size is too small and rare statements are missing.
-- flavours:
--   mariadb:
--     performance_schema.global_status: information_schema.global_status
with /* backend-performance-probe */ statements as (
  select d.digest, d.schema_name, d.digest_text, d.count_star as calls,
    d.sum_timer_wait / 1e9 as total_ms, d.max_timer_wait / 1e9 as max_ms,
    d.sum_lock_time / 1e9 as waited_ms, d.sum_rows_sent as row_count,
    d.sum_rows_examined as examined_rows
  from performance_schema.events_statements_summary_by_digest d
  where d.digest is not null
    and d.schema_name not in ('mysql', 'sys', 'performance_schema', 'information_schema')
    and (database() is null or d.schema_name = database())
    and d.digest_text not like '%information_schema%' and d.digest_text not like '%performance_schema%'
    and d.digest_text regexp '^[( ]*(select|with|insert|replace|update|delete|values|call)'
)
select
  s.digest,
  s.schema_name,
  s.calls,
  round(s.total_ms, 1) as total_ms,
  round(100 * s.total_ms / nullif(sum(s.total_ms) over (), 0), 1) as share_pct,
  round(s.total_ms / nullif(s.calls, 0), 3) as mean_ms,
  round(s.max_ms, 1) as max_ms,
  round(s.waited_ms, 1) as lock_ms,
  round(s.row_count / nullif(s.calls, 0), 1) as rows_per_call,
  round(s.examined_rows / nullif(s.calls, 0), 1) as examined_per_call,
  s.digest_text as query_untrusted,
  sum(s.calls) over () as window_calls,
  (
    select round(g.variable_value / 3600, 1)
    from performance_schema.global_status g
    where g.variable_name = 'Uptime'
  ) as uptime_hours,
  (
    select coalesce(sum(f.count_star), 0)
    from performance_schema.events_statements_summary_by_digest f
    where f.digest is null
  ) as forgotten_calls,
  count(*) over () as examined
from statements s
order by s.total_ms desc, s.digest
limit 50;
