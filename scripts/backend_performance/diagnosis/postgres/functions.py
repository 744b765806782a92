"""What a statement would run: its functions, judged by what the catalogue says they are.

Planning is execution: the planner calls IMMUTABLE functions, and STABLE ones for its estimates. A
function in SQL or PL/pgSQL may be declared so and still do anything, such as write over dblink.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..guards.reading_only import names
from ..trouble import NoAnswer

#: Volatile functions of the server that only read.
_ONLY_READ = frozenset(
    re.findall(
        r"\w+",
        """
        random random_normal gen_random_uuid uuidv4 uuidv7 clock_timestamp timeofday currval lastval
        pg_relation_size pg_table_size pg_indexes_size pg_total_relation_size pg_database_size
        pg_tablespace_size pg_column_size row_security_active pg_is_in_recovery
        """,
    )
)
_OPERATOR = re.compile(r"[-+*/<>=~!@#%^&|`?]+")
_MOST_NAMES = 2_000
#: Of the answer to the question below.
_COLUMNS = {"schema_name", "function_name", "language", "is_volatile"}
_QUERY = """
with recursive /* backend-performance-probe */ views as (
  select c.oid from pg_catalog.pg_class c where c.relname = any ({names}) and c.relkind = 'v'
  union
  select u.oid
  from views v
  join pg_catalog.pg_rewrite r on r.ev_class = v.oid
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
    and d.refclassid = 'pg_catalog.pg_class'::regclass
  join pg_catalog.pg_class u on u.oid = d.refobjid and u.relkind = 'v'
), used as ( -- what views and row-level security bring along
  select d.refclassid, d.refobjid
  from views v
  join pg_catalog.pg_rewrite r on r.ev_class = v.oid
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
  union
  select d.refclassid, d.refobjid
  from pg_catalog.pg_policy y
  join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_policy'::regclass and d.objid = y.oid
), called as (
  select p.oid from pg_catalog.pg_proc p where p.proname = any ({names})
  union
  select refobjid from used where refclassid = 'pg_catalog.pg_proc'::regclass
  union
  select o.oprcode
  from pg_catalog.pg_operator o
  where o.oprname = any ({operators})
    or o.oid in (select refobjid from used where refclassid = 'pg_catalog.pg_operator'::regclass)
)
select n.nspname as schema_name, p.proname as function_name, l.lanname as language,
  p.provolatile = 'v' as is_volatile
from called c
join pg_catalog.pg_proc p on p.oid = c.oid
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join pg_catalog.pg_language l on l.oid = p.prolang
where p.provolatile = 'v' or n.nspname <> 'pg_catalog'
order by 1, 2
limit 1000
"""


def query(sql: str) -> str:
    """Return the statement that asks the catalogue about what ``sql`` would run."""
    found = sorted(names(sql))[:_MOST_NAMES]
    operators = sorted(set(_OPERATOR.findall(sql)))[:_MOST_NAMES]
    return _QUERY.format(names=_array(found), operators=_array(operators)).strip()


def objection(rows: Sequence[Mapping[str, Any]], *, analyze: bool, trusted: bool) -> str | None:
    """Return why the statement is not planned or run, or None.

    Args:
        rows: The answer to ``query``.
        analyze: Whether the statement would be run, not only planned.
        trusted: Whether functions of the application may be called.

    Raises:
        NoAnswer: the answer has another form.
    """
    for row in rows:
        if not row.keys() >= _COLUMNS:
            raise NoAnswer("the answer has another form than expected")
        name, own = str(row["function_name"]), row["schema_name"] == "pg_catalog"
        if own and analyze and row["is_volatile"] and name not in _ONLY_READ:
            return f"it calls {name}, which the server declares VOLATILE"
        if own:
            continue
        if analyze and row["is_volatile"]:
            return f"it may call {name}, which is declared VOLATILE: it can write"
        if not trusted and row["language"] not in ("internal", "c"):
            return (
                f"it may call {name}, a function in {row['language']}, and planning runs what is "
                "declared IMMUTABLE or STABLE; use a replica, or allow it with --allow-functions"
            )
    return None


def _array(texts: Sequence[str]) -> str:
    quoted = ("'" + text.replace("'", "''") + "'" for text in texts)
    return f"array[{', '.join(quoted)}]::text[]"
