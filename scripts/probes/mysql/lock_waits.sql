-- id: mysql/lock-waits
-- question: Do sessions wait for locks, and who blocks them?
-- decides:
--   - database/mysql/keep-transactions-short-and-index-what-they-lock
-- objects: sessions
-- subject: {kind: connection, column: blocking_session_id}
-- requires: [process]
-- min_version: 8
-- privilege: PROCESS, on MySQL also SELECT on performance_schema
-- cost: reads the list of sessions, of InnoDB's transactions and of lock waits
-- rules:
--   - fail: waited_s >= 10
--     because: a session has waited ten seconds or longer for a lock
--   - judge: waited_s >= 1
--     because: a session has waited a second or longer for a lock
--     ask: What is the blocking session doing, and may it be ended or its transaction shortened?
-- when_empty:
--   verdict: unknown
--   because: no other session is connected
--   remedy: run the probe while the application is under load
-- source: https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html#sysvar_innodb_lock_wait_timeout (50 s until the server gives up; 10 s and 1 s are our defaults)
-- caveats:
--   - One moment only.
--   - Who holds a metadata lock is recorded by performance_schema.metadata_locks only, which MariaDB leaves off. Here the oldest transaction that was open before the wait is the suspect.
-- flavours:
--   mysql:
--     information_schema.innodb_lock_waits: performance_schema.data_lock_waits
--     requesting_trx_id: requesting_engine_transaction_id
--     blocking_trx_id: blocking_engine_transaction_id
with /* backend-performance-probe */ blocked as (
  select w.requesting_trx_id as waiter, min(w.blocking_trx_id) as blocker
  from information_schema.innodb_lock_waits w
  group by w.requesting_trx_id
)
select
  p.id as session_id,
  p.db as schema_name,
  case
    when b.waiter is not null then 'row'
    when p.state like 'Waiting for%metadata lock' then 'metadata'
    when p.state like 'Waiting for%lock' then 'other'
    else 'none'
  end as waits_for,
  case
    when b.waiter is not null then timestampdiff(second, t.trx_wait_started, now())
    when p.state like 'Waiting for%lock' then p.time
    else 0
  end as waited_s,
  h.trx_mysql_thread_id as blocking_session_id,
  case when p.state like 'Waiting for%metadata lock' then (
    select o.trx_mysql_thread_id
    from information_schema.innodb_trx o
    where o.trx_mysql_thread_id <> p.id and o.trx_started <= now() - interval p.time second
    order by o.trx_started, o.trx_mysql_thread_id
    limit 1
  ) end as suspect_session_id,
  p.user as waiting_user,
  case when b.waiter is not null or p.state like 'Waiting for%lock' then p.info end
    as waiting_query_untrusted,
  hp.user as blocking_user,
  hp.info as blocking_query_untrusted,
  hp.command as blocking_command,
  timestampdiff(second, h.trx_started, now()) as blocking_transaction_s,
  count(*) over () as examined
from information_schema.processlist p
left join information_schema.innodb_trx t on t.trx_mysql_thread_id = p.id
left join blocked b on b.waiter = t.trx_id
left join information_schema.innodb_trx h on h.trx_id = b.blocker
left join information_schema.processlist hp on hp.id = h.trx_mysql_thread_id
where p.id <> connection_id() and p.command not in ('Daemon', 'Binlog Dump', 'Binlog Dump GTID')
  and p.user not in ('event_scheduler', 'system user')
order by waited_s desc, p.id
limit 50;
