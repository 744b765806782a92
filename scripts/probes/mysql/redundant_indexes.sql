-- id: mysql/redundant-indexes
-- question: Does an index duplicate another one or its beginning?
-- decides:
--   - database/indexing/drop-unused-and-redundant-indexes-after-a-rehearsal
--   - database/mysql/remove-redundant-and-unused-indexes-by-hiding-them-first
-- related:
--   - database/indexing/build-one-composite-index-per-frequent-pattern
-- objects: indexes
-- subject: {kind: index, column: index_name, within: table_name}
-- requires: [schemas_visible]
-- min_version: 8
-- privilege: SELECT on the schema, so that its indexes are visible
-- cost: reads the catalogue of visible indexes; some hundred milliseconds on 20,000
-- rules:
--   - fail: kind == 'duplicate'
--     because: another index has the same columns, and every write maintains both
--   - judge: kind == 'prefix'
--     because: another index begins with the same columns
--     ask: Is the shorter index so much smaller that frequent scans of it justify its writes?
-- when_empty:
--   verdict: not_applicable
--   because: no visible table has an index
-- source: https://dev.mysql.com/doc/refman/8.4/en/multiple-column-indexes.html (leftmost prefix)
-- caveats:
--   - Indexes with an expression are left out.
--   - A secondary index of InnoDB also ends with the primary key; an index that spells it out is no copy and is not reported.
with /* backend-performance-probe */ indexes as (
  select s.table_schema, s.table_name, s.index_name, min(s.non_unique) as non_unique,
    min(s.index_type) as index_type,
    group_concat(
      concat(s.column_name, coalesce(concat('(', s.sub_part, ')'), ''), ' ', coalesce(s.collation, ''))
      order by s.seq_in_index separator '|'
    ) as columns_key,
    group_concat(s.column_name order by s.seq_in_index separator ',') as columns_text
  from information_schema.statistics s
  where s.table_schema not in ('mysql', 'sys', 'performance_schema', 'information_schema')
    and (database() is null or s.table_schema = database())
  group by s.table_schema, s.table_name, s.index_name
  having sum(s.column_name is null) = 0
), covers as (
  select a.table_schema, a.table_name, a.index_name, b.index_name as covered_by,
    b.columns_text as covering_columns,
    if(a.columns_key = b.columns_key, 'duplicate', 'prefix') as kind,
    row_number() over (
      partition by a.table_schema, a.table_name, a.index_name
      order by a.columns_key = b.columns_key desc, b.index_name
    ) as place
  from indexes a
  join indexes b on b.table_schema = a.table_schema and b.table_name = a.table_name
    and b.index_name <> a.index_name and b.index_type = a.index_type
  where (
      a.columns_key = b.columns_key
      and (
        a.non_unique > b.non_unique
        or (a.non_unique = b.non_unique and a.index_name <> 'PRIMARY'
          and (b.index_name = 'PRIMARY' or b.index_name < a.index_name))
      )
    ) or (
      a.non_unique = 1 and a.index_type = 'BTREE'
      and left(b.columns_key, char_length(a.columns_key) + 1) = concat(a.columns_key, '|')
    )
)
select
  i.table_schema as schema_name,
  i.table_name,
  i.index_name,
  i.columns_text as columns_list_untrusted,
  c.covered_by,
  c.covering_columns as covering_columns_untrusted,
  coalesce(c.kind, 'none') as kind,
  count(*) over () as examined
from indexes i
left join covers c on c.table_schema = i.table_schema and c.table_name = i.table_name
  and c.index_name = i.index_name and c.place = 1
order by c.kind is null, c.kind, i.table_schema, i.table_name, i.index_name
limit 200;
