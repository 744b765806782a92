-- id: mysql/read-write-ratio
-- question: Which tables are read so much more than written that a cache can pay?
-- related:
--   - caching/cache-decision/cache-only-what-is-read-much-more-often-than-written
--   - database/bulk-work/send-reports-and-stale-tolerant-reads-to-a-replica
-- objects: tables
-- subject: {kind: table, column: table_name, within: schema_name}
-- requires: [performance_schema]
-- min_version: 8
-- privilege: SELECT on performance_schema
-- cost: reads the table counters
-- observe: [rows_read, rows_written]
-- rules:
--   - unknown: rows_read < 1000
--     because: fewer than 1,000 rows were read from all tables since the server started
--     remedy: run the probe again after the usual load
--   - judge: table_rows_read >= 100000 and reads_per_write >= 4
--     because: the table is read at least four times as much as it is written
--     ask: Are the same keys asked for again and again, is stale data acceptable for some seconds, and who would invalidate it?
-- when_empty:
--   verdict: unknown
--   because: no table of this schema was used since the server started
--   remedy: run the probe again after the usual load
-- source: our defaults (4 to 1 and 100,000 rows)
-- caveats:
--   - Rows are counted, not requests; one scan of a whole table reads all its rows.
--   - A table that answers from memory in well under a millisecond may need no cache.
select /* backend-performance-probe */
  w.object_schema as schema_name,
  w.object_name as table_name,
  w.count_read as table_rows_read,
  w.count_write as table_rows_written,
  round(w.count_read / greatest(w.count_write, 1), 1) as reads_per_write,
  sum(w.count_read) over () as rows_read,
  sum(w.count_write) over () as rows_written,
  count(*) over () as examined
from performance_schema.table_io_waits_summary_by_table w
where w.object_type = 'TABLE'
  and w.object_schema not in ('mysql', 'sys', 'performance_schema', 'information_schema')
  and (database() is null or w.object_schema = database())
order by w.count_read desc, w.object_schema, w.object_name
limit 100;
