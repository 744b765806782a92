-- id: postgres/role-settings
-- question: Does a role or a database have a setting of its own that harms its plans or its memory use?
-- objects: settings of roles and databases
-- subject: {kind: setting, column: setting}
-- min_version: 14
-- privilege: any
-- cost: catalogue only
-- rules:
--   - fail: switched_off
--     because: a planner method is switched off for every session of a role or database, probably left over from an experiment
--   - judge: setting == 'plan_cache_mode' and value == 'force_generic_plan'
--     because: every prepared statement of the role or database runs a generic plan, which ignores parameter values
--     ask: Are the values of all its statements spread so evenly that one plan fits them?
--   - judge: setting == 'work_mem' and memory_kb < 1024
--     because: work_mem is below 1 MB, so even small sorts and hashes go to disk
--     ask: Was it lowered for a role with very many sessions, and does it still have them?
--   - judge: setting == 'work_mem' and memory_kb >= 1048576
--     because: work_mem is 1 GB or more, which each sort and hash of each session may take
--     ask: How many sessions of this role run at once, and does that much memory exist?
--   - judge: setting == 'synchronous_commit' and value == 'off'
--     because: the commits of a role or database can be lost in a crash
--     ask: May its transactions be lost?
--   - judge: setting == 'statement_timeout' and value == '0'
--     because: statement_timeout is switched off for a role or database
--     ask: Does a job run under this role that may take as long as it likes?
-- when_empty:
--   verdict: pass
--   because: neither a role nor this database has its own setting for plans, memory or timeouts
-- source: https://www.postgresql.org/docs/current/sql-alterrole.html, https://www.postgresql.org/docs/current/runtime-config-query.html (1 MB and 1 GB are our defaults)
-- caveats:
--   - Sessions that were open before the setting was made do not have it.
with /* backend-performance-probe */ entries as (
  select s.setrole, s.setdatabase,
    split_part(c.entry, '=', 1) as setting,
    substr(c.entry, strpos(c.entry, '=') + 1) as value
  from pg_catalog.pg_db_role_setting s
  cross join unnest(s.setconfig) c (entry)
  where s.setdatabase in (
    0, (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
  )
), known as (
  select e.*
  from entries e
  where e.setting in (
      'plan_cache_mode', 'work_mem', 'hash_mem_multiplier', 'random_page_cost', 'seq_page_cost',
      'jit', 'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout',
      'synchronous_commit', 'effective_cache_size', 'default_statistics_target',
      'max_parallel_workers_per_gather', 'join_collapse_limit', 'from_collapse_limit'
    )
    or e.setting ~ '^enable_[a-z_]+$'
)
select
  k.setting,
  case when k.value ~ '^[A-Za-z0-9_. -]{1,40}$' then k.value else 'not shown' end as value,
  case
    when k.setting = 'work_mem' and k.value ~ '^\d{1,9}$' then k.value::bigint
    when k.setting = 'work_mem' and k.value ~* '^\d{1,9} ?(kB|MB|GB)$'
    then pg_catalog.pg_size_bytes(k.value) / 1024
  end as memory_kb,
  k.setting ~ '^enable_' and lower(k.value) in ('off', 'false', 'no', '0') as switched_off,
  r.rolname::text as role_name,
  r.oid::bigint as role_name_oid,
  d.datname::text as database_name,
  d.oid::bigint as database_name_oid,
  count(*) over () as examined
from known k
left join pg_catalog.pg_roles r on r.oid = k.setrole
left join pg_catalog.pg_database d on d.oid = k.setdatabase
where k.setting not in ('lock_timeout', 'idle_in_transaction_session_timeout')
order by k.setting ~ '^enable_' desc, k.setting, k.setrole, k.setdatabase
limit 100;
