-- id: mysql/long-transactions
-- question: Has a transaction been open so long that it holds back the purge of old row versions?
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
-- observe: [history_length]
-- rules:
--   - fail: transaction_s >= 3600
--     because: a transaction has been open for an hour or longer
--   - judge: transaction_s >= 300
--     because: a transaction has been open for five minutes or longer
--     ask: Is it a backup, report or migration that needs one snapshot, or can it be split into shorter ones?
--   - judge: is_oldest == 1 and transaction_s >= 60 and history_length >= 100000
--     because: a hundred thousand or more undo logs of old row versions wait to be purged, and this is the oldest transaction
--     ask: Does the count (trx_rseg_history_len) fall once this transaction has ended?
--   - judge: is_oldest == 1 and history_length >= 1000000
--     because: a million or more undo logs of old row versions wait to be purged
--     ask: Does a transaction here keep them, or the open read view of a backup, or do the purge threads fall behind the writes?
-- when_empty:
--   verdict: unknown
--   because: no other session is connected
--   remedy: run the probe while the application is under load
-- source: https://dev.mysql.com/doc/refman/8.4/en/innodb-purge-configuration.html (why; 1 h, 5 min, 60 s, a hundred thousand and a million are our defaults)
-- caveats:
--   - One moment only; repeat it a few times under load.
select /* backend-performance-probe */
  p.id as session_id,
  p.db as schema_name,
  p.command,
  coalesce(timestampdiff(second, t.trx_started, now()), 0) as transaction_s,
  t.trx_rows_locked as rows_locked,
  t.trx_rows_modified as rows_modified,
  (
    select m.count
    from information_schema.innodb_metrics m
    where m.name = 'trx_rseg_history_len'
  ) as history_length,
  (row_number() over (order by t.trx_started is null, t.trx_started, p.id) = 1) as is_oldest,
  count(*) over () as examined
from information_schema.processlist p
left join information_schema.innodb_trx t on t.trx_mysql_thread_id = p.id
where p.id <> connection_id() and p.command not in ('Daemon', 'Binlog Dump', 'Binlog Dump GTID')
  and p.user not in ('event_scheduler', 'system user')
order by t.trx_started is null, t.trx_started, p.id
limit 50;
