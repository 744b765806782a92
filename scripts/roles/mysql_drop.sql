-- Takes back what mysql_create.sql gave.
DROP USER performance_probe@'%';
