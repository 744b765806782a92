-- id: postgres/dead-rows
-- question: Does vacuum keep up with updates and deletes?
-- decides:
--   - database/postgresql-maintenance/let-autovacuum-keep-up-on-large-tables
-- objects: tables
-- subject: {kind: table, column: table_name}
-- requires: [counts_tracked, primary]
-- min_version: 14
-- privilege: any
-- cost: catalogue and statistics views only
-- rules:
--   - fail: dead_rows >= 10000 and times_threshold >= 2
--     because: dead rows are at twice the number at which autovacuum should have started
--   - judge: dead_rows >= 10000 and times_threshold >= 1
--     because: dead rows have passed the number at which autovacuum starts
--     ask: Is autovacuum working on it now, or is it held back by a long transaction, a lock or its cost limit?
-- when_empty:
--   verdict: not_applicable
--   because: the database has no user table
-- source: https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM (the threshold; 10,000 rows and the factor 2 are our defaults)
-- caveats:
--   - The counters are lost in a crash and start again from zero.
--   - The threshold is the table's own where it sets one.
with /* backend-performance-probe */ settings as (
  select c.oid, c.reltuples,
    max(o.option_value) filter (where o.option_name = 'autovacuum_enabled') as enabled,
    max(o.option_value) filter (where o.option_name = 'autovacuum_vacuum_threshold') as base,
    max(o.option_value) filter (where o.option_name = 'autovacuum_vacuum_scale_factor') as factor,
    max(o.option_value) filter (where o.option_name = 'autovacuum_vacuum_max_threshold') as most
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  left join lateral pg_options_to_table(c.reloptions) o on true
  where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast|temp_)'
  group by c.oid, c.reltuples
), tables as (
  select s.oid, s.enabled,
    pg_catalog.pg_stat_get_dead_tuples(s.oid) as dead_rows,
    greatest(pg_catalog.pg_stat_get_live_tuples(s.oid), s.reltuples::bigint) as live_rows,
    least(
      coalesce(s.base, current_setting('autovacuum_vacuum_threshold'))::numeric
        + coalesce(s.factor, current_setting('autovacuum_vacuum_scale_factor'))::numeric
        * greatest(s.reltuples, 0)::numeric,
      -- 18 and later; a negative value switches this limit off
      case when coalesce(s.most, current_setting('autovacuum_vacuum_max_threshold', true))::numeric >= 0
        then coalesce(s.most, current_setting('autovacuum_vacuum_max_threshold', true))::numeric
      end
    ) as vacuum_threshold
  from settings s
)
select
  t.oid::regclass::text as table_name,
  t.oid::bigint as table_name_oid,
  t.dead_rows,
  t.live_rows,
  round(100.0 * t.dead_rows / greatest(t.dead_rows + t.live_rows, 1), 1) as dead_pct,
  round(t.vacuum_threshold)::bigint as vacuum_threshold,
  round(t.dead_rows / greatest(t.vacuum_threshold, 1), 2) as times_threshold,
  coalesce(t.enabled, 'true') in ('true', 'on', '1', 'yes') and current_setting('autovacuum')::bool
    as autovacuum,
  greatest(
    pg_catalog.pg_stat_get_last_vacuum_time(t.oid), pg_catalog.pg_stat_get_last_autovacuum_time(t.oid)
  ) as last_vacuum,
  count(*) over () as examined
from tables t
order by t.dead_rows desc, t.oid
limit 200;
