-- id: postgres/n-plus-one-suspects
-- question: Is a lookup called once for every row that another statement returned?
-- decides:
--   - database/query-performance/eliminate-n1-queries
-- related:
--   - api/query-surface/create-dataloaders-per-request-and-batch-every-relation
--   - database/n1-detection/search-for-loops-that-call-the-database
--   - profiling/investigation/rank-database-statements-by-total-time-and-calls
-- objects: lookups by key
-- subject: {kind: statement, column: query_untrusted}
-- requires: [read_all_stats, pg_stat_statements_readable]
-- min_version: 14
-- privilege: pg_monitor
-- cost: reads the statement texts once, some milliseconds
-- observe: [window_calls, window_hours]
-- rules:
--   - unknown: window_calls < 100
--     because: fewer than 100 calls are recorded
--     remedy: run the probe again after the usual load
--   - pass: not parent_found
--     because: no statement on a related table returns several rows per call
--   - judge: calls >= 100 and calls_per_parent_call >= 5 and parent_rows_per_call_of_child >= 0.5 and parent_rows_per_call_of_child <= 2
--     because: the lookup is called about as often as a statement on a related table returned rows, and several times for each of its calls
--     ask: Does one request run the parent statement and then this lookup in a loop over its rows?
-- when_empty:
--   verdict: unknown
--   because: pg_stat_statements holds no lookup by key in this database
--   remedy: run the probe again after the usual load
-- source: https://docs.sentry.io/product/issues/issue-details/performance-issues/n-one-queries/ (5 repetitions); a factor of two between rows and calls, and 100 calls, are our defaults
-- caveats:
--   - The counters show a coincidence of numbers, not the order of calls; a statement log or a trace of one request settles it.
--   - Related are tables that a foreign key joins, or of which one names the other as TABLE_id; and a table with itself.
--   - A parent that is cached, or that another database holds, leaves no match.
--   - Counters since the last reset blur the match when a release changed the code; compare two snapshots of the same hour.
with /* backend-performance-probe */ statements as (
  select s.queryid,
    sum(s.calls)::bigint as calls,
    sum(s.rows)::bigint as row_count,
    sum(s.total_exec_time) as total_ms,
    min(left(s.query, 6000)) as text
  from pg_stat_statements s
  where s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
    and s.toplevel
    and s.query not like '%backend-performance-probe%'
    -- what every driver sends around the statements, ours too, is no sign of load
    and s.query !~* '^\s*(begin|start|commit|end|rollback|abort|savepoint|release|set|reset|show|discard|deallocate)\M'
  group by s.queryid
), reads as (
  select s.*, sum(s.calls) over ()::bigint as window_calls
  from statements s
  where s.text ~* '^(\s|\(|/\*([^*]|\*[^/])*\*/|--[^\n]*\n)*(select|with)\M'
), children as (
  select *, lower(substring(text from '(?i)\mfrom\s+(?:only\s+)?(?:"?\w+"?\.)?"?(\w+)')) as table_text
  from reads
  where text ~* '\mwhere\M.*(=\s*(any\s*\(\s*)?|\min\s*\(\s*)\$\d'
  order by calls desc, queryid
  limit 300
), parents as (
  select r.*, lower(t.found[1]) as table_text
  from reads r
  cross join regexp_matches(
    r.text, '\m(?:from|join)\s+(?:only\s+)?(?:"?\w+"?\.)?"?(\w+)', 'gi'
  ) as t (found)
  where r.row_count >= 2 * r.calls -- a parent returns several rows per call
), foreign_keys as (
  select distinct a.relname::text as child, b.relname::text as parent
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_class a on a.oid = k.conrelid
  join pg_catalog.pg_class b on b.oid = k.confrelid
  where k.contype = 'f'
)
select
  c.queryid::text as queryid,
  c.calls,
  round(c.row_count::numeric / c.calls, 2) as rows_per_call,
  round(c.total_ms::numeric, 1) as total_ms,
  p.queryid is not null as parent_found,
  p.queryid::text as parent_queryid,
  p.calls as parent_calls,
  p.row_count as parent_rows,
  round(p.row_count::numeric / c.calls, 3) as parent_rows_per_call_of_child,
  round(c.calls::numeric / p.calls, 1) as calls_per_parent_call,
  c.text as query_untrusted,
  p.text as parent_query_untrusted,
  c.window_calls,
  (select round(extract(epoch from now() - i.stats_reset) / 3600, 1)
   from pg_stat_statements_info i) as window_hours,
  count(*) over () as examined
from children c
left join lateral (
  select r.*
  from parents r
  where r.queryid <> c.queryid
    and (
      r.table_text = c.table_text
      or c.text ~* ('\m' || regexp_replace(regexp_replace(r.table_text, 'ies$', 'y'), 's$', '') || '_?id\M')
      or r.text ~* ('\m' || regexp_replace(regexp_replace(c.table_text, 'ies$', 'y'), 's$', '') || '_?id\M')
      or exists (
        select from foreign_keys k
        where (k.child, k.parent) in ((c.table_text, r.table_text), (r.table_text, c.table_text))
      )
    )
  order by abs(r.row_count - c.calls), r.queryid
  limit 1
) p on true
order by p.queryid is null, c.calls desc, c.queryid
limit 300;
