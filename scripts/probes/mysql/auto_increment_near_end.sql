-- id: mysql/auto-increment-near-end
-- question: Is an AUTO_INCREMENT column near the end of its type's range?
-- decides:
--   - database/mysql/check-buffer-pool-redo-log-and-durability-settings
-- objects: columns
-- subject: {kind: table, column: table_name, within: schema_name}
-- requires: [schemas_visible]
-- min_version: 8
-- privilege: SELECT on the schema, so that its tables are visible
-- cost: reads the catalogue of visible columns and tables
-- rules:
--   - fail: used_pct >= 90
--     because: 90 % or more of the numbers are used, and at the end every insert fails with a duplicate key
--   - judge: used_pct >= 70
--     because: 70 % or more of the numbers are used
--     ask: At today's rate, how many months are left, and how long would changing the column to BIGINT take?
--   - unknown: used_pct is None
--     because: the server does not show the table's next number
--     remedy: GRANT SELECT ON the schema to the probing role, or read SHOW CREATE TABLE
-- when_empty:
--   verdict: not_applicable
--   because: no visible table has an AUTO_INCREMENT column
-- source: https://dev.mysql.com/doc/refman/8.4/en/example-auto-increment.html (why); 90 and 70 % are our defaults
-- caveats:
--   - On MySQL 8 the next number may be a day old (information_schema_stats_expiry).
--   - A column of another table that stores these numbers in a smaller type ends earlier.
with /* backend-performance-probe */ numbered as (
  select c.table_schema, c.table_name, c.column_name, c.column_type, t.auto_increment as next_number,
    case c.data_type
      when 'tinyint' then 127
      when 'smallint' then 32767
      when 'mediumint' then 8388607
      when 'int' then 2147483647
      when 'bigint' then 9223372036854775807
    end * if(c.column_type like '%unsigned%', 2, 1) as last_number
  from information_schema.columns c
  join information_schema.tables t
    on t.table_schema = c.table_schema and t.table_name = c.table_name
  where c.extra like '%auto_increment%'
    and c.table_schema not in ('mysql', 'sys', 'performance_schema', 'information_schema')
    and (database() is null or c.table_schema = database())
)
select
  n.table_schema as schema_name,
  n.table_name,
  n.column_name,
  n.column_type as column_type_untrusted,
  n.next_number,
  round(100.0 * coalesce(n.next_number, 1) / n.last_number, 2) as used_pct,
  count(*) over () as examined
from numbered n
order by n.next_number / n.last_number desc, n.table_schema, n.table_name
limit 100;
