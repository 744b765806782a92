-- id: postgres/replication-slots
-- question: Does a replication slot retain WAL that nothing consumes?
-- related:
--   - database/bulk-work/send-reports-and-stale-tolerant-reads-to-a-replica
-- objects: replication slots
-- subject: {kind: server, column: slot_name}
-- requires: [primary]
-- min_version: 14
-- privilege: pg_monitor
-- cost: reads the slots, a few rows
-- rules:
--   - fail: not active and retained_mb >= 1024
--     because: nothing reads the slot, and it retains a gigabyte of WAL or more, which can grow until the disk is full
--   - judge: not active
--     because: nothing reads the slot now, and it retains all WAL from here on
--     ask: Will its consumer come back, or was it removed?
--   - judge: retained_mb >= 10240
--     because: the slot's consumer is ten gigabytes of WAL or more behind
--     ask: Is the consumer slow, or is it applying one large transaction?
-- when_empty:
--   verdict: not_applicable
--   because: the server has no replication slot
-- source: https://www.postgresql.org/docs/current/warm-standby.html#STREAMING-REPLICATION-SLOTS (1 and 10 GB are our defaults)
-- caveats:
--   - With max_slot_wal_keep_size the server gives a slot up at that size, and its reader must be built anew.
select /* backend-performance-probe */
  s.slot_name::text as slot_name,
  s.slot_type,
  s.active,
  s.wal_status,
  round(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.restart_lsn) / 1024 / 1024, 1)
    as retained_mb,
  count(*) over () as examined
from pg_catalog.pg_replication_slots s
order by s.active, s.restart_lsn nulls last, s.slot_name
limit 50;
