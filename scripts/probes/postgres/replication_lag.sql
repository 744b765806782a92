-- id: postgres/replication-lag
-- question: Do standbys and subscribers keep up with the server?
-- related:
--   - database/bulk-work/send-reports-and-stale-tolerant-reads-to-a-replica
-- objects: receivers of WAL
-- subject: {kind: server, column: application_untrusted}
-- requires: [primary, read_all_stats]
-- min_version: 14
-- privilege: pg_monitor
-- cost: reads the list of WAL senders, a few rows
-- rules:
--   - judge: state != 'streaming'
--     because: the receiver is not streaming, because it is catching up, taking a backup or stopped
--     ask: Is a base backup or an initial copy under way?
--   - fail: sync_state == 'sync' and replay_lag_s >= 1
--     because: commits wait for a synchronous standby that is a second or more behind
--   - fail: behind_mb >= 1024
--     because: the receiver is a gigabyte of WAL or more behind
--   - judge: replay_lag_s >= 10 or behind_mb >= 100
--     because: the receiver is ten seconds or 100 MB behind, so reads there are stale
--     ask: Is the standby short of disk throughput, held up by a long query, or applying one large transaction?
-- when_empty:
--   verdict: not_applicable
--   because: no standby and no subscriber is connected
-- source: https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW (1 s, 10 s, 100 MB and 1 GB are our defaults)
-- caveats:
--   - A standby of a standby is only seen there.
--   - The lag in seconds is null when nothing was written for a while.
select /* backend-performance-probe */
  r.application_name as application_untrusted,
  r.usename::text as role,
  r.state,
  r.sync_state,
  round(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), r.replay_lsn) / 1024 / 1024, 1)
    as behind_mb,
  round(extract(epoch from r.replay_lag), 1) as replay_lag_s,
  count(*) over () as examined
from pg_catalog.pg_stat_replication r
order by 5 desc nulls last, r.pid
limit 50;
