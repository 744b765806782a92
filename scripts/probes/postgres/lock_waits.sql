-- id: postgres/lock-waits
-- question: Do sessions wait for locks, and who blocks them?
-- decides:
--   - database/postgresql-maintenance/find-the-head-of-lock-chains
-- objects: client sessions
-- subject: {kind: connection, column: head_of_queue}
-- requires: [read_all_stats, activities_tracked]
-- min_version: 14
-- privilege: pg_monitor
-- cost: reads the lock table; asks for blockers only of sessions that wait
-- rules:
--   - fail: waited_s >= 10
--     because: a session has waited ten seconds or longer for a lock
--   - judge: waited_s >= 1
--     because: a session has waited a second or longer for a lock
--     ask: What is the session at the head of the queue doing, and may it be ended or its transaction shortened?
-- when_empty:
--   verdict: unknown
--   because: no client session besides this one is connected
--   remedy: run the probe while the application is under load
-- source: https://www.postgresql.org/docs/current/runtime-config-locks.html#GUC-DEADLOCK-TIMEOUT (1 s; 10 s is our default)
-- caveats:
--   - One moment only; log_lock_waits keeps a record.
--   - The statement of the head is its last one, which need not be the one that took the lock.
with recursive /* backend-performance-probe */ sessions as (
  select a.pid, a.state, a.xact_start, a.usename::text as role, a.application_name,
    left(a.query, 2000) as query, a.wait_event_type = 'Lock' as waits,
    case when a.wait_event_type = 'Lock' then pg_blocking_pids(a.pid) else '{}' end as blockers
  from pg_catalog.pg_stat_activity a
  where a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
    and a.application_name <> 'backend-performance-probe'
), chain as ( -- from each waiter to the head of its queue
  select s.pid as waiter, b.pid as blocker, 1 as depth
  from sessions s cross join unnest(s.blockers) b (pid)
  union
  select c.waiter, b.pid, c.depth + 1
  from chain c
  join sessions s on s.pid = c.blocker
  cross join unnest(s.blockers) b (pid)
  where c.depth < 20
), heads as (
  select distinct on (c.waiter) c.waiter, c.blocker as head, c.depth
  from chain c
  order by c.waiter, c.depth desc, c.blocker
), waiting as (
  select distinct on (l.pid) l.pid, l.locktype, l.mode, l.waitstart,
    case when l.database = (
      select d.oid from pg_catalog.pg_database d where d.datname = current_database()
    ) then l.relation end as relation
  from pg_catalog.pg_locks l
  where not l.granted
  order by l.pid, l.waitstart
)
select
  s.pid,
  case when s.waits
    then round(coalesce(extract(epoch from clock_timestamp() - w.waitstart), 0), 1)
    else 0
  end as waited_s,
  w.locktype as lock_type,
  w.mode as lock_mode,
  w.relation::regclass::text as table_name,
  w.relation::bigint as table_name_oid,
  s.blockers as blocked_by,
  h.head as head_of_queue,
  h.depth as queue_depth,
  -- a transaction that was prepared and never finished has no session
  case h.head when 0 then 'prepared' else replace(b.state, ' ', '_') end as head_state,
  round(extract(epoch from clock_timestamp() - b.xact_start), 1) as head_transaction_s,
  b.role as head_role,
  b.application_name as head_application_untrusted,
  b.query as head_query_untrusted,
  s.role as waiting_role,
  case when s.waits then s.query end as waiting_query_untrusted,
  count(*) over () as examined
from sessions s
left join waiting w on w.pid = s.pid
left join heads h on h.waiter = s.pid
left join sessions b on b.pid = h.head
order by waited_s desc, s.pid
limit 50;
