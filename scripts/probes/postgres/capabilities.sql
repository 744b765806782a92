-- id: postgres/capabilities
-- question: What can this role see on this server, and which period do the statistics cover?
-- subject: {kind: server}
-- min_version: 14
-- privilege: any
-- cost: catalogue and statistics views, a few milliseconds
-- source: https://www.postgresql.org/docs/current/predefined-roles.html
-- caveats:
--   - Where the statistics were never reset, their age is counted from the last start of the server, the shorter guess.
-- capabilities:
--   read_all_stats:
--     missing: the role may not see the statistics and sessions of other roles
--     remedy: "GRANT pg_monitor TO the probing role (or pg_read_all_stats)"
--   read_all_settings:
--     missing: the role may not see all settings
--     remedy: "GRANT pg_monitor TO the probing role (or pg_read_all_settings)"
--   pg_stat_statements_loaded:
--     missing: pg_stat_statements is not in shared_preload_libraries, so no statement is recorded
--     remedy: add pg_stat_statements to shared_preload_libraries, restart the server, then CREATE EXTENSION pg_stat_statements
--   pg_stat_statements:
--     missing: the extension pg_stat_statements does not exist in this database
--     remedy: CREATE EXTENSION pg_stat_statements in this database
--   pg_stat_statements_readable:
--     missing: the role may not read the view pg_stat_statements
--     remedy: GRANT USAGE on the extension's schema and SELECT on pg_stat_statements to the probing role
--   activities_tracked:
--     missing: track_activities is off, so sessions do not show what they do or wait for
--     remedy: ALTER SYSTEM SET track_activities = on; SELECT pg_reload_conf()
--   counts_tracked:
--     missing: track_counts is off, so nothing about tables and indexes is counted
--     remedy: ALTER SYSTEM SET track_counts = on; SELECT pg_reload_conf()
--   primary:
--     missing: this server is a standby, which does not count writes and vacuum
--     remedy: run the probe against the primary
select /* backend-performance-probe */
  current_setting('server_version_num')::int as server_version_num,
  pg_catalog.current_database() as database,
  current_user as role,
  (select r.rolsuper from pg_catalog.pg_roles r where r.rolname = current_user) as superuser,
  pg_catalog.pg_has_role('pg_read_all_stats', 'usage') as read_all_stats,
  pg_catalog.pg_has_role('pg_read_all_settings', 'usage') as read_all_settings,
  current_setting('pg_stat_statements.max', true) is not null as pg_stat_statements_loaded,
  e.extname is not null as pg_stat_statements,
  n.nspname as pg_stat_statements_schema,
  e.extversion as pg_stat_statements_version,
  coalesce(
    pg_catalog.has_schema_privilege(n.oid, 'usage')
    and pg_catalog.has_table_privilege(v.oid, 'select'),
    false
  ) as pg_stat_statements_readable,
  current_setting('track_activities')::bool as activities_tracked,
  current_setting('track_counts')::bool as counts_tracked,
  not pg_catalog.pg_is_in_recovery() as primary,
  current_setting('track_io_timing')::bool as track_io_timing,
  pg_catalog.pg_postmaster_start_time() as started,
  coalesce(
    pg_catalog.pg_stat_get_db_stat_reset_time(d.oid), pg_catalog.pg_postmaster_start_time()
  ) as statistics_since,
  extract(epoch from now() - coalesce(
    pg_catalog.pg_stat_get_db_stat_reset_time(d.oid), pg_catalog.pg_postmaster_start_time()
  ))::bigint as statistics_age_s,
  round(100.0 * (select sum(numbackends) from pg_catalog.pg_stat_database)
    / current_setting('max_connections')::int, 1) as connections_used_pct
from pg_catalog.pg_database d
left join pg_catalog.pg_extension e on e.extname = 'pg_stat_statements'
left join pg_catalog.pg_namespace n on n.oid = e.extnamespace
left join pg_catalog.pg_class v on v.relnamespace = n.oid and v.relname = 'pg_stat_statements'
where d.datname = current_database();
