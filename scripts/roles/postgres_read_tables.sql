-- Lets table-bloat and sequences-near-end answer. The role can read every table after this: leave it
-- out where the tables hold what the probing host must not see.
grant pg_read_all_data to performance_probe;
