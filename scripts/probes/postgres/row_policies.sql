-- id: postgres/row-policies
-- question: Does a row-level policy call a function for every row it checks?
-- related:
--   - database/query-performance/keep-functions-and-casts-off-indexed-columns
-- objects: policies
-- subject: {kind: table, column: table_name}
-- min_version: 14
-- privilege: any
-- cost: catalogue only, no lock that waits
-- rules:
--   - pass: row_count < 10000
--     because: the table has fewer than 10,000 rows
--   - pass: bare_calls == 0
--     because: the policy calls no application function, or only within a sub-select
--   - judge: bare_calls > 0
--     because: the policy calls an application function outside a sub-select, so the function runs for each row read
--     ask: Can the policy use (select FUNCTION()), which runs once per statement, and does an index serve the comparison?
-- when_empty:
--   verdict: not_applicable
--   because: no table has a row-level policy
-- source: https://www.postgresql.org/docs/current/ddl-rowsecurity.html (10,000 rows is our default)
-- caveats:
--   - Superusers, owners and roles with BYPASSRLS are not checked at all.
--   - The parsed form of the policy is searched for calls; what the function does is not known.
select /* backend-performance-probe */
  p.polrelid::regclass::text as table_name,
  p.polrelid::bigint as table_name_oid,
  p.polname::text as policy_name,
  greatest(c.reltuples, 0)::bigint as row_count,
  case when p.polqual::text like '%{SUBLINK%' then 0 else (
    select count(*)
    from regexp_matches(p.polqual::text, '\{FUNCEXPR :funcid (\d+)', 'g') f (found)
    where f.found[1]::bigint >= 16384 -- what the application has created
  ) end as bare_calls,
  (
    select string_agg(distinct q.proname::text, ', ')
    from regexp_matches(p.polqual::text, '\{FUNCEXPR :funcid (\d+)', 'g') f (found)
    join pg_catalog.pg_proc q on q.oid = f.found[1]::oid
    where f.found[1]::bigint >= 16384
  ) as function_names_untrusted,
  count(*) over () as examined
from pg_catalog.pg_policy p
join pg_catalog.pg_class c on c.oid = p.polrelid
where c.relrowsecurity
order by c.reltuples desc, 1, 3
limit 100;
