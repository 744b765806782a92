-- id: postgres/cache-hit-ratio
-- question: Are most blocks found in the server's buffer cache?
-- decides:
--   - database/postgresql-maintenance/check-the-settings-that-matter-and-only-those
-- objects: databases
-- subject: {kind: setting, name: shared_buffers}
-- requires: [counts_tracked]
-- min_version: 14
-- privilege: any
-- cost: statistics views only
-- observe: [hit_pct, blocks_requested, statistics_hours]
-- rules:
--   - unknown: blocks_requested < 100000
--     because: fewer than 100,000 blocks were requested since the statistics began
--     remedy: run the probe again after the usual load
--   - fail: hit_pct < 95
--     because: more than 5 % of all requested blocks were not in the server's buffer cache
--   - judge: hit_pct < 99
--     because: between 1 and 5 % of all requested blocks were not in the server's buffer cache
--     ask: Do reports and batch jobs read these blocks, or do user requests wait for them?
-- source: https://github.com/ankane/pghero (99 %); https://github.com/crystaldba/postgres-mcp (95 %)
-- caveats:
--   - A block missing here may still come from the operating system's cache.
--   - An average since the statistics began hides the present; compare two runs.
select /* backend-performance-probe */
  s.blks_hit + s.blks_read as blocks_requested,
  s.blks_read as blocks_read,
  round(100.0 * s.blks_hit / nullif(s.blks_hit + s.blks_read, 0), 2) as hit_pct,
  current_setting('shared_buffers') as shared_buffers,
  round(extract(epoch from now() - coalesce(
    s.stats_reset, pg_catalog.pg_postmaster_start_time())) / 3600, 1) as statistics_hours
from pg_catalog.pg_stat_database s
where s.datname = current_database();
