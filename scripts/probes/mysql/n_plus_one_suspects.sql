-- id: mysql/n-plus-one-suspects
-- question: Is a lookup called once for every row that another statement returned?
-- decides:
--   - database/query-performance/eliminate-n1-queries
-- related:
--   - api/query-surface/create-dataloaders-per-request-and-batch-every-relation
--   - database/n1-detection/search-for-loops-that-call-the-database
--   - profiling/investigation/rank-database-statements-by-total-time-and-calls
-- objects: lookups by key
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
--   - pass: parent_found == 0
--     because: no statement on a related table returns several rows per call
--   - judge: calls >= 100 and calls_per_parent_call >= 5 and parent_rows_per_call_of_child >= 0.5 and parent_rows_per_call_of_child <= 2
--     because: the lookup is called about as often as a statement on a related table returned rows, and several times for each of its calls
--     ask: Does one request run the parent statement and then this lookup in a loop over its rows?
-- when_empty:
--   verdict: unknown
--   because: performance_schema holds no lookup by key in this schema
--   remedy: run the probe again after the usual load, and check that the consumer statements_digest is enabled
-- source: https://docs.sentry.io/product/issues/issue-details/performance-issues/n-one-queries/ (5 repetitions); a factor of two between rows and calls, and 100 calls, are our defaults
-- caveats:
--   - The counters show a coincidence of numbers, not the order of calls; a statement log or a trace of one request settles it.
--   - Related are tables of which a query on one names the other as TABLE_id; and a table with itself.
--   - A parent that is cached, or that another database holds, leaves no match.
--   - Counters since the last restart blur the match when a release changed the code; compare two snapshots of the same hour.
with /* backend-performance-probe */ queries as (
  select d.digest, d.schema_name, d.digest_text,
    -- the table after FROM, without its schema, its quotes and the s of a plural
    trim(trailing 's' from
      substring_index(substring_index(lower(replace(regexp_substr(
        replace(d.digest_text, ' . ', '.'), '[Ff][Rr][Oo][Mm] +[^ ,()]+'
      ), char(96), '')), ' ', -1), '.', -1)
    ) as table_stem,
    d.count_star as calls,
    d.sum_timer_wait / 1e9 as total_ms, d.sum_rows_sent as row_count,
    sum(d.count_star) over () as window_calls
  from performance_schema.events_statements_summary_by_digest d
  where d.digest is not null
    and d.schema_name not in ('mysql', 'sys', 'performance_schema', 'information_schema')
    and (database() is null or d.schema_name = database())
    and d.digest_text not like '%information_schema%' and d.digest_text not like '%performance_schema%'
    and d.digest_text regexp '^[( ]*(select|with)'
), children as (
  select *
  from queries
  where digest_text regexp 'where .*(=|in) *([(] *)?([?]|[.][.][.])'
  order by calls desc, digest
  limit 100
), parents as (
  select *
  from queries
  where row_count >= 2 * calls -- a parent returns several rows per call
  order by row_count desc, digest
  limit 300
), pairs as (
  select c.digest, c.schema_name, c.digest_text, c.calls, c.total_ms, c.row_count, c.window_calls,
    p.digest as parent_digest, p.calls as parent_calls, p.row_count as parent_rows,
    p.digest_text as parent_text,
    row_number() over (
      partition by c.digest, c.schema_name
      order by abs(cast(p.row_count as signed) - cast(c.calls as signed)), p.digest
    ) as place
  from children c
  left join parents p on p.digest <> c.digest
    and (
      p.table_stem = c.table_stem
      or lower(c.digest_text) like concat('%', p.table_stem, '_id%')
      or lower(p.digest_text) like concat('%', c.table_stem, '_id%')
    )
)
select
  digest,
  schema_name,
  calls,
  round(row_count / nullif(calls, 0), 2) as rows_per_call,
  round(total_ms, 1) as total_ms,
  parent_digest is not null as parent_found,
  parent_digest,
  parent_calls,
  parent_rows,
  round(parent_rows / nullif(calls, 0), 3) as parent_rows_per_call_of_child,
  round(calls / nullif(parent_calls, 0), 1) as calls_per_parent_call,
  digest_text as query_untrusted,
  parent_text as parent_query_untrusted,
  window_calls,
  count(*) over () as examined
from pairs
where place = 1
order by parent_digest is null, calls desc, digest
limit 100;
