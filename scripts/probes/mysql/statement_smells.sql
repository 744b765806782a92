-- id: mysql/statement-smells
-- question: Do frequent statements contain a pattern that costs more than it needs to?
-- related:
--   - api/response-time/page-every-list-endpoint-and-clamp-the-limit
--   - api/response-time/return-only-the-fields-the-client-uses
--   - api/response-time/use-opaque-cursors-for-deep-or-growing-lists
--   - database/query-performance/fetch-only-the-columns-the-caller-uses
--   - database/query-performance/keep-functions-and-casts-off-indexed-columns
--   - database/query-performance/page-large-results-by-key
--   - memory/memory-optimization/page-or-stream-large-database-results
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
--   - judge: calls >= 20 and rows_per_call >= 1000 and has_limit == 0
--     because: the statement returns 1,000 rows or more per call and has no LIMIT
--     ask: Does anyone look at all these rows, or can they be paged, streamed or aggregated in the server?
--   - judge: calls >= 20 and uses_offset == 1
--     because: the statement skips rows with OFFSET, which reads what it skips
--     ask: How deep do the offsets go, and can the page continue after the last key instead?
--   - judge: calls >= 20 and function_on_column == 1
--     because: a condition wraps a column in a function, which a plain index on the column cannot serve
--     ask: Is there an index on the same expression or on a generated column, or can the condition be written on the bare column?
--   - judge: calls >= 20 and random_order == 1
--     because: the statement sorts all candidates by a random number
--     ask: Can the sample be drawn by key?
--   - judge: calls >= 20 and select_star == 1
--     because: the statement fetches all columns
--     ask: Is the row wide or does it hold large values that the caller does not use?
-- when_empty:
--   verdict: unknown
--   because: performance_schema holds no SELECT of this schema
--   remedy: run the probe again after the usual load, and check that the consumer statements_digest is enabled
-- source: https://dev.mysql.com/doc/refman/8.4/en/limit-optimization.html (OFFSET); 20 calls and 1,000 rows are our defaults
-- caveats:
--   - The texts are matched with patterns, not parsed; an ORM lists all columns without a star.
with /* backend-performance-probe */ statements as (
  select d.digest, d.schema_name, d.digest_text, d.count_star as calls,
    d.sum_timer_wait / 1e9 as total_ms, d.sum_rows_sent as row_count
  from performance_schema.events_statements_summary_by_digest d
  where d.digest is not null
    and d.schema_name not in ('mysql', 'sys', 'performance_schema', 'information_schema')
    and (database() is null or d.schema_name = database())
    and d.digest_text not like '%information_schema%' and d.digest_text not like '%performance_schema%'
    and d.digest_text regexp '^[( ]*(select|with)'
), smells as (
  select s.*,
    s.digest_text regexp 'select +(distinct +)?([^ ,]+ *[.] *)?[*]' as select_star,
    s.digest_text regexp 'limit +([?] +offset|[?] *, *([?]|[.][.][.]))' as uses_offset,
    s.digest_text regexp 'order +by +[^ a-z]?rand[^ a-z]? *[(]' as random_order,
    s.digest_text regexp 'limit +[?]' as has_limit,
    s.digest_text regexp
      'where .*(lower|upper|trim|substr|substring|left|date|year|month|day|date_format|coalesce|ifnull|abs|round|cast)[^ a-z]? *[(] *[^ ()?][^()]*[)] *(=|<|>|like|between|in)'
      as function_on_column,
    sum(s.calls) over () as window_calls
  from statements s
)
select
  m.digest,
  m.schema_name,
  m.calls,
  round(m.row_count / nullif(m.calls, 0), 1) as rows_per_call,
  round(m.total_ms, 1) as total_ms,
  m.select_star,
  m.uses_offset,
  m.function_on_column,
  m.random_order,
  m.has_limit,
  m.digest_text as query_untrusted,
  m.window_calls,
  count(*) over () as examined
from smells m
order by m.calls desc, m.digest
limit 200;
