-- The user of the MySQL and MariaDB probes. The catalogue shows only tables that the user may read,
-- so it needs SELECT on the schemas that are probed: put yours in place of shop.
-- It is locked until it has a password:
--   ALTER USER performance_probe@'%' IDENTIFIED BY '…' ACCOUNT UNLOCK;
CREATE USER performance_probe@'%' ACCOUNT LOCK;
GRANT PROCESS ON *.* TO performance_probe@'%' WITH MAX_USER_CONNECTIONS 3;
GRANT SELECT ON performance_schema.* TO performance_probe@'%';
GRANT SELECT ON shop.* TO performance_probe@'%';
