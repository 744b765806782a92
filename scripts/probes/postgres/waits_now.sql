-- id: postgres/waits-now
-- question: What have the active sessions waited for during the last two seconds?
-- related:
--   - database/postgresql-maintenance/find-the-head-of-lock-chains
-- objects: kinds of waits
-- subject: {kind: server, column: wait}
-- requires: [read_all_stats, activities_tracked]
-- min_version: 14
-- privilege: pg_monitor
-- cost: reads the list of sessions eight times within two seconds
-- looks: {times: 8, pause_ms: 250, by: [kind, wait, role, application_untrusted, statement_key]}
-- observe: [looks]
-- rules:
--   - judge: kind == 'Lock' and sessions_mean >= 1
--     because: in every sample one or more sessions waited for locks of other transactions
--     ask: Which session is at the head, and what does it wait for between its statements?
--   - judge: kind == 'LWLock' and sessions_mean >= 1
--     because: in every sample one or more sessions waited for a structure in shared memory
--     ask: Is it the buffers of a hot page, the WAL, or the lock table of too many partitions?
--   - judge: kind == 'IO' and sessions_mean >= 2
--     because: in every sample two or more sessions waited for the disk
--     ask: Do the same statements read more blocks than they need to?
--   - judge: kind == 'IPC' and sessions_mean >= 2
--     because: in every sample two or more sessions waited for another server process
--     ask: Is it a synchronous standby that confirms commits, or parallel workers?
--   - judge: kind == 'Client' and sessions_mean >= 2
--     because: in every sample two or more transactions waited for their application to send the next statement
--     ask: Does the application call something else while its transaction is open?
-- when_empty:
--   verdict: unknown
--   because: no session was active besides this one
--   remedy: run the probe while the application is under load
-- source: https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-TABLE (one and two sessions on average are our defaults)
-- caveats:
--   - Two seconds only; run it several times under load.
--   - The statement is one example of those that waited so; without compute_query_id all of an application count together.
select /* backend-performance-probe */
  coalesce(a.wait_event, 'none') as wait,
  coalesce(a.wait_event_type, 'CPU') as kind,
  a.usename::text as role,
  a.application_name as application_untrusted,
  min(left(a.query, 2000)) as query_untrusted,
  coalesce(a.query_id, 0)::text as statement_key,
  count(*) as sessions,
  round(max(extract(epoch from clock_timestamp() - a.query_start)), 1) as longest_s,
  count(*) over () as examined
from pg_catalog.pg_stat_activity a
where a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
  and a.application_name <> 'backend-performance-probe'
  and (a.state = 'active' or (a.state like 'idle in transaction%' and a.wait_event_type = 'Client'))
group by a.wait_event_type, a.wait_event, a.usename, a.application_name, a.query_id
order by count(*) desc, 1
limit 50;
