-- id: postgres/checkpoints
-- question: Are checkpoints triggered by the timer rather than by the volume of WAL?
-- decides:
--   - database/postgresql-maintenance/check-the-settings-that-matter-and-only-those
-- objects: servers
-- subject: {kind: setting, name: max_wal_size}
-- min_version: 14
-- requires: [primary]
-- privilege: any
-- cost: statistics views only
-- observe: [timed, requested, requested_pct, max_wal_size_mb]
-- rules:
--   - unknown: checkpoints < 10
--     because: fewer than 10 checkpoints are recorded
--     remedy: run the probe again once the server has been under load for an hour or longer
--   - fail: requested_pct >= 50
--     because: half or more of all checkpoints were requested, mostly because max_wal_size was reached, so pages are written repeatedly
--   - judge: requested_pct >= 20
--     because: a fifth or more of all checkpoints were requested
--     ask: Do they come from write peaks that a larger max_wal_size would absorb, or from backups and manual CHECKPOINTs?
-- source: https://www.postgresql.org/docs/current/wal-configuration.html (why); 50 % is the alert of github.com/prometheus-community/postgres_exporter, 20 % our default
-- caveats:
--   - Base backups, CREATE DATABASE and a person's CHECKPOINT count as requested too.
-- versions:
--   17:
--     pg_stat_bgwriter: pg_stat_checkpointer
--     checkpoints_timed: num_timed
--     checkpoints_req: num_requested
select /* backend-performance-probe */
  b.checkpoints_timed + b.checkpoints_req as checkpoints,
  b.checkpoints_timed as timed,
  b.checkpoints_req as requested,
  round(100.0 * b.checkpoints_req / greatest(b.checkpoints_timed + b.checkpoints_req, 1), 1)
    as requested_pct,
  (select s.setting::bigint from pg_catalog.pg_settings s where s.name = 'max_wal_size')
    as max_wal_size_mb,
  current_setting('checkpoint_timeout') as checkpoint_timeout,
  round(extract(epoch from now() - b.stats_reset) / 3600, 1) as statistics_hours
from pg_catalog.pg_stat_bgwriter b;
