-- id: postgres/standby-lag
-- question: How far behind its primary is this standby?
-- related:
--   - database/bulk-work/send-reports-and-stale-tolerant-reads-to-a-replica
-- objects: servers
-- subject: {kind: server}
-- min_version: 14
-- privilege: pg_monitor
-- cost: calls three functions
-- observe: [received_not_replayed_mb, last_commit_age_s, replay_paused]
-- rules:
--   - not_applicable: not in_recovery
--     because: the server is not a standby
--   - fail: replay_paused
--     because: replay is paused, so the standby falls further behind with each write
--   - unknown: receiver_status is None and last_commit_age_s is None
--     because: the standby neither streams nor has replayed a commit
--     remedy: read pg_stat_replication on its primary
--   - judge: receiver_status is None
--     because: the standby does not stream from a primary
--     ask: Does it restore from an archive, or has it lost its primary?
--   - judge: received_not_replayed_mb >= 100
--     because: 100 MB or more of WAL have been received but not yet replayed
--     ask: Does a long query on this standby hold up replay, or is its disk the limit?
-- source: https://www.postgresql.org/docs/current/hot-standby.html (100 MB is our default)
-- caveats:
--   - The age of the last commit grows while nothing is written; it is no lag by itself.
with /* backend-performance-probe */ receiver as (
  select w.status from pg_catalog.pg_stat_wal_receiver w limit 1
)
select
  pg_catalog.pg_is_in_recovery() as in_recovery,
  (select r.status from receiver r) as receiver_status,
  case when pg_catalog.pg_is_in_recovery() then pg_catalog.pg_is_wal_replay_paused() end
    as replay_paused,
  round(
    pg_catalog.pg_wal_lsn_diff(
      pg_catalog.pg_last_wal_receive_lsn(), pg_catalog.pg_last_wal_replay_lsn()
    ) / 1024 / 1024, 1
  ) as received_not_replayed_mb,
  round(
    extract(epoch from clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp()), 1
  ) as last_commit_age_s;
