"""Logs of MySQL, MariaDB, Percona Server and TiDB."""
