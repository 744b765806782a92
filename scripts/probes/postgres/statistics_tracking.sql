-- id: postgres/statistics-tracking
-- question: Does the server record what a diagnosis needs?
-- decides:
--   - database/postgresql-maintenance/track-statements-and-io-time
-- related:
--   - profiling/investigation/rank-database-statements-by-total-time-and-calls
-- objects: facilities
-- subject: {kind: setting, column: name}
-- min_version: 14
-- privilege: any
-- cost: reads pg_settings
-- rules:
--   - fail: name == 'pg_stat_statements' and loaded and not recorded
--     because: pg_stat_statements is loaded but its extension does not exist in this database, so no probe can read it
--   - fail: name == 'pg_stat_statements' and available and not recorded
--     because: pg_stat_statements is installed on the machine but not loaded, so no statement is recorded
--   - judge: name == 'pg_stat_statements' and not recorded
--     because: pg_stat_statements is not installed, so no statement is recorded
--     ask: Can the package with the contributed extensions be installed, or do traces or a log record all statements?
--   - unknown: name == 'track_activities' and not recorded
--     because: track_activities is off, so the server does not show what sessions do and wait for
--     remedy: ALTER SYSTEM SET track_activities = on; SELECT pg_reload_conf();
--   - unknown: name == 'track_counts' and not recorded
--     because: track_counts is off, so nothing about tables and indexes is counted and autovacuum does not work
--     remedy: ALTER SYSTEM SET track_counts = on; SELECT pg_reload_conf();
--   - unknown: name == 'pg_stat_statements.track' and not recorded
--     because: pg_stat_statements.track is none, so no statement is recorded
--     remedy: ALTER SYSTEM SET pg_stat_statements.track = top; SELECT pg_reload_conf();
--   - judge: name == 'track_io_timing' and not recorded
--     because: track_io_timing is off, so disk waits cannot be distinguished from computation
--     ask: Does pg_test_timing show a cheap clock on this machine, so that track_io_timing can be switched on?
--   - judge: name == 'log_min_duration_statement' and not recorded
--     because: slow statements are not logged, so their parameters and plans are lost
--     ask: Does auto_explain or tracing in the application record slow statements instead?
--   - judge: name == 'log_lock_waits' and not recorded
--     because: lock waits are not logged
--     ask: Does another tool record who blocked whom?
-- source: https://www.postgresql.org/docs/current/pgstatstatements.html, https://www.postgresql.org/docs/current/runtime-config-statistics.html
with /* backend-performance-probe */ facilities as (
  select 'pg_stat_statements' as name,
    exists (select from pg_catalog.pg_settings s where s.name = 'pg_stat_statements.max') as loaded,
    exists (
      select from pg_catalog.pg_available_extensions e where e.name = 'pg_stat_statements'
    ) as available,
    exists (select from pg_catalog.pg_settings s where s.name = 'pg_stat_statements.max')
      and exists (
        select from pg_catalog.pg_extension e where e.extname = 'pg_stat_statements'
      ) as recorded
  union all
  select s.name, true, true, s.setting not in ('off', '-1', 'none')
  from pg_catalog.pg_settings s
  where s.name in (
    'track_io_timing', 'log_min_duration_statement', 'log_lock_waits', 'track_activities',
    'track_counts', 'pg_stat_statements.track'
  )
)
select f.*, count(*) over () as examined
from facilities f
order by f.recorded, f.name <> 'pg_stat_statements', f.name
limit 20;
