-- id: postgres/statement-smells
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
-- requires: [read_all_stats, pg_stat_statements_readable]
-- min_version: 14
-- privilege: pg_monitor
-- cost: reads the statement texts once, some milliseconds
-- observe: [window_calls]
-- rules:
--   - unknown: window_calls < 100
--     because: fewer than 100 calls are recorded
--     remedy: run the probe again after the usual load
--   - judge: calls >= 20 and rows_per_call >= 1000 and not has_limit
--     because: the statement returns 1,000 rows or more per call and has no LIMIT
--     ask: Does anyone look at all these rows, or can they be paged, streamed or aggregated in the server?
--   - judge: calls >= 20 and uses_offset
--     because: the statement skips rows with OFFSET, which reads what it skips
--     ask: How deep do the offsets go, and can the page continue after the last key instead?
--   - judge: calls >= 20 and function_on_column and blocks_per_call >= 50
--     because: a condition wraps a column in a function, which a plain index on the column cannot serve
--     ask: Is there an index on the same expression, or can the condition be written on the bare column?
--   - judge: calls >= 20 and random_order
--     because: the statement sorts all candidates by a random number
--     ask: Can the sample be drawn by key or with TABLESAMPLE?
--   - judge: calls >= 20 and counts_all and blocks_per_call >= 500
--     because: the statement counts or sums a whole table in each call
--     ask: Can the page do without the exact number, or can a counter or an estimate give it?
--   - judge: calls >= 20 and select_star
--     because: the statement fetches all columns
--     ask: Is the row wide or does it hold large values that the caller does not use?
-- when_empty:
--   verdict: unknown
--   because: pg_stat_statements holds no SELECT of this database
--   remedy: run the probe again after the usual load
-- source: https://www.postgresql.org/docs/current/queries-limit.html (OFFSET); 20 calls, 50 blocks and 1,000 rows are our defaults
-- caveats:
--   - The texts are matched with patterns, not parsed; an ORM lists all columns without a star.
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
    -- what every driver sends around the statements, ours too, is no sign of load
    and s.query !~* '^\s*(begin|start|commit|end|rollback|abort|savepoint|release|set|reset|show|discard|deallocate)\M'
  group by s.queryid
), smells as (
  select s.*,
    s.text ~* '\mselect\s+(distinct\s+)?([\w"]+\.)?\*' as select_star,
    s.text ~* '\m(count|sum|avg)\s*\(' and s.text !~* '\m(where|group\s+by)\M' as counts_all,
    s.text ~* '\moffset\s+(\$|\d|\()' as uses_offset,
    s.text ~* '\morder\s+by\s+random\s*\(' as random_order,
    s.text ~* '\m(limit|fetch\s+(first|next))\M' as has_limit,
    s.text ~* (
      '\mwhere\M.*('
      || '\m(lower|upper|trim|btrim|substr|substring|left|date|date_trunc|date_part|extract|to_char'
      || '|coalesce|abs|round|cast)\s*\([^()]*[a-z_][\w.]*[^()]*\)'
      || '|[a-z_][\w.]*\s*::\s*(date|text|varchar)'
      || ')\s*(=|<|>|\mlike\M|\milike\M|\mbetween\M|\min\M)'
    ) as function_on_column,
    sum(s.calls) over ()::bigint as window_calls
  from statements s
)
select
  s.queryid::text as queryid,
  s.calls,
  round(s.total_ms::numeric, 1) as total_ms,
  round(s.row_count::numeric / s.calls, 1) as rows_per_call,
  s.has_limit,
  s.uses_offset,
  s.function_on_column,
  s.random_order,
  s.select_star,
  s.counts_all,
  round(s.blocks::numeric / s.calls, 1) as blocks_per_call,
  s.text as query_untrusted,
  s.window_calls,
  count(*) over () as examined
from smells s
where s.text ~* '^(\s|\(|/\*([^*]|\*[^/])*\*/|--[^\n]*\n)*(select|with)\M'
order by (s.counts_all or s.uses_offset or s.function_on_column or s.random_order or s.select_star) desc,
  s.row_count desc, s.queryid
limit 200;
