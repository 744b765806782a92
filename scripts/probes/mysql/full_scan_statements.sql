-- id: mysql/full-scan-statements
-- question: Does a frequent statement read a large table without an index?
-- decides:
--   - database/query-performance/index-the-querys-shape
-- objects: statements
-- subject: {kind: statement, column: query_untrusted}
-- requires: [performance_schema]
-- min_version: 8
-- privilege: SELECT on performance_schema
-- cost: reads the statement digests once, some milliseconds
-- observe: [window_calls]
-- rules:
--   - unknown: window_calls < 100
--     because: fewer than 100 calls are recorded
--     remedy: run the probe again after the usual load
--   - pass: full_scan_calls == 0
--     because: the statement used an index
--   - fail: full_scan_calls >= 100 and examined_per_call >= 10000 and mean_ms >= 100
--     because: the statement reads 10,000 rows or more per call without an index and takes 100 ms or more
--   - judge: full_scan_calls >= 20 and examined_per_call >= 10000
--     because: the statement reads 10,000 rows or more per call without an index
--     ask: Does EXPLAIN show type ALL with a condition that an index could serve, or does the caller need all rows?
-- when_empty:
--   verdict: unknown
--   because: performance_schema holds no statement of this schema
--   remedy: run the probe again after the usual load, and check that the consumer statements_digest is enabled
-- source: https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-tables.html (NO_INDEX_USED); 10,000 rows, 20 and 100 calls are our defaults
-- caveats:
--   - A walk through a whole index, as of ORDER BY with LIMIT, counts as no index used; the rows read tell them apart.
--   - An aggregate over a whole table has to read it; a summary table or a cache helps there, no index.
with /* backend-performance-probe */ statements as (
  select d.digest, d.schema_name, d.digest_text, d.count_star as calls,
    d.sum_timer_wait / 1e9 as total_ms, d.sum_no_index_used as full_scan_calls,
    d.sum_select_full_join as full_join_calls, d.sum_rows_sent as row_count,
    d.sum_rows_examined as examined_rows
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
  s.full_scan_calls,
  s.full_join_calls,
  round(s.total_ms, 1) as total_ms,
  round(s.total_ms / nullif(s.calls, 0), 3) as mean_ms,
  round(s.examined_rows / nullif(s.calls, 0), 1) as examined_per_call,
  round(s.row_count / nullif(s.calls, 0), 1) as rows_per_call,
  s.digest_text as query_untrusted,
  sum(s.calls) over () as window_calls,
  count(*) over () as examined
from statements s
order by s.full_scan_calls > 0 desc, s.examined_rows desc, s.digest
limit 200;
