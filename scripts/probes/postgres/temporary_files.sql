-- id: postgres/temporary-files
-- question: How much do sorts and hashes write to temporary files?
-- decides:
--   - database/postgresql-maintenance/check-the-settings-that-matter-and-only-those
-- objects: databases
-- subject: {kind: setting, name: work_mem}
-- min_version: 14
-- privilege: any
-- cost: statistics views only
-- observe: [temp_files, temp_mb, temp_gb_per_day, statistics_hours]
-- rules:
--   - pass: temp_files == 0
--     because: no temporary file was written
--   - unknown: statistics_hours < 1
--     because: the statistics are younger than an hour
--     remedy: run the probe again later
--   - fail: temp_gb_per_day >= 100
--     because: 100 GiB or more a day go to temporary files
--   - judge: temp_gb_per_day >= 1
--     because: 1 GiB or more a day goes to temporary files
--     ask: Which statements write them (see spilling-statements), and do users wait for them?
-- source: https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-DATABASE-VIEW (1 and 100 GiB are our defaults)
select /* backend-performance-probe */
  s.temp_files,
  round(s.temp_bytes / 1048576.0, 1) as temp_mb,
  round(s.temp_bytes / 1073741824.0 / greatest(a.age_s / 86400, 0.0001), 2) as temp_gb_per_day,
  round(a.age_s / 3600, 1) as statistics_hours
from pg_catalog.pg_stat_database s
cross join lateral (
  select extract(epoch from now() - coalesce(
    s.stats_reset, pg_catalog.pg_postmaster_start_time())) as age_s
) a
where s.datname = current_database();
