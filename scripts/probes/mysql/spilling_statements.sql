-- id: mysql/spilling-statements
-- question: Do frequent statements build temporary tables on disk or sort in several passes?
-- related:
--   - database/query-performance/read-the-plan-of-the-top-statements
-- objects: statements
-- subject: {kind: statement, column: query_untrusted}
-- requires: [performance_schema]
-- min_version: 8
-- privilege: SELECT on performance_schema
-- cost: reads the statement digests once, some milliseconds
-- observe: [window_calls, tmp_table_size_mb]
-- rules:
--   - unknown: window_calls < 100
--     because: fewer than 100 calls are recorded
--     remedy: run the probe again after the usual load
--   - fail: disk_tables_per_call >= 0.5 and calls >= 100 and mean_ms >= 100
--     because: a frequent statement of 100 ms or more builds a temporary table on disk in at least every second call
--   - judge: disk_tables_per_call >= 0.5 and calls >= 20
--     because: the statement builds a temporary table on disk in at least every second call
--     ask: Does it group or sort by TEXT or BLOB columns, or can an index deliver the order?
--   - judge: merge_passes_per_call >= 1 and calls >= 20
--     because: the statement sorts more than the sort buffer holds, in several passes
--     ask: Can an index deliver the order, or can the rows be narrowed before they are sorted?
-- when_empty:
--   verdict: unknown
--   because: performance_schema holds no statement of this schema
--   remedy: run the probe again after the usual load, and check that the consumer statements_digest is enabled
-- source: https://dev.mysql.com/doc/refman/8.4/en/internal-temporary-tables.html (why; the figures are our defaults)
-- caveats:
--   - MariaDB puts every temporary table with TEXT or BLOB columns on disk; MySQL 8 keeps them in memory up to temptable_max_ram.
with /* backend-performance-probe */ statements as (
  select d.digest, d.schema_name, d.digest_text, d.count_star as calls,
    d.sum_timer_wait / 1e9 as total_ms, d.sum_created_tmp_disk_tables as disk_tables,
    d.sum_created_tmp_tables as tmp_tables, d.sum_sort_merge_passes as merge_passes
  from performance_schema.events_statements_summary_by_digest d
  where d.digest is not null
    and d.schema_name not in ('mysql', 'sys', 'performance_schema', 'information_schema')
    and (database() is null or d.schema_name = database())
    and d.digest_text not like '%information_schema%' and d.digest_text not like '%performance_schema%'
    and d.digest_text regexp '^[( ]*(select|with|insert|replace|update|delete)'
)
select
  s.digest,
  s.schema_name,
  s.calls,
  round(s.total_ms / nullif(s.calls, 0), 3) as mean_ms,
  s.tmp_tables,
  round(s.disk_tables / nullif(s.calls, 0), 2) as disk_tables_per_call,
  round(s.merge_passes / nullif(s.calls, 0), 2) as merge_passes_per_call,
  s.digest_text as query_untrusted,
  round(@@tmp_table_size / 1048576, 1) as tmp_table_size_mb,
  sum(s.calls) over () as window_calls,
  count(*) over () as examined
from statements s
order by s.disk_tables + s.merge_passes desc, s.digest
limit 200;
