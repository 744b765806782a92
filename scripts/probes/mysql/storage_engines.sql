-- id: mysql/storage-engines
-- question: Does a table use an engine without row locks and crash recovery?
-- decides:
--   - database/mysql/give-every-innodb-table-a-short-primary-key
-- objects: tables
-- subject: {kind: table, column: table_name, within: schema_name}
-- requires: [schemas_visible]
-- min_version: 8
-- privilege: SELECT on the schema, so that its tables are visible
-- cost: reads the catalogue of visible tables
-- rules:
--   - pass: engine == 'InnoDB'
--     because: the table uses InnoDB
--   - judge: engine == 'MyISAM' and table_rows < 1000
--     because: the table uses MyISAM, which locks whole tables and does not recover from a crash, and is small
--     ask: Is it written while others read it?
--   - fail: engine == 'MyISAM'
--     because: the table uses MyISAM, which locks the whole table for every write and does not recover from a crash
--   - judge: engine is not None
--     because: the table uses an engine other than InnoDB
--     ask: Was the engine chosen on purpose, with its locks, durability and memory limit in mind?
--   - unknown: engine is None
--     because: the server does not show the table's engine, as for a damaged table
--     remedy: read the server's error log and run CHECK TABLE
-- when_empty:
--   verdict: not_applicable
--   because: the schema has no table
-- source: https://dev.mysql.com/doc/refman/8.4/en/myisam-storage-engine.html (table locks); 1,000 rows is our default
select /* backend-performance-probe */
  t.table_schema as schema_name,
  t.table_name,
  t.engine,
  t.table_rows,
  count(*) over () as examined
from information_schema.tables t
where t.table_type = 'BASE TABLE'
  and t.table_schema not in ('mysql', 'sys', 'performance_schema', 'information_schema')
  and (database() is null or t.table_schema = database())
order by t.engine = 'InnoDB', t.table_rows desc, t.table_schema, t.table_name
limit 200;
