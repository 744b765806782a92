-- id: mysql/missing-primary-keys
-- question: Does every table have a primary key of its own?
-- decides:
--   - database/mysql/give-every-innodb-table-a-short-primary-key
-- objects: tables
-- subject: {kind: table, column: table_name, within: schema_name}
-- requires: [schemas_visible]
-- min_version: 8
-- privilege: SELECT on the schema, so that its tables are visible
-- cost: reads the catalogue of visible tables and indexes
-- rules:
--   - pass: has_primary_key == 1
--     because: the table has a primary key
--   - judge: has_unique_key == 1
--     because: the table has no primary key, only a unique key that may serve as one
--     ask: Can the unique key be declared the primary key?
--   - judge: table_rows < 1000
--     because: the table has no primary key and is small
--     ask: Will it stay small, and is it never replicated by row?
--   - fail: table_rows >= 1000
--     because: the table has no primary key, so InnoDB clusters it by a hidden number and a replica has to scan it for each changed row
-- when_empty:
--   verdict: not_applicable
--   because: the schema has no table
-- source: https://dev.mysql.com/doc/refman/8.4/en/innodb-index-types.html (hidden key); 1,000 rows is our default
-- caveats:
--   - The number of rows is the engine's estimate, on MySQL 8 up to a day old.
select /* backend-performance-probe */
  t.table_schema as schema_name,
  t.table_name,
  t.engine,
  t.table_rows,
  k.primaries > 0 as has_primary_key,
  k.uniques > 0 as has_unique_key,
  count(*) over () as examined
from information_schema.tables t
join (
  select b.table_schema, b.table_name,
    sum(s.index_name = 'PRIMARY') is not null and sum(s.index_name = 'PRIMARY') > 0 as primaries,
    coalesce(sum(s.non_unique = 0), 0) as uniques
  from information_schema.tables b
  left join information_schema.statistics s
    on s.table_schema = b.table_schema and s.table_name = b.table_name and s.seq_in_index = 1
  where b.table_type = 'BASE TABLE'
    and b.table_schema not in ('mysql', 'sys', 'performance_schema', 'information_schema')
    and (database() is null or b.table_schema = database())
  group by b.table_schema, b.table_name
) k on k.table_schema = t.table_schema and k.table_name = t.table_name
where t.table_type = 'BASE TABLE'
order by k.primaries > 0, k.uniques > 0, t.table_rows desc, t.table_schema, t.table_name
limit 200;
