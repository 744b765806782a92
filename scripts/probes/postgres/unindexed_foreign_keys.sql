-- id: postgres/unindexed-foreign-keys
-- question: Does every foreign key of a large table have an index that begins with its columns?
-- decides:
--   - database/indexing/index-foreign-keys-that-are-joined-or-cascaded
-- objects: foreign keys
-- subject: {kind: table, column: table_name}
-- min_version: 14
-- privilege: any
-- cost: catalogue only, no lock that waits
-- rules:
--   - pass: parent_deletes == 0 and parent_rows < 1000
--     because: the parent is tiny and nothing was deleted from it
--   - fail: child_rows >= 10000 and cover == 'none' and parent_deletes > 0
--     because: no index of the referencing table begins with the key's columns, so each delete of a parent row, and each join from the parent, reads the whole table
--   - judge: child_rows >= 10000 and cover == 'none'
--     because: no index of the referencing table begins with the key's columns, and nothing was deleted from the parent since the statistics began
--     ask: Are parents ever deleted or re-keyed, or does a query go from the parent to its rows here?
--   - judge: child_rows >= 10000 and cover == 'partial_index'
--     because: only a partial index begins with the key's columns, and the check for referencing rows cannot use it
--     ask: Do deletes of parent rows and joins from the parent always repeat the condition of the partial index?
--   - judge: child_rows >= 10000 and cover == 'leading_part'
--     because: an index begins with only some of the key's columns
--     ask: Do these leading columns alone leave few rows, so that the rest need not be indexed?
--   - judge: child_rows >= 1000 and cover == 'none'
--     because: no index begins with the key's columns, and the table is still small
--     ask: Will this table grow, and are parent rows deleted or joined to it?
-- when_empty:
--   verdict: not_applicable
--   because: the database has no foreign key
-- source: https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK (why; 10,000 rows are our default)
-- caveats:
--   - Row counts are the server's estimates; a table never analyzed and never written since the statistics began counts as empty.
--   - A key whose parent is never deleted, never re-keyed and never joined from gains nothing from an index. Updates of other columns of the parent do not search for referencing rows.
with recursive /* backend-performance-probe */ family as (
  select oid as root, oid as member
  from pg_catalog.pg_constraint
  where contype = 'f' and conparentid = 0
  union all
  select f.root, c.oid
  from family f
  join pg_catalog.pg_constraint c on c.conparentid = f.member and c.contype = 'f'
), leaves as ( -- the tables that hold rows; partitions number their columns on their own
  select distinct f.root, c.conrelid, c.conkey
  from family f
  join pg_catalog.pg_constraint c on c.oid = f.member
  join pg_catalog.pg_class t on t.oid = c.conrelid and t.relkind = 'r'
), indexes as (
  select x.indrelid, x.indpred, a.amname, k.keys
  from pg_catalog.pg_index x
  join pg_catalog.pg_class i on i.oid = x.indexrelid
  join pg_catalog.pg_am a on a.oid = i.relam
  cross join lateral (
    select (string_to_array(x.indkey::text, ' ')::int2[])[1:x.indnkeyatts] as keys
  ) k
  where x.indisvalid and x.indisready and a.amname in ('btree', 'hash')
), covered as (
  select l.root, l.conrelid,
    greatest(t.reltuples, pg_catalog.pg_stat_get_live_tuples(t.oid), 0)::bigint as row_count,
    coalesce((
      select max(case
        when x.keys[1:cardinality(l.conkey)] <@ l.conkey and l.conkey <@ x.keys[1:cardinality(l.conkey)]
        then case
          when x.indpred is null then 3
          -- WHERE key IS NOT NULL leaves out only rows that reference nothing
          when x.indpred::text ~ '^\{NULLTEST :arg \{VAR [^{}]*\} :nulltesttype 1 [^{}]*\}$'
            and substring(x.indpred::text from ':varattno (\d+)')::int2 = any (l.conkey) then 3
          else 2
        end
        when x.keys[1] = any (l.conkey) and x.indpred is null and x.amname = 'btree' then 1
        else 0
      end)
      from indexes x where x.indrelid = l.conrelid
    ), 0) as grade
  from leaves l
  join pg_catalog.pg_class t on t.oid = l.conrelid
), keys as (
  select root, sum(row_count)::bigint as child_rows,
    (array['none', 'leading_part', 'partial_index', 'full'])[min(grade) + 1] as cover
  from covered
  group by root
)
select
  c.conrelid::regclass::text as table_name,
  c.conrelid::bigint as table_name_oid,
  c.conname::text as constraint_name,
  c.oid::bigint as constraint_name_oid,
  (select array_agg(a.attname::text order by u.position)
   from unnest(c.conkey) with ordinality u (attnum, position)
   join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = u.attnum) as columns,
  c.confrelid::regclass::text as parent_name,
  c.confrelid::bigint as parent_name_oid,
  k.child_rows,
  parent.row_count as parent_rows,
  parent.deletes as parent_deletes,
  k.cover,
  count(*) over () as examined
from keys k
join pg_catalog.pg_constraint c on c.oid = k.root
cross join lateral ( -- a partitioned parent has its rows and its deletes in its partitions
  with recursive parts as (
    select c.confrelid as part
    union all
    select i.inhrelid from parts join pg_catalog.pg_inherits i on i.inhparent = parts.part
  )
  select
    sum(greatest(p.reltuples, pg_catalog.pg_stat_get_live_tuples(p.oid), 0))::bigint as row_count,
    sum(pg_catalog.pg_stat_get_tuples_deleted(p.oid))::bigint as deletes
  from parts
  join pg_catalog.pg_class p on p.oid = parts.part and p.relkind = 'r'
) parent
order by k.cover = 'full', k.cover <> 'none', k.child_rows desc, c.oid
limit 100;
