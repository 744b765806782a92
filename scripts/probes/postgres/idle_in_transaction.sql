-- id: postgres/idle-in-transaction
-- question: Does a session sit idle in an open transaction?
-- decides:
--   - database/postgresql-maintenance/end-transactions-that-stay-open
-- related:
--   - database/connection-pooling/return-connections-before-remote-calls-and-rendering
-- objects: client sessions
-- subject: {kind: connection, column: pid}
-- requires: [read_all_stats, activities_tracked]
-- min_version: 14
-- privilege: pg_monitor
-- cost: statistics views only
-- rules:
--   - fail: idle_in_transaction_s >= 60
--     because: a session has been idle in an open transaction for a minute or longer, which holds its connection and its locks, and the vacuum horizon too if it has written or holds a snapshot
--   - judge: idle_in_transaction_s >= 5
--     because: a session has been idle in an open transaction for five seconds or longer
--     ask: What does the application wait for between BEGIN and COMMIT, such as a remote call, a user or a forgotten commit?
-- when_empty:
--   verdict: unknown
--   because: no client session besides this one is connected
--   remedy: run the probe while the application is under load
-- source: https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-IDLE-IN-TRANSACTION-SESSION-TIMEOUT (60 s and 5 s are our defaults)
-- caveats:
--   - One moment only; repeat it a few times under load.
select /* backend-performance-probe */
  a.pid,
  a.datname::text as database,
  a.usename::text as role,
  a.state = 'idle in transaction (aborted)' as aborted,
  case
    when a.state like 'idle in transaction%'
    then round(extract(epoch from clock_timestamp() - a.state_change), 1)
    else 0
  end as idle_in_transaction_s,
  round(extract(epoch from clock_timestamp() - a.xact_start), 1) as transaction_s,
  a.backend_xid is not null as has_written,
  greatest(age(a.backend_xid), age(a.backend_xmin)) as holds_back_xids,
  count(*) over () as examined
from pg_catalog.pg_stat_activity a
where a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
  and a.application_name <> 'backend-performance-probe'
order by idle_in_transaction_s desc, a.pid
limit 50;
