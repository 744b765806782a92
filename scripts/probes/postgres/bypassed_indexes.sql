-- id: postgres/bypassed-indexes
-- question: Does a frequent query filter an indexed column in a way that its index cannot serve?
-- objects: pairs of index and query
-- subject: {kind: statement, column: query_untrusted}
-- requires: [counts_tracked, read_all_stats, pg_stat_statements_readable]
-- min_version: 14
-- privilege: pg_monitor
-- cost: compares at most 200 query texts with the indexes that were never scanned
-- rules:
--   - fail: (calls >= 100 or (calls >= 20 and mean_ms >= 10)) and blocks_per_call >= 100 and hidden_by == 'function'
--     because: the query wraps the indexed column in a function, and the index has never been scanned
--   - fail: (calls >= 100 or (calls >= 20 and mean_ms >= 10)) and blocks_per_call >= 100 and hidden_by == 'cast'
--     because: the query casts the indexed column to another type, and the index has never been scanned
--   - judge: (calls >= 100 or (calls >= 20 and mean_ms >= 10)) and blocks_per_call >= 100 and hidden_by == 'unknown'
--     because: the query filters the first column of an index that has never been scanned
--     ask: Do the parameter's type and collation match the column, and does a LIKE need text_pattern_ops?
-- when_empty:
--   verdict: pass
--   because: no recorded query names the first column of an index that was never scanned
-- source: https://www.postgresql.org/docs/current/indexes-expressional.html (100 calls, or 20 of 10 ms, and 100 blocks are our defaults)
-- caveats:
--   - Texts are matched with patterns, not parsed; a table with the same column in the same query can be meant.
--   - Scans are counted since the last reset of the statistics, which may be younger than the recorded calls.
with /* backend-performance-probe */ statements as (
  select s.queryid,
    sum(s.calls)::bigint as calls,
    sum(s.total_exec_time) as total_ms,
    sum(s.shared_blks_hit + s.shared_blks_read)::bigint as blocks,
    min(left(s.query, 6000)) as text
  from pg_stat_statements s
  where s.dbid = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
    and s.toplevel
    and s.query not like '%backend-performance-probe%'
    and s.query ~* '\mwhere\M'
  group by s.queryid
  order by sum(s.shared_blks_hit + s.shared_blks_read) desc, s.queryid
  limit 200
), unscanned as (
  select x.indexrelid, x.indrelid, t.relname::text as table_text, a.attname::text as column_text,
    t.relpages
  from pg_catalog.pg_index x
  join pg_catalog.pg_class t on t.oid = x.indrelid and t.relkind = 'r'
  join pg_catalog.pg_namespace n on n.oid = t.relnamespace
  join pg_catalog.pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[0]
  where x.indisvalid
    and pg_catalog.pg_stat_get_numscans(x.indexrelid) = 0
    and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp_)'
    and t.relname ~ '^[a-z_][a-z0-9_]*$' and a.attname ~ '^[a-z_][a-z0-9_]*$'
), pairs as (
  select s.*, u.*,
    regexp_replace(
      substring(s.text from '(?i)\mwhere\M.*'), '\m(order|group)\s+by\M.*$', '', 'i'
    ) as filter
  from statements s
  join unscanned u on s.text ~* ('\m' || u.table_text || '\M')
)
select
  p.indexrelid::regclass::text as index_name,
  p.indexrelid::bigint as index_name_oid,
  p.indrelid::regclass::text as table_name,
  p.indrelid::bigint as table_name_oid,
  p.queryid::text as queryid,
  p.calls,
  round((p.total_ms / p.calls)::numeric, 3) as mean_ms,
  round(p.blocks::numeric / p.calls, 1) as blocks_per_call,
  case
    when p.filter ~* ('\m\w+\s*\(\s*("?\w+"?\.)?"?' || p.column_text || '"?\s*[,)]') then 'function'
    when p.filter ~* ('\m"?' || p.column_text || '"?\s*\)?\s*::') then 'cast'
    when p.filter ~* ('\mcast\s*\(\s*("?\w+"?\.)?"?' || p.column_text || '\M') then 'cast'
    else 'unknown'
  end as hidden_by,
  p.text as query_untrusted,
  count(*) over () as examined
from pairs p
where p.filter ~* ('\m' || p.column_text || '\M')
order by p.blocks desc, p.indexrelid, p.queryid
limit 100;
