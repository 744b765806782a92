-- id: postgres/wraparound
-- question: Does vacuum freeze old rows in time?
-- decides:
--   - database/postgresql-maintenance/watch-wraparound-age-and-sequence-ends
-- objects: databases
-- subject: {kind: server, column: database}
-- min_version: 14
-- privilege: any
-- cost: catalogue only
-- observe: [database, xid_age, multixact_age]
-- rules:
--   - fail: xid_age >= 1000000000 or multixact_age >= 1000000000
--     because: half of the transaction or multixact IDs are used up, and the server refuses writes when they run out
--   - judge: times_freeze_limit >= 1.5
--     because: the oldest row is at least 1.5 times as old as the age at which autovacuum is forced to freeze it
--     ask: Is a freezing vacuum at work, or is it held back by an old transaction, a replication slot or a prepared transaction?
-- source: https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND (the limits; 1 billion and 1.5 are our defaults)
select /* backend-performance-probe */
  d.datname::text as database,
  d.oid::bigint as database_oid,
  age(d.datfrozenxid) as xid_age,
  mxid_age(d.datminmxid) as multixact_age,
  round(greatest(
    age(d.datfrozenxid)::numeric / current_setting('autovacuum_freeze_max_age')::numeric,
    mxid_age(d.datminmxid)::numeric / current_setting('autovacuum_multixact_freeze_max_age')::numeric
  ), 2) as times_freeze_limit,
  count(*) over () as examined
from pg_catalog.pg_database d
order by greatest(age(d.datfrozenxid), mxid_age(d.datminmxid)) desc, d.oid
limit 50;
