-- id: postgres/waits-now
-- question: What are the active sessions waiting for at this moment?
-- objects: kinds of waits
-- subject: {kind: server, column: wait}
-- requires: [read_all_stats]
-- min_version: 14
-- privilege: pg_monitor
-- cost: reads the list of sessions once
-- observe: [active_sessions]
-- rules:
--   - judge: sessions >= 3 and kind == 'Lock'
--     because: several sessions wait for locks of other transactions
--     ask: Which session is at the head, and what does it wait for between its statements?
--   - judge: sessions >= 3 and kind == 'LWLock'
--     because: several sessions wait for the same structure in shared memory
--     ask: Is it the buffers of a hot page, the WAL, or the lock table of too many partitions?
--   - judge: sessions >= 3 and kind == 'IO'
--     because: several sessions wait for the disk
--     ask: Do the same statements read more blocks than they need to?
--   - judge: sessions >= 3 and kind == 'Client'
--     because: several transactions wait for their application to send the next statement
--     ask: Does the application call something else while its transaction is open?
-- when_empty:
--   verdict: unknown
--   because: no session is active besides this one
--   remedy: run the probe while the application is under load
-- source: https://www.postgresql.org/docs/current/monitoring-stats.html#WAIT-EVENT-TABLE (three sessions are our default)
-- caveats:
--   - One moment only; run it several times under load.
select /* backend-performance-probe */
  coalesce(a.wait_event_type || ': ' || a.wait_event, 'on the processor') as wait,
  coalesce(a.wait_event_type, 'CPU') as kind,
  count(*) as sessions,
  count(distinct a.usename) as roles,
  round(max(extract(epoch from clock_timestamp() - a.query_start)), 1) as longest_s,
  sum(count(*)) over ()::bigint as active_sessions,
  count(*) over () as examined
from pg_catalog.pg_stat_activity a
where a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
  and a.application_name <> 'backend-performance-probe'
  and (a.state = 'active' or (a.state like 'idle in transaction%' and a.wait_event_type = 'Client'))
group by a.wait_event_type, a.wait_event
order by count(*) desc, 1
limit 50;
