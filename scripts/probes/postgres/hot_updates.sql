-- id: postgres/hot-updates
-- question: Do updates write every index of the table although only one column changes?
-- related:
--   - database/indexing/drop-unused-and-redundant-indexes-after-a-rehearsal
-- objects: tables
-- subject: {kind: table, column: table_name}
-- requires: [counts_tracked]
-- min_version: 14
-- privilege: any
-- cost: statistics views only
-- rules:
--   - pass: updates < 1000
--     because: fewer than 1,000 rows were updated since the statistics began
--   - pass: secondary_indexes == 0
--     because: the table has only its primary key
--   - judge: hot_pct < 20
--     because: fewer than 20 % of the updates stay on their page (HOT), so each writes an entry into every index and leaves work for vacuum
--     ask: Which index contains a column that the updates change, and does any statement need it? If none does, is there room on the pages (fillfactor)?
-- when_empty:
--   verdict: not_applicable
--   because: there is no user table
-- source: https://www.postgresql.org/docs/current/storage-hot.html (1,000 updates and 20 % are our defaults)
-- caveats:
--   - Since the last reset of the statistics.
select /* backend-performance-probe */
  t.oid::regclass::text as table_name,
  t.oid::bigint as table_name_oid,
  pg_catalog.pg_stat_get_tuples_updated(t.oid) as updates,
  round(
    100.0 * pg_catalog.pg_stat_get_tuples_hot_updated(t.oid)
      / nullif(pg_catalog.pg_stat_get_tuples_updated(t.oid), 0), 1
  ) as hot_pct,
  (
    select count(*) from pg_catalog.pg_index x where x.indrelid = t.oid and not x.indisprimary
  ) as secondary_indexes,
  count(*) over () as examined
from pg_catalog.pg_class t
join pg_catalog.pg_namespace n on n.oid = t.relnamespace
where t.relkind = 'r'
  and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp_)'
order by 3 desc, 1
limit 300;
