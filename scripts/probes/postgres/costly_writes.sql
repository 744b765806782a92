-- id: postgres/costly-writes
-- question: Does a frequent write read far more than the rows it changes?
-- objects: writes
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
--   - judge: calls >= 20 and blocks_per_call >= 500 and blocks_per_row >= 100
--     because: the write reads hundreds of blocks for each row that it changes
--     ask: Does its own condition lack an index, does a foreign key to its table lack one, or does a trigger read a table for each row?
-- when_empty:
--   verdict: unknown
--   because: pg_stat_statements holds no write to this database
--   remedy: run the probe again after the usual load
-- source: https://www.postgresql.org/docs/current/pgstatstatements.html (500 blocks of 8 kB and 100 blocks a row are our defaults)
-- caveats:
--   - A write counts what its triggers and foreign keys read, and the query that feeds it.
--   - A write that finds nothing counts as one that changed one row in each call.
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
), writes as (
  select s.*,
    substring(s.text from '(?i)^(?:\s|/\*(?:[^*]|\*[^/])*\*/|--[^\n]*\n)*'
      || '(?:insert\s+into|merge\s+into|update|delete\s+from)\s+(?:only\s+)?'
      || '(?:"?[\w$]+"?\s*\.\s*)?"?([\w$]+)'
    ) as target
  from statements s
)
select
  w.queryid::text as queryid,
  w.calls,
  round((w.total_ms / w.calls)::numeric, 3) as mean_ms,
  round(w.row_count::numeric / w.calls, 1) as rows_per_call,
  round(w.blocks::numeric / w.calls, 1) as blocks_per_call,
  round(w.blocks::numeric / greatest(w.row_count, w.calls), 1) as blocks_per_row,
  (
    select string_agg(distinct t.tgname, ', ')
    from pg_catalog.pg_trigger t
    join pg_catalog.pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and t.tgenabled <> 'D' and lower(c.relname) = lower(w.target)
  ) as triggers,
  w.text as query_untrusted,
  sum(w.calls) over ()::bigint as window_calls,
  count(*) over () as examined
from writes w
where w.target is not null
order by w.blocks desc, w.queryid
limit 100;
