-- id: postgres/table-options
-- question: Does a table have its own options that keep autovacuum and ANALYZE away from it?
-- objects: options of tables
-- subject: {kind: table, column: table_name}
-- min_version: 14
-- privilege: any
-- cost: catalogue only
-- rules:
--   - fail: is_scale_factor and number >= 1 and row_count >= 10000
--     because: the table must change completely before it is vacuumed or analyzed
--   - judge: is_scale_factor and number >= 0.5 and row_count >= 10000
--     because: half of a large table must change before it is vacuumed or analyzed
--     ask: Is the table filled once and only read afterwards?
--   - judge: is_threshold and number >= 1000000 and number > row_count
--     because: more rows than the table has must change before it is vacuumed or analyzed
--     ask: Was the table larger when the option was set?
--   - judge: option_name == 'fillfactor' and number < 50 and row_count >= 10000
--     because: more than half of each page is kept empty
--     ask: Are the rows of this table updated so often that the room is used?
-- when_empty:
--   verdict: pass
--   because: no table has an option of its own
-- source: https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-STORAGE-PARAMETERS (the figures are our defaults)
-- caveats:
--   - Row counts are the server's estimates.
with /* backend-performance-probe */ options as (
  select c.oid, o.option_name, o.option_value,
    greatest(c.reltuples, pg_catalog.pg_stat_get_live_tuples(c.oid), 0)::bigint as row_count
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  cross join lateral pg_options_to_table(c.reloptions) o
  where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast|temp_)'
)
select
  o.oid::regclass::text as table_name,
  o.oid::bigint as table_name_oid,
  o.option_name::text as option_name,
  case when o.option_value ~ '^-?\d{1,12}(\.\d{1,6})?$' then o.option_value::numeric end as number,
  o.option_name like '%scale\_factor' as is_scale_factor,
  o.option_name like '%threshold' as is_threshold,
  o.row_count,
  count(*) over () as examined
from options o
where o.option_value ~ '^-?\d{1,12}(\.\d{1,6})?$'
order by case when o.option_name like '%scale\_factor' then o.option_value::numeric end desc nulls last,
  o.row_count desc, o.oid, o.option_name
limit 100;
