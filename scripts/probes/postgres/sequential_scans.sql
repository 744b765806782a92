-- id: postgres/sequential-scans
-- question: Are large tables read mostly by full scans?
-- decides:
--   - database/query-performance/index-the-querys-shape
-- objects: tables
-- subject: {kind: table, column: table_name}
-- requires: [counts_tracked]
-- min_version: 14
-- privilege: any
-- cost: catalogue and statistics views only
-- observe: [statistics_hours]
-- rules:
--   - judge: row_count >= 10000 and seq_scans >= 50 and seq_rows_read > index_rows_read and rows_per_seq_scan >= 10000
--     because: most rows read from a large table were read by scans of the whole table
--     ask: Which statement scans it, does that statement run on the request path, and does it return only a small part of what it reads?
-- when_empty:
--   verdict: not_applicable
--   because: the database has no user table
-- source: https://github.com/ankane/pghero (10,000 rows); 50 scans and the comparison of rows read are our defaults
-- caveats:
--   - CREATE INDEX, pg_dump and reports scan whole tables rightly; the plan of the statement decides.
--   - Counts are totals since the statistics were reset or the server crashed.
with /* backend-performance-probe */ tables as (
  select c.oid,
    greatest(c.reltuples, pg_catalog.pg_stat_get_live_tuples(c.oid), 0)::bigint as row_count,
    pg_catalog.pg_stat_get_numscans(c.oid) as seq_scans,
    pg_catalog.pg_stat_get_tuples_returned(c.oid) as seq_rows_read
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast|temp_)'
), reads as (
  select t.*, coalesce((
      select sum(pg_catalog.pg_stat_get_tuples_returned(x.indexrelid))
      from pg_catalog.pg_index x where x.indrelid = t.oid
    ), 0)::bigint as index_rows_read
  from tables t
)
select
  r.oid::regclass::text as table_name,
  r.oid::bigint as table_name_oid,
  r.row_count,
  r.seq_scans,
  r.seq_rows_read,
  r.seq_rows_read / greatest(r.seq_scans, 1) as rows_per_seq_scan,
  r.index_rows_read,
  (select round(extract(epoch from now() - coalesce(
      pg_catalog.pg_stat_get_db_stat_reset_time(d.oid), pg_catalog.pg_postmaster_start_time())) / 3600, 1)
   from pg_catalog.pg_database d where d.datname = current_database()) as statistics_hours,
  count(*) over () as examined
from reads r
order by r.seq_rows_read desc, r.oid
limit 200;
