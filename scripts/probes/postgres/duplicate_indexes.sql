-- id: postgres/duplicate-indexes
-- question: Does another index already do the work of an index?
-- decides:
--   - database/indexing/drop-unused-and-redundant-indexes-after-a-rehearsal
-- related:
--   - database/indexing/build-one-composite-index-per-frequent-pattern
-- objects: indexes
-- subject: {kind: index, column: index_name, within: table_name}
-- min_version: 14
-- privilege: any
-- cost: catalogue only, no lock that waits
-- rules:
--   - fail: kind == 'duplicate'
--     because: another index has the same columns, order, operator classes and condition, so one of the two only costs writes, memory and vacuum
--   - judge: kind == 'prefix' and index_kb >= 1024
--     because: another index begins with the same columns and can answer the same lookups
--     ask: Is the longer index so much larger that the short one earns its writes, or do index-only scans need it?
-- when_empty:
--   verdict: not_applicable
--   because: no user table has a valid index
-- source: https://www.postgresql.org/docs/current/indexes-multicolumn.html (1 MiB is our default)
-- caveats:
--   - Indexes that enforce a constraint, a foreign key's target or the replica identity are never called redundant.
--   - An index on an expression is only compared as a whole, not as a prefix.
with /* backend-performance-probe */ indexes as (
  select x.indexrelid, x.indrelid, x.indisunique, i.relam, i.relpages,
    to_jsonb(x) ->> 'indnullsnotdistinct' as nulls_not_distinct,
    string_to_array(x.indkey::text, ' ')::int2[] as columns,
    x.indnkeyatts as key_count,
    string_to_array(x.indclass::text, ' ')::oid[] as classes,
    string_to_array(x.indcollation::text, ' ')::oid[] as collations,
    string_to_array(x.indoption::text, ' ')::int2[] as options,
    -- the text of an expression tree says where in its statement each part stood
    coalesce(regexp_replace(x.indexprs::text, ' :location -?\d+', '', 'g'), '') as expressions,
    coalesce(regexp_replace(x.indpred::text, ' :location -?\d+', '', 'g'), '') as condition,
    x.indisprimary or x.indisexclusion or x.indisreplident
      or exists (select from pg_catalog.pg_constraint c where c.conindid = x.indexrelid)
      as needed
  from pg_catalog.pg_index x
  join pg_catalog.pg_class i on i.oid = x.indexrelid and not i.relispartition
  join pg_catalog.pg_namespace n on n.oid = i.relnamespace
  where x.indisvalid
    and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp_)'
), redundant as (
  select distinct on (r.indexrelid) r.indexrelid, k.indexrelid as keeper,
    case when k.columns = r.columns then 'duplicate' else 'prefix' end as kind
  from indexes r
  join indexes k on k.indrelid = r.indrelid and k.indexrelid <> r.indexrelid
    and k.relam = r.relam and k.condition = r.condition
    and k.classes[1:r.key_count] = r.classes
    and k.collations[1:r.key_count] = r.collations
    and k.options[1:r.key_count] = r.options
  where not r.needed and (
    (k.columns = r.columns and k.key_count = r.key_count and k.expressions = r.expressions
      and (not r.indisunique or (
        k.indisunique and k.nulls_not_distinct is not distinct from r.nulls_not_distinct))
      and (k.needed or (k.indisunique and not r.indisunique) or k.indexrelid < r.indexrelid))
    or
    (k.key_count > r.key_count and cardinality(r.columns) = r.key_count
      and k.columns[1:r.key_count] = r.columns and not 0::int2 = any (r.columns)
      and not r.indisunique
      and r.relam = (select a.oid from pg_catalog.pg_am a where a.amname = 'btree'))
  )
  order by r.indexrelid, (k.columns = r.columns) desc, k.relpages, k.indexrelid
)
select
  i.indexrelid::regclass::text as index_name,
  i.indexrelid::bigint as index_name_oid,
  coalesce(r.kind, 'none') as kind,
  r.keeper::regclass::text as covered_by,
  r.keeper::bigint as covered_by_oid,
  i.indrelid::regclass::text as table_name,
  i.indrelid::bigint as table_name_oid,
  i.relpages::bigint * 8 as index_kb,
  pg_catalog.pg_stat_get_numscans(i.indexrelid) as scans,
  count(*) over () as examined
from indexes i
left join redundant r on r.indexrelid = i.indexrelid
order by r.kind is null, r.kind = 'prefix', i.relpages desc, i.indexrelid
limit 100;
