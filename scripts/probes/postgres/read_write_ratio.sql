-- id: postgres/read-write-ratio
-- question: Which tables are read so much more than written that a cache can pay?
-- related:
--   - caching/cache-decision/cache-only-what-is-read-much-more-often-than-written
--   - database/bulk-work/send-reports-and-stale-tolerant-reads-to-a-replica
-- objects: tables
-- subject: {kind: table, column: table_name}
-- requires: [counts_tracked]
-- min_version: 14
-- privilege: any
-- cost: catalogue and statistics views only
-- observe: [rows_read, rows_written, statistics_hours]
-- rules:
--   - unknown: rows_read < 1000
--     because: fewer than 1,000 rows were read from all tables since the statistics began
--     remedy: run the probe again after the usual load
--   - judge: table_rows_read >= 100000 and reads_per_write >= 4
--     because: the table is read at least four times as much as it is written
--     ask: Are the same keys asked for again and again, is stale data acceptable for some seconds, and who would invalidate it?
-- when_empty:
--   verdict: not_applicable
--   because: the database has no user table
-- source: our defaults (4 to 1 and 100,000 rows)
-- caveats:
--   - Rows are counted, not requests; one scan of a whole table reads all its rows.
--   - A table that answers from memory in well under a millisecond may need no cache.
with /* backend-performance-probe */ tables as (
  select c.oid,
    -- whole scans, bitmap scans, and through each index
    pg_catalog.pg_stat_get_tuples_returned(c.oid) + pg_catalog.pg_stat_get_tuples_fetched(c.oid)
      + coalesce((
        select sum(pg_catalog.pg_stat_get_tuples_fetched(x.indexrelid))
        from pg_catalog.pg_index x where x.indrelid = c.oid
      ), 0)::bigint as table_rows_read,
    pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid)
      + pg_catalog.pg_stat_get_tuples_deleted(c.oid) as table_rows_written
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast|temp_)'
)
select
  t.oid::regclass::text as table_name,
  t.oid::bigint as table_name_oid,
  t.table_rows_read,
  t.table_rows_written,
  round(t.table_rows_read::numeric / greatest(t.table_rows_written, 1), 1) as reads_per_write,
  sum(t.table_rows_read) over ()::bigint as rows_read,
  sum(t.table_rows_written) over ()::bigint as rows_written,
  (select round(extract(epoch from now() - coalesce(
      pg_catalog.pg_stat_get_db_stat_reset_time(d.oid), pg_catalog.pg_postmaster_start_time())) / 3600, 1)
   from pg_catalog.pg_database d where d.datname = current_database()) as statistics_hours,
  count(*) over () as examined
from tables t
order by t.table_rows_read desc, t.oid
limit 100;
