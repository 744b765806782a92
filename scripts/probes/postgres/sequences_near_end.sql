-- id: postgres/sequences-near-end
-- question: Is a sequence near the end of its range or of its column's type?
-- decides:
--   - database/postgresql-maintenance/watch-wraparound-age-and-sequence-ends
-- objects: sequences
-- subject: {kind: table, column: table_name}
-- min_version: 14
-- privilege: SELECT or USAGE on the sequences; pg_monitor alone sees none
-- cost: reads each sequence; takes a lock that only ALTER and DROP SEQUENCE conflict with
-- rules:
--   - pass: cycles
--     because: the sequence cycles at its end
--   - unknown: not readable
--     because: the role may not read the sequence's value
--     remedy: GRANT SELECT ON ALL SEQUENCES IN SCHEMA … TO the probing role, or GRANT pg_read_all_data
--   - fail: used_pct >= 90
--     because: 90 % or more of the numbers are used, and at the end every insert fails
--   - judge: used_pct >= 70
--     because: 70 % or more of the numbers are used
--     ask: At today's rate, how many months are left, and how long would changing the column to bigint take?
-- when_empty:
--   verdict: not_applicable
--   because: the database has no sequence
-- source: https://github.com/ankane/pghero (90 %; 70 % is our default)
-- caveats:
--   - A column of another table that stores these numbers in a smaller type ends earlier.
with /* backend-performance-probe */ numbers as (
  select s.seqrelid, s.seqcycle, s.seqmax, s.seqmin, s.seqincrement, s.seqstart,
    t.oid as table_oid, a.attname,
    case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 end
      as type_max,
    has_sequence_privilege(s.seqrelid, 'select') or has_sequence_privilege(s.seqrelid, 'usage')
      as readable
  from pg_catalog.pg_sequence s
  left join pg_catalog.pg_depend d on d.objid = s.seqrelid and d.classid = 'pg_class'::regclass
    and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
  left join pg_catalog.pg_class t on t.oid = d.refobjid
  left join pg_catalog.pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
), positions as (
  select n.*,
    case when n.readable then coalesce(pg_sequence_last_value(n.seqrelid), n.seqstart) end as last_value,
    case when n.seqincrement > 0 then least(n.seqmax, n.type_max) else n.seqmin end as last_possible
  from numbers n
)
select
  p.seqrelid::regclass::text as sequence_name,
  p.seqrelid::bigint as sequence_name_oid,
  p.table_oid::regclass::text as table_name,
  p.table_oid::bigint as table_name_oid,
  p.attname::text as column_name,
  p.last_value,
  p.last_possible,
  round(100.0 * (p.last_value::numeric - p.seqstart) / nullif(p.last_possible::numeric - p.seqstart, 0), 1)
    as used_pct,
  p.seqcycle as cycles,
  p.readable,
  count(*) over () as examined
from positions p
order by used_pct desc nulls first, p.seqrelid
limit 100;
