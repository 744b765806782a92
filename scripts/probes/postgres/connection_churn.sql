-- id: postgres/connection-churn
-- question: Are connections opened for only a few statements each?
-- related:
--   - database/connection-pooling/size-pools-from-the-database-servers-budget
-- objects: databases
-- subject: {kind: pool}
-- min_version: 14
-- privilege: any
-- cost: statistics view only
-- observe: [sessions, sessions_per_hour, transactions_per_session, seconds_per_session]
-- rules:
--   - unknown: sessions < 200
--     because: fewer than 200 sessions of this database have ended since the statistics began
--     remedy: run the probe again after the usual load
--   - judge: transactions_per_session < 10 and seconds_per_session < 5
--     because: a session lasts seconds and runs fewer than ten transactions, so connecting costs more than the work
--     ask: Does the application connect for each request, and can a pool or PgBouncer keep its connections?
--   - judge: sessions_per_hour >= 600 and seconds_per_session < 5
--     because: ten or more sessions a minute are opened and last only seconds, so most of them do not come from a pool
--     ask: Which application or job connects for each request or run, and can it keep a connection?
--   - judge: abandoned_pct >= 10
--     because: 10 % or more of the sessions ended because their client disappeared
--     ask: Does a timeout of the application, a proxy or the network cut them?
-- source: https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-DATABASE-VIEW (200 sessions, ten transactions, 600 an hour, 5 s and 10 % are our defaults)
-- caveats:
--   - Monitoring and cron jobs connect for a few statements as well; each counts as one session.
select /* backend-performance-probe */
  d.sessions,
  round(
    d.sessions / greatest(extract(epoch from now() - coalesce(
      d.stats_reset, pg_catalog.pg_postmaster_start_time()
    )) / 3600, 0.01), 1
  ) as sessions_per_hour,
  round((d.xact_commit + d.xact_rollback)::numeric / nullif(d.sessions, 0), 1)
    as transactions_per_session,
  round((d.session_time / 1000)::numeric / nullif(d.sessions, 0), 1) as seconds_per_session,
  round(100.0 * d.sessions_abandoned / nullif(d.sessions, 0), 1) as abandoned_pct
from pg_catalog.pg_stat_database d
where d.datname = current_database();
