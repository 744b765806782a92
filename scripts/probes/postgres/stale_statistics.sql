-- id: postgres/stale-statistics
-- question: Does the planner have fresh statistics of the large tables?
-- decides:
--   - database/postgresql-maintenance/refresh-planner-statistics-after-bulk-changes
-- objects: tables
-- subject: {kind: table, column: table_name}
-- requires: [counts_tracked, primary]
-- min_version: 14
-- privilege: any
-- cost: catalogue and statistics views only
-- rules:
--   - unknown: counters_lost and row_count >= 10000
--     because: the server has no counters for a table with rows, as after a crash or a reset of the statistics
--     remedy: ANALYZE the table, or run the probe again once autovacuum has processed it
--   - fail: row_count >= 10000 and never_analyzed and not partitioned
--     because: a large table has never been analyzed, so the planner guesses
--   - fail: row_count >= 10000 and changed_pct >= 50
--     because: half or more of a large table has changed since its statistics were gathered
--   - judge: row_count >= 10000 and changed_pct >= 20
--     because: a fifth or more of a large table has changed since its statistics were gathered, although autovacuum should act at a tenth
--     ask: Is autovacuum about to analyze it, or are its settings for this table too lax?
--   - judge: row_count >= 10000 and never_analyzed
--     because: a partitioned table was never analyzed as a whole, which autovacuum does not do
--     ask: Do queries join, group or sort over the whole partitioned table, so that its own statistics matter?
-- when_empty:
--   verdict: not_applicable
--   because: the database has no user table
-- source: https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-STATISTICS (autovacuum acts at 10 %; 50 %, 20 % and 10,000 rows are our defaults)
-- caveats:
--   - Counted changes include those that leave the distribution of values as it was.
with recursive /* backend-performance-probe */ tree as (
  select c.oid as root, c.oid as member
  from pg_catalog.pg_class c
  where c.relkind = 'p' and not c.relispartition
  union all
  select t.root, h.inhrelid
  from tree t
  join pg_catalog.pg_inherits h on h.inhparent = t.member
), whole as (
  select t.root,
    sum(greatest(c.reltuples, pg_catalog.pg_stat_get_live_tuples(c.oid), 0))::bigint as row_count
  from tree t
  join pg_catalog.pg_class c on c.oid = t.member and c.relkind = 'r'
  group by t.root
), tables as (
  select c.oid, c.relkind = 'p' as partitioned, c.reltuples,
    case when c.relkind = 'p' then coalesce(w.row_count, 0)
      else greatest(c.reltuples, pg_catalog.pg_stat_get_live_tuples(c.oid), 0)::bigint
    end as row_count,
    pg_catalog.pg_stat_get_mod_since_analyze(c.oid) as changed,
    greatest(
      pg_catalog.pg_stat_get_last_analyze_time(c.oid),
      pg_catalog.pg_stat_get_last_autoanalyze_time(c.oid)
    ) as last_analyze,
    pg_catalog.pg_stat_get_live_tuples(c.oid) + pg_catalog.pg_stat_get_dead_tuples(c.oid)
      + pg_catalog.pg_stat_get_tuples_inserted(c.oid) as seen
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join whole w on w.root = c.oid
  where (c.relkind in ('r', 'm') or (c.relkind = 'p' and not c.relispartition))
    and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp_)'
)
select
  t.oid::regclass::text as table_name,
  t.oid::bigint as table_name_oid,
  t.partitioned,
  t.row_count,
  t.changed,
  round(100.0 * t.changed / greatest(t.row_count, 1), 1) as changed_pct,
  t.last_analyze is null and t.reltuples < 0 as never_analyzed,
  not t.partitioned and t.last_analyze is null and t.seen = 0 and t.reltuples >= 0 as counters_lost,
  t.last_analyze,
  count(*) over () as examined
from tables t
order by
  case when t.last_analyze is null then greatest(t.row_count, t.changed) else t.changed end desc, t.oid
limit 200;
