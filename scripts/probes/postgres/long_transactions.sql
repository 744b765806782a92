-- id: postgres/long-transactions
-- question: Has a transaction been open so long that it holds back vacuum and keeps locks?
-- decides:
--   - database/postgresql-maintenance/end-transactions-that-stay-open
-- related:
--   - database/connection-pooling/return-connections-before-remote-calls-and-rendering
-- objects: sessions and prepared transactions
-- subject: {kind: connection, column: pid}
-- requires: [read_all_stats, activities_tracked]
-- min_version: 14
-- privilege: pg_monitor
-- cost: statistics views only
-- rules:
--   - pass: kind == 'dump' and transaction_s < 14400
--     because: a dump has to read one snapshot of the database
--   - fail: transaction_s >= 3600
--     because: a transaction has been open for an hour or longer
--   - judge: kind == 'prepared' and transaction_s >= 5
--     because: a prepared transaction waits to be finished, and nothing ends it if its coordinator is gone
--     ask: Is its coordinator still there, or does ROLLBACK PREPARED have to end it?
--   - judge: transaction_s >= 300
--     because: a transaction has been open for five minutes or longer
--     ask: Is it a report or migration that needs one snapshot, or can it be split into shorter ones?
-- when_empty:
--   verdict: unknown
--   because: no other session is connected
--   remedy: run the probe while the application is under load
-- source: https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-SPACE-RECOVERY (why; 1 h and 5 min are our defaults)
-- caveats:
--   - One moment only; repeat it a few times under load.
with /* backend-performance-probe */ transactions as (
  select a.pid, null::bigint as prepared,
    case
      when a.application_name in ('pg_dump', 'pg_dumpall') then 'dump'
      when a.backend_type = 'client backend' then 'client'
      else 'worker'
    end as kind,
    a.datname::text as database,
    a.usename::text as role,
    replace(a.state, ' ', '_') as state,
    coalesce(extract(epoch from clock_timestamp() - a.xact_start), 0) as transaction_s,
    greatest(age(a.backend_xid), age(a.backend_xmin)) as holds_back_xids
  from pg_catalog.pg_stat_activity a
  where a.pid <> pg_backend_pid() and a.application_name <> 'backend-performance-probe'
    and a.backend_type in ('client backend', 'background worker', 'logical replication worker')
  union all
  select null, p.transaction::text::bigint, 'prepared', p.database::text, p.owner::text, 'prepared',
    extract(epoch from clock_timestamp() - p.prepared), age(p.transaction)
  from pg_catalog.pg_prepared_xacts p
)
select
  t.pid,
  t.prepared as prepared_xid,
  t.kind,
  t.database,
  t.role,
  t.state,
  round(t.transaction_s, 1) as transaction_s,
  t.holds_back_xids,
  count(*) over () as examined
from transactions t
order by t.transaction_s desc, t.pid
limit 50;
