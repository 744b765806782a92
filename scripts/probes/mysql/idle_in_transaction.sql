-- id: mysql/idle-in-transaction
-- question: Does a session sleep in an open transaction?
-- decides:
--   - database/mysql/keep-transactions-short-and-index-what-they-lock
-- related:
--   - database/connection-pooling/return-connections-before-remote-calls-and-rendering
-- objects: sessions
-- subject: {kind: connection, column: session_id}
-- requires: [process]
-- min_version: 8
-- privilege: PROCESS
-- cost: reads the list of sessions and of InnoDB's transactions
-- rules:
--   - fail: idle_in_transaction_s >= 60
--     because: a session has slept in an open transaction for a minute or longer, which holds its connection, its locks and old row versions
--   - judge: idle_in_transaction_s >= 5
--     because: a session has slept in an open transaction for five seconds or longer
--     ask: What does the application wait for between BEGIN and COMMIT, such as a remote call, a user or a forgotten commit?
-- when_empty:
--   verdict: unknown
--   because: no other session is connected
--   remedy: run the probe while the application is under load
-- source: https://mariadb.com/docs/server/server-management/variables-and-modes/server-system-variables#idle_transaction_timeout (60 s and 5 s are our defaults)
-- caveats:
--   - One moment only; repeat it a few times under load.
--   - A transaction that has not touched an InnoDB table yet is not seen.
select /* backend-performance-probe */
  p.id as session_id,
  p.db as schema_name,
  p.command,
  if(t.trx_id is not null and p.command = 'Sleep', p.time, 0) as idle_in_transaction_s,
  coalesce(timestampdiff(second, t.trx_started, now()), 0) as transaction_s,
  t.trx_rows_locked as rows_locked,
  t.trx_rows_modified as rows_modified,
  count(*) over () as examined
from information_schema.processlist p
left join information_schema.innodb_trx t on t.trx_mysql_thread_id = p.id
where p.id <> connection_id() and p.command not in ('Daemon', 'Binlog Dump', 'Binlog Dump GTID')
  and p.user not in ('event_scheduler', 'system user')
order by idle_in_transaction_s desc, p.id
limit 50;
