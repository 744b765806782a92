-- id: mysql/unused-indexes
-- question: Does an index cost writes without having served a read?
-- decides:
--   - database/indexing/drop-unused-and-redundant-indexes-after-a-rehearsal
--   - database/mysql/remove-redundant-and-unused-indexes-by-hiding-them-first
-- objects: indexes
-- subject: {kind: index, column: index_name, within: table_name}
-- requires: [performance_schema, schemas_visible]
-- min_version: 8
-- privilege: SELECT on performance_schema and on the schema
-- cost: reads the index counters and the catalogue of visible indexes
-- observe: [uptime_days]
-- rules:
--   - pass: needed == 1
--     because: the index is unique or serves a foreign key
--   - pass: uses > 0
--     because: the index has served reads
--   - unknown: uptime_days < 7
--     because: the counters cover less than a week, too short to call an index unused
--     remedy: run the probe again once the server has run for seven days
--   - fail: table_writes >= 1000
--     because: the index has not served a read for a week or longer, and every write maintains it
--   - judge: table_writes < 1000
--     because: the index has not served a read, and little is written to its table
--     ask: Is the table itself still in use?
-- when_empty:
--   verdict: unknown
--   because: no table of this schema was used since the server started
--   remedy: run the probe again after the usual load
-- source: https://dev.mysql.com/doc/refman/8.4/en/sys-schema-unused-indexes.html (no use); 7 days and 1,000 writes are our defaults
-- caveats:
--   - A replica counts its own reads; ask each replica before an index is dropped.
--   - A yearly or quarterly job leaves no trace in a shorter window; make the index INVISIBLE (MySQL) or IGNORED (MariaDB) first.
--   - Tables that nobody opened since the start are not listed.
-- flavours:
--   mariadb:
--     performance_schema.global_status: information_schema.global_status
with /* backend-performance-probe */ used as (
  select u.object_schema, u.object_name, u.index_name, u.count_star as uses
  from performance_schema.table_io_waits_summary_by_index_usage u
  where u.object_type = 'TABLE' and u.index_name is not null
    and u.object_schema not in ('mysql', 'sys', 'performance_schema', 'information_schema')
    and (database() is null or u.object_schema = database())
), written as (
  select w.object_schema, w.object_name, w.count_write as table_writes
  from performance_schema.table_io_waits_summary_by_table w
  where w.object_type = 'TABLE'
), firsts as (
  select s.table_schema, s.table_name, s.index_name, min(s.non_unique) as non_unique,
    max(if(s.seq_in_index = 1, s.column_name, null)) as first_column
  from information_schema.statistics s
  where s.table_schema not in ('mysql', 'sys', 'performance_schema', 'information_schema')
    and (database() is null or s.table_schema = database())
  group by s.table_schema, s.table_name, s.index_name
), referencing as (
  select distinct k.table_schema, k.table_name, k.column_name
  from information_schema.key_column_usage k
  where k.referenced_table_name is not null and k.ordinal_position = 1
    and (database() is null or k.table_schema = database())
)
select
  u.object_schema as schema_name,
  u.object_name as table_name,
  u.index_name,
  u.uses,
  w.table_writes,
  f.non_unique = 0 or r.column_name is not null as needed,
  (
    select round(g.variable_value / 86400, 1)
    from performance_schema.global_status g
    where g.variable_name = 'Uptime'
  ) as uptime_days,
  count(*) over () as examined
from used u
join firsts f on f.table_schema = u.object_schema and f.table_name = u.object_name
  and f.index_name = u.index_name
left join written w on w.object_schema = u.object_schema and w.object_name = u.object_name
left join referencing r on r.table_schema = f.table_schema and r.table_name = f.table_name
  and r.column_name = f.first_column
order by u.uses > 0, f.non_unique = 0, w.table_writes desc, u.object_schema, u.object_name, u.index_name
limit 200;
