-- Takes back what the two files beside it gave.
revoke pg_read_all_data from performance_probe;
revoke pg_monitor from performance_probe;
drop role performance_probe;
