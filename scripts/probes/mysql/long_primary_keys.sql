-- id: mysql/long-primary-keys
-- question: Does a large table repeat a long primary key in each secondary index?
-- related:
--   - database/mysql/give-every-innodb-table-a-short-primary-key
-- objects: primary keys
-- subject: {kind: table, column: table_name, within: schema_name}
-- requires: [schemas_visible]
-- min_version: 8
-- privilege: SELECT on the schema, so that its tables are visible
-- cost: reads the catalogue of visible tables, columns and indexes
-- rules:
--   - judge: key_characters >= 32 and secondary_indexes >= 1 and table_rows >= 10000
--     because: the primary key is 32 characters or longer, and each entry of the secondary indexes repeats it
--     ask: Is the key a UUID or a hash in text? Could a BINARY(16) or a BIGINT take its place, with the text in a unique index?
-- when_empty:
--   verdict: not_applicable
--   because: the schema has no InnoDB table with a primary key
-- source: https://dev.mysql.com/doc/refman/8.4/en/innodb-index-types.html (a long primary key makes secondary indexes longer); 32 characters, the digits of a UUID, and 10,000 rows are our defaults
-- caveats:
--   - Characters are those declared; a VARCHAR may hold fewer. Columns of other types count as 8.
--   - The number of rows is the engine's estimate, on MySQL 8 up to a day old.
select /* backend-performance-probe */
  t.table_schema as schema_name,
  t.table_name,
  t.table_rows,
  k.key_columns,
  k.key_characters,
  (
    select count(distinct s.index_name)
    from information_schema.statistics s
    where s.table_schema = t.table_schema and s.table_name = t.table_name
      and s.index_name <> 'PRIMARY'
  ) as secondary_indexes,
  count(*) over () as examined
from information_schema.tables t
join (
  select p.table_schema, p.table_name,
    group_concat(p.column_name order by p.seq_in_index separator ', ') as key_columns,
    sum(coalesce(p.sub_part, c.character_maximum_length, 8)) as key_characters
  from information_schema.statistics p
  join information_schema.columns c
    on c.table_schema = p.table_schema and c.table_name = p.table_name
    and c.column_name = p.column_name
  where p.index_name = 'PRIMARY'
    and p.table_schema not in ('mysql', 'sys', 'performance_schema', 'information_schema')
    and (database() is null or p.table_schema = database())
  group by p.table_schema, p.table_name
) k on k.table_schema = t.table_schema and k.table_name = t.table_name
where t.engine = 'InnoDB'
order by k.key_characters desc, t.table_rows desc, t.table_schema, t.table_name
limit 200;
