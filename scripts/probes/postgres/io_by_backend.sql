-- id: postgres/io-by-backend
-- question: Which kind of process reads and writes the blocks?
-- related:
--   - database/postgresql-maintenance/check-the-settings-that-matter-and-only-those
-- objects: kinds of processes
-- subject: {kind: server, column: backend_type}
-- requires: [read_all_stats]
-- min_version: 16
-- privilege: pg_monitor
-- cost: statistics view only
-- observe: [total_writes, statistics_hours]
-- rules:
--   - unknown: total_writes < 10000
--     because: fewer than 10,000 blocks were written since the statistics began
--     remedy: run the probe again after the usual load
--   - judge: backend_type == 'client_backend' and fsyncs >= 10
--     because: sessions had to flush files themselves, which is the checkpointer's work
--     ask: Is the disk overloaded, or is the checkpointer's queue too short because shared_buffers is small?
--   - judge: backend_type == 'client_backend' and writes_pct >= 30
--     because: sessions write 30 % or more of the blocks themselves, so statements wait for the disk
--     ask: Are shared_buffers too small, or do bulk loads and index builds write these blocks?
--   - judge: backend_type == 'client_backend' and reused_pct >= 50 and reads >= 100000
--     because: half of the blocks that sessions read evict other blocks
--     ask: Which statements read large tables from end to end?
-- when_empty:
--   verdict: unknown
--   because: pg_stat_io has no row
--   remedy: run the probe again after the usual load
-- source: https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-IO-VIEW (30 and 50 % are our defaults)
-- caveats:
--   - Blocks of ordinary tables and indexes; blocks of temporary tables are left out.
--   - Times are measured only while track_io_timing is on.
with /* backend-performance-probe */ kinds as (
  select i.backend_type,
    sum(i.reads)::bigint as reads,
    sum(i.writes) filter (where i.context = 'normal')::bigint as writes,
    sum(i.fsyncs)::bigint as fsyncs,
    sum(i.evictions) filter (where i.context = 'normal')::bigint as evictions,
    round(sum(i.read_time)::numeric) as read_ms,
    min(i.stats_reset) as since
  from pg_catalog.pg_stat_io i
  where i.object = 'relation'
  group by i.backend_type
)
select
  replace(k.backend_type, ' ', '_') as backend_type,
  k.reads,
  k.writes,
  k.fsyncs,
  k.read_ms,
  round(100.0 * k.writes / nullif(sum(k.writes) over (), 0), 1) as writes_pct,
  round(100.0 * k.evictions / nullif(k.reads, 0), 1) as reused_pct,
  coalesce(sum(k.writes) over (), 0)::bigint as total_writes,
  round(extract(epoch from now() - k.since) / 3600, 1) as statistics_hours,
  count(*) over () as examined
from kinds k
order by k.reads + coalesce(k.writes, 0) desc nulls last, k.backend_type
limit 20;
