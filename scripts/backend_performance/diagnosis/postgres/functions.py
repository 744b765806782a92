"""What a statement would run: its functions, judged by what the catalogue says they are.

Planning is execution: the planner calls IMMUTABLE functions, and STABLE ones for its estimates. A
function in SQL or PL/pgSQL may be declared so and still do anything, such as write over dblink.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..guards.reading_only import names
from ..trouble import CannotRun, NoAnswer

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
#: These read a table or run a query that is given as text, so that nobody sees what they reach.
_RUNS_TEXT = "_to_xml"
_FOREIGN = "foreign table"
_OPERATOR = re.compile(r"[-+*/<>=~!@#%^&|`?]+")
#: Called by IN, BETWEEN, LIKE, USING, ORDER BY and others of SQL's own words.
_IMPLIED = "= <> < > <= >= ~~ !~~ ~~* !~~* ~ !~"
_MOST_NAMES = 2_000
_MOST_FOUND = 1_000
#: Of the answer to the question below.
_COLUMNS = {"name", "built_in", "vetted", "language", "is_volatile"}
#: Objects below 16384 come with the server. The server does not note what depends on those, so
#: what a view or a check calls of them is read from its stored expression.
_QUERY = """
with recursive /* backend-performance-probe */ bound as ( -- what comes along with an object
  select 'pg_class'::regclass as of_class, ev_class as of_oid, 'pg_rewrite'::regclass as classid,
    oid as objid
  from pg_rewrite where ev_type = '1'
  union all select 'pg_class'::regclass, polrelid, 'pg_policy'::regclass, oid from pg_policy
  union all select 'pg_class'::regclass, indrelid, 'pg_class'::regclass, indexrelid from pg_index
  union all select 'pg_class'::regclass, inhparent, 'pg_class'::regclass, inhrelid from pg_inherits
  union all select 'pg_class'::regclass, stxrelid, 'pg_statistic_ext'::regclass, oid
  from pg_statistic_ext
  union all select 'pg_class'::regclass, conrelid, 'pg_constraint'::regclass, oid
  from pg_constraint where contype = 'c'
  union all select 'pg_type'::regclass, contypid, 'pg_constraint'::regclass, oid
  from pg_constraint where contypid <> 0
  union all select 'pg_class'::regclass, adrelid, 'pg_attrdef'::regclass, d.oid
  from pg_attrdef d join pg_attribute a on attrelid = adrelid and attnum = adnum
  where attgenerated <> ''
  -- operators and casts are called without being named
  union all select refclassid, refobjid, classid, objid
  from pg_depend
  where refclassid = 'pg_type'::regclass
    and classid in ('pg_operator'::regclass, 'pg_cast'::regclass)
  union all select classid, objid, refclassid, refobjid from pg_depend where deptype <> 'e'
), reached as (
  select 'pg_class'::regclass as classid, oid as objid from pg_class where relname = any ({names})
  union
  select 'pg_type'::regclass, oid from pg_type where typname = any ({names})
  union
  select 'pg_proc'::regclass, oid from pg_proc where proname = any ({names})
  union
  select 'pg_operator'::regclass, oid
  from pg_operator
  where oid >= 16384 and oprleft < 16384 and oprright < 16384 and strpos({operators}, oprname) > 0
  union
  select 'pg_cast'::regclass, oid
  from pg_cast where oid >= 16384 and castsource < 16384 and casttarget < 16384
  union
  select b.classid, b.objid
  from reached r join bound b on b.of_class = r.classid and b.of_oid = r.objid
), expressions as (
  select w.ev_action::text as stored
  from pg_rewrite w join reached on classid = 'pg_rewrite'::regclass and objid = w.oid
  union all
  select y.polqual::text
  from pg_policy y join reached on classid = 'pg_policy'::regclass and objid = y.oid
  union all
  select k.conbin::text
  from pg_constraint k join reached on classid = 'pg_constraint'::regclass and objid = k.oid
), called as (
  select objid from reached where classid = 'pg_proc'::regclass
  union
  select found[1]::oid
  from expressions, regexp_matches(stored, ':(?:funcid|winfnoid|aggfnoid) (\\d+)', 'g') found
)
select p.proname::text as name, p.oid < 16384 as built_in, p.provolatile = 'v' as is_volatile,
  l.lanname::text as language,
  exists (
    select from pg_depend e
    where e.classid = 'pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e'
  ) as vetted
from called c join pg_proc p on p.oid = c.objid join pg_language l on l.oid = p.prolang
where p.provolatile = 'v' or p.oid >= 16384 or p.proname like '%{runs_text}%'
union all
select relname::text, false, true, '{foreign}', false
from pg_class join reached on classid = 'pg_class'::regclass and objid = oid
where relkind = 'f'
limit {limit}
"""


def query(sql: str) -> str:
    """Return the statement that asks the catalogue about what ``sql`` would run.

    It is meant for a session whose search path is pg_catalog.

    Raises:
        CannotRun: the statement has too many names to ask about.
    """
    found = sorted(names(sql))
    if len(found) > _MOST_NAMES:
        raise CannotRun(
            "no plan: refused before it was sent, because it has more than "
            f"{_MOST_NAMES} different names"
        )
    # A run of such characters may hold several operators, and the beginning of a comment.
    operators = " ".join([_IMPLIED, *sorted(set(_OPERATOR.findall(sql)))])
    return _QUERY.format(
        names=f"array[{', '.join(map(_quoted, found))}]::text[]",
        operators=_quoted(operators),
        runs_text=_RUNS_TEXT,
        foreign=_FOREIGN,
        limit=_MOST_FOUND + 1,
    ).strip()


def objection(rows: Sequence[Mapping[str, Any]], *, analyze: bool, trusted: bool) -> str | None:
    """Return why the statement is not planned or run, or None.

    Args:
        rows: The answer to ``query``.
        analyze: Whether the statement would be run, not only planned.
        trusted: Whether functions of the application may be called.

    Raises:
        NoAnswer: the answer has another form.
    """
    if any(not row.keys() >= _COLUMNS for row in rows):
        raise NoAnswer("the answer has another form than expected")
    if len(rows) > _MOST_FOUND:
        return f"it may call more than {_MOST_FOUND} functions that need a look"
    for row in rows:
        judged = _built_in if row["built_in"] else _of_the_application
        if reason := judged(row, analyze, trusted):
            return reason
    return None


def _built_in(row: Mapping[str, Any], analyze: bool, trusted: bool) -> str | None:
    name = str(row["name"])
    if _RUNS_TEXT in name:
        return f"it calls {name}, which runs what a text names"
    if analyze and row["is_volatile"] and name not in _ONLY_READ:
        return f"it calls {name}, which the server declares VOLATILE"
    return None


def _of_the_application(row: Mapping[str, Any], analyze: bool, trusted: bool) -> str | None:
    name, language = str(row["name"]), row["language"]
    way_on = "use a replica, or allow it with --allow-functions"
    if language == _FOREIGN:
        if analyze:
            return f"it may read {name}, a foreign table: what runs on the other side is not known"
        return None if trusted else f"it may read {name}, a foreign table; {way_on}"
    if analyze and row["is_volatile"]:
        return f"it may call {name}, which is declared VOLATILE: it can write"
    if trusted or row["vetted"] or language in ("internal", "c"):
        return None
    return (
        f"it may call {name}, a function in {language}, and planning runs what is declared "
        f"IMMUTABLE or STABLE; {way_on}"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
