-- The role of the PostgreSQL probes. Run it as a superuser, in each database that is probed.
-- It can read statistics and settings, no table of yours. As everybody, it may also make temporary
-- tables and large objects, unless you revoke that:
--   revoke temporary on database shop from public; revoke execute on function lo_create(oid) from public;
-- Then set a password: \password performance_probe
-- and let it in from one host only, in pg_hba.conf:
--   hostssl shop performance_probe 10.0.0.5/32 scram-sha-256
create role performance_probe login nosuperuser nocreatedb nocreaterole noreplication
  connection limit 3;
grant pg_monitor to performance_probe;
alter role performance_probe set default_transaction_read_only = on;
alter role performance_probe set statement_timeout = '10s';
