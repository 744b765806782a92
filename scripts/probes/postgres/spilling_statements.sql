-- id: postgres/spilling-statements
-- question: Do statements sort or hash on disk because work_mem is too small for them?
-- related:
--   - database/query-performance/read-the-plan-of-the-top-statements
-- objects: statements
-- subject: {kind: statement, column: query_untrusted}
-- requires: [read_all_stats, pg_stat_statements_readable]
-- min_version: 14
-- privilege: pg_monitor
-- cost: reads the statement texts once, some milliseconds
-- observe: [window_calls, work_mem_mb]
-- rules:
--   - unknown: window_calls < 100
--     because: fewer than 100 calls are recorded
--     remedy: run the probe again after the usual load
--   - fail: calls >= 100 and temp_mb_per_call >= 100
--     because: a frequent statement writes 100 MiB or more to temporary files in each call
--   - judge: temp_mb >= 10
--     because: the statement writes temporary files
--     ask: Would a better index or a smaller result remove the sort or hash, and would memory suffice for more work_mem in all its concurrent runs?
-- when_empty:
--   verdict: unknown
--   because: pg_stat_statements holds no statement of this database
--   remedy: run the probe again after the usual load
-- source: https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM (why; 10 and 100 MiB are our defaults)
-- caveats:
--   - Builds of indexes and maintenance spill by maintenance_work_mem; their text is withheld.
with /* backend-performance-probe */ statements as (
  select s.queryid,
    sum(s.calls)::bigint as calls,
    sum(s.total_exec_time) as total_ms,
    sum(s.temp_blks_written)::bigint as temp_blocks,
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
  round(s.temp_blocks / 128.0, 1) as temp_mb,
  round(s.temp_blocks / 128.0 / s.calls, 2) as temp_mb_per_call,
  round((s.total_ms / s.calls)::numeric, 3) as mean_ms,
  case
    when s.text ~* '^(\s|\(|/\*([^*]|\*[^/])*\*/|--[^\n]*\n)*(select|with|insert|update|delete|merge|values)\M'
    then s.text
    else 'utility statement, text withheld'
  end as query_untrusted,
  sum(s.calls) over ()::bigint as window_calls,
  (select m.setting::bigint / 1024 from pg_catalog.pg_settings m where m.name = 'work_mem')
    as work_mem_mb,
  count(*) over () as examined
from statements s
order by s.temp_blocks desc, s.queryid
limit 50;
