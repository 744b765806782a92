-- id: postgres/autovacuum-disabled
-- question: Is autovacuum off for the server or for a table?
-- decides:
--   - database/postgresql-maintenance/let-autovacuum-keep-up-on-large-tables
-- objects: tables
-- subject: {kind: table, column: table_name}
-- min_version: 14
-- privilege: any
-- cost: catalogue only
-- observe: [server_autovacuum, server_track_counts]
-- rules:
--   - fail: not server_autovacuum or not server_track_counts
--     because: autovacuum is off for the whole server, so dead rows remain and statistics become stale
--   - fail: not enabled and row_count >= 10000
--     because: autovacuum is off for a large table
--   - judge: not enabled
--     because: autovacuum is off for a small table
--     ask: Was it switched off for a bulk load that has ended?
-- when_empty:
--   verdict: not_applicable
--   because: the database has no user table
-- source: https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM (10,000 rows are our default)
with /* backend-performance-probe */ tables as (
  select c.oid,
    greatest(c.reltuples, pg_catalog.pg_stat_get_live_tuples(c.oid), 0)::bigint as row_count,
    coalesce((
      select o.option_value::bool
      from pg_options_to_table(c.reloptions) o
      where o.option_name = 'autovacuum_enabled'
    ), true) as enabled
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname !~ '^pg_(toast|temp_)'
)
select
  t.oid::regclass::text as table_name,
  t.oid::bigint as table_name_oid,
  t.row_count,
  t.enabled,
  current_setting('autovacuum')::bool as server_autovacuum,
  current_setting('track_counts')::bool as server_track_counts,
  count(*) over () as examined
from tables t
order by t.enabled, t.row_count desc, t.oid
limit 100;
