-- id: postgres/invalid-indexes
-- question: Is any index invalid, so that it costs writes and serves no query?
-- decides:
--   - database/schema-change/build-indexes-concurrently-and-check-validity
-- related:
--   - database/indexing/drop-unused-and-redundant-indexes-after-a-rehearsal
-- objects: indexes
-- subject: {kind: index, column: index_name, within: table_name}
-- min_version: 14
-- privilege: any; pg_monitor to tell an index that is being built from a failed one
-- cost: catalogue only, no lock that waits
-- rules:
--   - pass: valid
--     because: the index is valid
--   - judge: partitioned
--     because: the index of a partitioned table is not valid, since a partition has no matching index attached
--     ask: Which partition still lacks its index, and is it being attached now?
--   - fail: not valid and not being_built
--     because: the index is invalid and not being built, so a CREATE or REINDEX INDEX CONCURRENTLY has failed
--     remedy: "GRANT pg_monitor TO the probing role, which shows the builds of other roles"
--   - not_applicable: being_built
--     because: the index is being built now
-- when_empty:
--   verdict: not_applicable
--   because: no user table has an index
-- source: https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY
select /* backend-performance-probe */
  x.indexrelid::regclass::text as index_name,
  x.indexrelid::bigint as index_name_oid,
  x.indrelid::regclass::text as table_name,
  x.indrelid::bigint as table_name_oid,
  x.indisvalid as valid,
  x.indisready as maintained_by_writes,
  i.relkind = 'I' as partitioned,
  case
    when exists (
      select from pg_catalog.pg_stat_progress_create_index p
      where p.relid = x.indrelid and p.datname = current_database()
    ) then true
    when pg_catalog.pg_has_role('pg_read_all_stats', 'usage') then false
  end as being_built,
  nullif(i.relpages, 0)::bigint * 8 as index_kb,
  count(*) over () as examined
from pg_catalog.pg_index x
join pg_catalog.pg_class i on i.oid = x.indexrelid
join pg_catalog.pg_namespace n on n.oid = i.relnamespace
where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast_)?temp_'
order by x.indisvalid, i.relpages desc, x.indexrelid
limit 100;
