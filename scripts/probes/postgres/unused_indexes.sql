-- id: postgres/unused-indexes
-- question: Does a large index cost writes without having served a scan?
-- decides:
--   - database/indexing/drop-unused-and-redundant-indexes-after-a-rehearsal
-- objects: indexes
-- subject: {kind: index, column: index_name, within: table_name}
-- requires: [counts_tracked, primary]
-- min_version: 14
-- privilege: any
-- cost: catalogue and statistics views only, no lock that waits
-- observe: [statistics_days, standbys]
-- rules:
--   - pass: needed
--     because: the index enforces a constraint, a foreign key's target or the replica identity
--   - pass: scans > 0
--     because: the index has served scans
--   - pass: index_kb < 128
--     because: the index is smaller than 128 kB
--   - pass: statistics_days < 7 and serves_key
--     because: the index begins with the columns of a foreign key, and deletes of a parent need it
--   - unknown: statistics_days < 7 and table_scans < 100
--     because: the statistics cover less than a week, too short to call an index unused, and its table was hardly read since they began
--     remedy: run the probe again once the statistics are seven days old
--   - judge: statistics_days < 7
--     because: the index has not served a scan while its table was read many times, but the statistics are younger than a week
--     ask: Does a weekly or monthly job need the index?
--   - pass: index_kb < 1024
--     because: the index is smaller than 1 MiB
--   - judge: standbys > 0
--     because: the index has not served a scan here, and standbys count their own scans
--     ask: Has the index served scans on any standby?
--   - fail: writes > 0
--     because: the index has not served a scan for a week or longer, and every write maintains it
--   - judge: writes == 0
--     because: the index has not served a scan, and nothing is written to its table
--     ask: Is the table itself still in use?
-- when_empty:
--   verdict: not_applicable
--   because: no user table has a valid index
-- source: https://github.com/ankane/pghero (no scans); 7 days, 128 kB and 1 MiB are our defaults
-- caveats:
--   - A yearly or quarterly job leaves no trace in a shorter window.
--   - After a restore or an upgrade the counters are younger than statistics_days where the statistics were never reset.
--   - An index on an expression also gives the planner statistics, which is no scan.
-- versions:
--   16:
--     null::timestamptz: pg_catalog.pg_stat_get_lastscan(m.member)
with recursive /* backend-performance-probe */ tree as (
  select i.oid as root, i.oid as member
  from pg_catalog.pg_class i
  join pg_catalog.pg_namespace n on n.oid = i.relnamespace
  where i.relkind in ('i', 'I') and not i.relispartition
    and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp_)'
  union all
  select t.root, h.inhrelid
  from tree t
  join pg_catalog.pg_inherits h on h.inhparent = t.member
), used as (
  select m.root,
    sum(pg_catalog.pg_stat_get_numscans(m.member))::bigint as scans,
    max(null::timestamptz) as last_scan,
    sum(i.relpages)::bigint * 8 as index_kb,
    sum(pg_catalog.pg_stat_get_tuples_inserted(x.indrelid)
      + pg_catalog.pg_stat_get_tuples_updated(x.indrelid)
      + pg_catalog.pg_stat_get_tuples_deleted(x.indrelid))::bigint as writes
  from tree m
  join pg_catalog.pg_class i on i.oid = m.member
  join pg_catalog.pg_index x on x.indexrelid = m.member
  group by m.root
)
select
  u.root::regclass::text as index_name,
  u.root::bigint as index_name_oid,
  x.indrelid::regclass::text as table_name,
  x.indrelid::bigint as table_name_oid,
  u.scans,
  u.last_scan,
  u.index_kb,
  u.writes,
  (select sum(pg_catalog.pg_stat_get_numscans(o.indexrelid))
   from pg_catalog.pg_index o where o.indrelid = x.indrelid)
    + pg_catalog.pg_stat_get_numscans(x.indrelid) as table_scans,
  x.indisunique or x.indisprimary or x.indisexclusion or x.indisreplident
    or exists (select from pg_catalog.pg_constraint c where c.conindid = u.root) as needed,
  exists (
    select from pg_catalog.pg_constraint f
    where f.conrelid = x.indrelid and f.contype = 'f' and f.conkey[1] = x.indkey[0]
  ) as serves_key,
  (select round(extract(epoch from now() - coalesce(
      pg_catalog.pg_stat_get_db_stat_reset_time(d.oid), pg_catalog.pg_postmaster_start_time())) / 86400, 1)
   from pg_catalog.pg_database d where d.datname = current_database()) as statistics_days,
  (select count(*) from pg_catalog.pg_stat_replication) as standbys,
  count(*) over () as examined
from used u
join pg_catalog.pg_index x on x.indexrelid = u.root
where x.indisvalid
order by u.scans > 0, x.indisunique, u.index_kb desc, u.root
limit 200;
