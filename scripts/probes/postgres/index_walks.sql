-- id: postgres/index-walks
-- question: Does a frequent query read far more than the rows it returns?
-- objects: queries
-- subject: {kind: statement, column: query_untrusted}
-- requires: [read_all_stats, pg_stat_statements_readable]
-- min_version: 14
-- privilege: pg_monitor
-- cost: reads the statement texts once, some milliseconds
-- observe: [window_calls]
-- rules:
--   - unknown: window_calls < 100
--     because: fewer than 100 calls are recorded
--     remedy: run the probe again after the usual load
--   - pass: aggregates
--     because: the query counts or sums, so it must read more than it returns
--   - fail: calls >= 100 and blocks_per_call >= 500 and blocks_per_row >= 20 and sorted_and_cut
--     because: the query returns a few ordered rows and reads hundreds of blocks for them, so it walks an index in that order, or the whole table, until enough rows match
--   - judge: calls >= 20 and blocks_per_call >= 500 and blocks_per_row >= 20
--     because: the query reads hundreds of blocks per call and dozens per returned row
--     ask: Does an index begin with the columns that the query compares for equality?
-- when_empty:
--   verdict: unknown
--   because: pg_stat_statements holds no query of this database
--   remedy: run the probe again after the usual load
-- source: https://www.postgresql.org/docs/current/indexes-ordering.html (500 blocks of 8 kB and 20 blocks a row are our defaults)
-- caveats:
--   - Blocks are those of all calls divided by their number; single calls may be far better.
--   - A query that finds nothing counts as one that returned one row in each call.
with /* backend-performance-probe */ statements as (
  select s.queryid,
    sum(s.calls)::bigint as calls,
    sum(s.rows)::bigint as row_count,
    sum(s.total_exec_time) as total_ms,
    sum(s.shared_blks_hit + s.shared_blks_read)::bigint as blocks,
    min(left(s.query, 6000)) as text
  from pg_stat_statements s
  where s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
    and s.toplevel
    and s.query not like '%backend-performance-probe%'
  group by s.queryid
)
select
  s.queryid::text as queryid,
  s.calls,
  round((s.total_ms / s.calls)::numeric, 3) as mean_ms,
  round(s.row_count::numeric / s.calls, 1) as rows_per_call,
  round(s.blocks::numeric / s.calls, 1) as blocks_per_call,
  round(s.blocks::numeric / greatest(s.row_count, s.calls), 1) as blocks_per_row,
  s.text ~* '\morder\s+by\M' and s.text ~* '\m(limit|fetch\s+(first|next))\M' as sorted_and_cut,
  s.text ~* '\m(count|sum|avg|min|max|array_agg|string_agg|json_agg|jsonb_agg|bool_or|bool_and)\s*\('
    or s.text ~* '\mgroup\s+by\M' as aggregates,
  s.text as query_untrusted,
  sum(s.calls) over ()::bigint as window_calls,
  count(*) over () as examined
from statements s
where s.text ~* '^(\s|\(|/\*([^*]|\*[^/])*\*/|--[^\n]*\n)*(select|with)\M'
order by s.blocks desc, s.queryid
limit 100;
