-- id: mysql/capabilities
-- question: What can this role see on this server, and since when have counters been kept?
-- subject: {kind: server}
-- min_version: 8
-- privilege: any
-- cost: server variables and status counters, a few milliseconds
-- source: https://mariadb.com/docs/server/reference/sql-statements/account-management-sql-statements/grant, https://dev.mysql.com/doc/refman/8.4/en/performance-schema-table-privileges.html
-- caveats:
--   - Privileges that come through a role count only while the role is active.
-- capabilities:
--   performance_schema:
--     missing: performance_schema is off (the default of MariaDB), so no statement and no use of an index is recorded
--     remedy: set performance_schema=ON in the server's configuration and restart it, then let the usual load run
--   process:
--     missing: the role may not see the sessions and transactions of other roles
--     remedy: GRANT PROCESS ON *.* TO the probing role
--   schemas_visible:
--     missing: the role may not see the tables of any application schema
--     remedy: GRANT SELECT ON the application's schema to the probing role (the catalogue shows only tables the role may use), or name another schema in the address
-- flavours:
--   mariadb:
--     performance_schema.global_status: information_schema.global_status
select /* backend-performance-probe */
  version() as version,
  @@version_comment as distribution,
  database() as current_schema_name,
  substring_index(current_user(), '@', 1) as role_name,
  @@performance_schema as performance_schema,
  exists (
    select 1
    from information_schema.tables t
    where t.table_type = 'BASE TABLE'
      and t.table_schema not in ('mysql', 'sys', 'performance_schema', 'information_schema')
      and (database() is null or t.table_schema = database())
  ) as schemas_visible,
  @@global.read_only as read_only_server,
  (
    select cast(g.variable_value as unsigned)
    from performance_schema.global_status g
    where g.variable_name = 'Uptime'
  ) as uptime_s;
