-- id: mysql/settings
-- question: Is a setting unsafe, or still at a default made for a small machine?
-- decides:
--   - database/mysql/check-buffer-pool-redo-log-and-durability-settings
-- related:
--   - database/mysql/rank-digests-by-total-time-and-rows-examined
-- objects: settings
-- subject: {kind: setting, column: name}
-- min_version: 8
-- privilege: any
-- cost: reads the server's variables
-- rules:
--   - fail: name == 'innodb_doublewrite' and value == 'OFF'
--     because: innodb_doublewrite is off, so a crash of the machine can leave torn pages
--   - judge: name == 'innodb_flush_log_at_trx_commit' and number != 1
--     because: innodb_flush_log_at_trx_commit is not 1, so a crash loses the transactions of the last second
--     ask: May acknowledged writes of the last second be lost, as on a replica that can be rebuilt?
--   - judge: name == 'sync_binlog' and number == 0 and binary_log == 1
--     because: sync_binlog is 0, so after a crash the binary log may lack transactions and replicas may differ
--     ask: Does the storage keep its cache through a power loss, or can replicas be rebuilt?
--   - judge: name == 'innodb_buffer_pool_size' and number <= 134217728
--     because: innodb_buffer_pool_size is at its default of 128 MB or below
--     ask: How much memory does the machine have (half to three quarters of it is usual on a dedicated server)?
--   - judge: name == 'innodb_redo_log_capacity' and number <= 104857600
--     because: the redo log is at its default of 100 MB or below, so heavy writes force early page flushes
--     ask: How many minutes of peak writes fit into it?
--   - judge: name == 'innodb_log_file_size' and number <= 100663296
--     because: the redo log is at its default of 96 MB or below, so heavy writes force early page flushes
--     ask: How many minutes of peak writes fit into it?
--   - judge: name == 'slow_query_log' and value == 'OFF'
--     because: the slow query log is off
--     ask: Does another tool record slow statements with their times?
--   - judge: name == 'long_query_time' and number >= 10
--     because: long_query_time is at its default of 10 s, so only extremely slow statements are logged
--     ask: Would the log stay small enough with half a second?
--   - judge: name == 'performance_schema' and value == 'OFF'
--     because: performance_schema is off, so the most expensive statements cannot be identified
--     ask: Can the server be restarted with performance_schema=ON (a few hundred MB, a few per cent of CPU)?
--   - judge: name == 'query_cache_type' and value != 'OFF'
--     because: the query cache is on, whose single mutex all sessions compete for
--     ask: Has its gain been measured at today's concurrency?
--   - judge: name == 'max_connections' and number >= 1000
--     because: max_connections is 1,000 or more
--     ask: Can smaller pools or a proxy hold the clients, so that memory and the scheduler are not overloaded?
-- when_empty:
--   verdict: unknown
--   because: the server shows none of these settings to the role
--   remedy: check SHOW GLOBAL VARIABLES by hand
-- source: https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html, https://mariadb.com/docs/server/server-usage/storage-engines/innodb/innodb-system-variables (defaults and durability); 1,000 connections is our default
-- caveats:
--   - The machine's memory and disks cannot be seen from SQL.
--   - On MySQL with innodb_dedicated_server the sizes follow the machine.
-- flavours:
--   mariadb:
--     performance_schema.global_variables: information_schema.global_variables
select /* backend-performance-probe */
  lower(v.variable_name) as name,
  case
    when lower(v.variable_name) like '%doublewrite' and v.variable_value = '1' then 'ON'
    when lower(v.variable_name) like '%doublewrite' and v.variable_value = '0' then 'OFF'
    when lower(v.variable_name) like '%size' or lower(v.variable_name) like '%capacity'
    then concat(round(v.variable_value / 1048576), 'MB')
    else v.variable_value
  end as value,
  if(v.variable_value not regexp '[^0-9.]', v.variable_value + 0, null) as number,
  @@log_bin = 1 as binary_log,
  count(*) over () as examined
from performance_schema.global_variables v
where v.variable_name in (
  'innodb_doublewrite', 'innodb_flush_log_at_trx_commit', 'sync_binlog', 'innodb_buffer_pool_size',
  'innodb_redo_log_capacity', 'innodb_log_file_size', 'slow_query_log', 'long_query_time',
  'performance_schema', 'query_cache_type', 'max_connections'
)
  -- MySQL 8 still shows the file size, which the capacity has replaced
  and (v.variable_name <> 'innodb_log_file_size' or version() like '%mariadb%')
order by name
limit 20;
