-- id: postgres/table-bloat
-- question: Do tables hold much more space than their rows need?
-- decides:
--   - database/postgresql-maintenance/measure-bloat-before-rewriting-a-table
-- objects: tables
-- subject: {kind: table, column: table_name}
-- min_version: 14
-- privilege: SELECT on the tables (pg_read_all_data), without which pg_stats shows nothing
-- cost: reads the column statistics of the 200 largest tables, up to some hundred milliseconds
-- rules:
--   - pass: table_mb < 10
--     because: the table is too small to waste 10 MiB
--   - unknown: not readable
--     because: the role may not see the column statistics of a table of 10 MiB or more
--     remedy: GRANT SELECT on the table, or GRANT pg_read_all_data, to the probing role
--   - unknown: expected_mb is None
--     because: a table of 10 MiB or more has no statistics to estimate from
--     remedy: ANALYZE the table
--   - fail: wasted_pct >= 50 and wasted_mb >= 100
--     because: an estimated half or more of the table, at least 100 MiB, is empty space
--   - judge: wasted_pct >= 30 and wasted_mb >= 10
--     because: an estimated 30 % or more of the table is empty space
--     ask: Will inserts fill the space again, or did a mass delete leave it, and what does pgstattuple_approx report?
-- when_empty:
--   verdict: not_applicable
--   because: the database has no user table
-- source: https://www.postgresql.org/docs/current/storage-page-layout.html (layout); 50 %, 30 %, 100 and 10 MiB are our defaults
-- caveats:
--   - An estimate from average widths; padding between columns and stale statistics mislead it. Confirm with pgstattuple_approx before rewriting a table.
with /* backend-performance-probe */ largest as (
  select c.oid, c.relname, n.nspname,
    case
      when c.relpages > 0 then c.relpages
      when pg_catalog.pg_stat_get_live_tuples(c.oid) + pg_catalog.pg_stat_get_dead_tuples(c.oid) = 0
        then 0
    end as pages,
    case
      when pg_catalog.pg_stat_get_live_tuples(c.oid) > 0
        then pg_catalog.pg_stat_get_live_tuples(c.oid)
      when c.reltuples >= 0 then c.reltuples
    end as row_count,
    coalesce((
      select o.option_value::numeric
      from pg_options_to_table(c.reloptions) o
      where o.option_name = 'fillfactor'
    ), 100) as fillfactor,
    has_table_privilege(c.oid, 'select') as readable,
    count(*) over () as examined
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast|temp_)'
  order by c.relpages desc, c.oid
  limit 200
), widths as (
  select l.oid,
    sum(s.avg_width * (1 - s.null_frac)) as data_width,
    bool_or(s.null_frac > 0) as has_nulls,
    count(s.attname) as known,
    (select count(*) from pg_catalog.pg_attribute a
     where a.attrelid = l.oid and a.attnum > 0 and not a.attisdropped) as columns
  from largest l
  left join pg_catalog.pg_stats s
    on s.schemaname = l.nspname and s.tablename = l.relname and not s.inherited
  group by l.oid
), expected as (
  select l.*,
    case when w.known = w.columns then
      ceil(l.row_count / greatest(1, floor(
        (8192 - 24) * l.fillfactor / 100
        / (4 -- line pointer, then header and data, each up to a multiple of 8
          + ceil((23 + case when w.has_nulls then ceil(w.columns / 8.0) else 0 end) / 8.0) * 8
          + ceil(w.data_width::numeric / 8) * 8)
      )))
    end as expected_pages
  from largest l
  join widths w using (oid)
)
select
  e.oid::regclass::text as table_name,
  e.oid::bigint as table_name_oid,
  round(e.pages / 128.0, 1) as table_mb,
  round((e.expected_pages / 128)::numeric, 1) as expected_mb,
  round((greatest(e.pages - e.expected_pages, 0) / 128)::numeric, 1) as wasted_mb,
  round((100 * greatest(e.pages - e.expected_pages, 0) / nullif(e.pages, 0))::numeric, 1)
    as wasted_pct,
  e.readable,
  e.examined
from expected e
order by wasted_mb desc nulls first, e.oid;
