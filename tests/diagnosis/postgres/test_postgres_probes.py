"""Each probe on a real server: a planted problem, a clean database, and one it cannot know."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from backend_performance.diagnosis.probes import catalog

from harness.servers.engines import require_or_skip
from harness.servers.waiting import until
from tests.probe_cases import assert_answers, find

psycopg = pytest.importorskip("psycopg")

PARENT = (
    "create table parent (id int primary key); insert into parent select generate_series(1, 100)"
)
CHILD = (
    "create table child (id int primary key, parent_id int references parent, note text);"
    "insert into child select g, g % 100 + 1, 'x' from generate_series(1, 12000) g; analyze"
)
WIDE = (
    "create table wide (id int primary key, a int, b int, note text);"
    "insert into wide select g, g, g % 7, md5(g::text) from generate_series(1, 60000) g;"
    "analyze wide"
)
LARGE = (
    WIDE,
    "insert into wide select g, g, g, md5(g::text) from generate_series(60001, 250000) g",
)
NO_AUTOVACUUM = "alter table child set (autovacuum_enabled = off)"


def refused(function: str) -> str:
    """A hardened server: nobody but its owner may call this function of the catalogue."""
    return f"revoke execute on function pg_catalog.{function} from public"


def times(count: int, *statements: str) -> Callable[[Any], None]:
    """Run statements often enough to be recorded, in a session that then ends."""

    def traffic(database: Any) -> None:
        with database.session() as connection:
            for _ in range(count):
                for statement in statements:
                    connection.execute(statement)

    return traffic


#: Version 17 moved the figures of the checkpointer into a view of its own.
FORGET_CHECKPOINTS = (
    "select pg_stat_reset_shared(case when current_setting('server_version_num')::int < 170000"
    " then 'bgwriter' else 'checkpointer' end)"
)
REQUESTED_BEFORE_17 = "select checkpoints_req from pg_stat_bgwriter"
REQUESTED = "select num_requested from pg_stat_checkpointer"


def requested_checkpoints(database: Any) -> int:
    with database.session() as connection:
        old = connection.info.server_version < 170000
        (count,) = connection.execute(REQUESTED_BEFORE_17 if old else REQUESTED).fetchone()
    return int(count)


def twelve_checkpoints(database: Any) -> None:
    """The checkpointer answers a CHECKPOINT before it reports it, so one of before may count."""
    times(12, "checkpoint")(database)
    until(lambda: requested_checkpoints(database) >= 12, "the twelfth checkpoint to be reported")


def no_checkpoints(database: Any) -> None:
    """A checkpoint of an earlier test may be reported after the figures were forgotten."""

    def forgotten() -> bool:
        database.execute(FORGET_CHECKPOINTS)
        return requested_checkpoints(database) == 0

    until(forgotten, "the last checkpoint to be reported")


def spill(database: Any) -> None:
    """Sort more than fits into memory; the rest only shows that the server is in use."""
    sort = "select count(*) from (select 1 from wide order by note offset 0) s"
    times(1, "set work_mem = '64kB'", *[sort] * 8, *["select 1"] * 100)(database)


def look_ups(database: Any) -> None:
    """The pattern: a list, then one lookup for each of its rows."""
    with database.session() as connection:
        for _ in range(5):
            rows = connection.execute("select id from parent order by id limit 40").fetchall()
            for row in rows:
                connection.execute("select note from child where parent_id = %s limit 1", row)


@contextmanager
def open_transaction(database: Any) -> Iterator[None]:
    with database.session("begin", "select 1"):
        time.sleep(1.1)
        yield


@contextmanager
def other_session(database: Any) -> Iterator[None]:
    with database.session("select 1"):
        yield


def own_setting(text: str) -> Callable[[Any], None]:
    """Give the database a setting of its own; roles are shared by all databases of the server."""

    def traffic(database: Any) -> None:
        with database.session() as connection:
            (name,) = connection.execute("select current_database()").fetchone()
            connection.execute(f'alter database "{name}" set {text}')

    return traffic


@contextmanager
def busy_session(database: Any) -> Iterator[None]:
    with psycopg.connect(database.dsn("postgres"), autocommit=True) as busy:

        def work() -> None:
            with suppress(psycopg.errors.QueryCanceled):
                busy.execute("select pg_sleep(20)")

        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.3)
        yield
        busy.cancel()
        thread.join()


@contextmanager
def queue(database: Any) -> Iterator[None]:
    """One holds the lock, two wait behind one another."""
    with database.session("begin", "lock table parent") as holder:
        waiters = [psycopg.connect(database.dsn("postgres"), autocommit=True) for _ in range(2)]
        for waiter in waiters:
            waiter.pgconn.send_query(b"lock table parent; select 1")
        waiters[0].pgconn.flush(), waiters[1].pgconn.flush()
        time.sleep(1.3)
        yield
        holder.execute("rollback")
    for waiter in waiters:
        waiter.close()


@contextmanager
def prepared(database: Any) -> Iterator[None]:
    with database.session("begin", "select txid_current()", "prepare transaction 'forgotten'"):
        pass
    time.sleep(1.1)
    yield
    database.execute("rollback prepared 'forgotten'")


def failed_build(database: Any) -> None:
    with pytest.raises(psycopg.Error):
        database.execute("create unique index concurrently broken on child (parent_id)")


@dataclass(frozen=True)
class Case:
    probe: str
    verdict: str
    name: str
    setup: tuple[str, ...] = ()
    traffic: Callable[[Any], None] = lambda database: None
    during: Callable[[Any], AbstractContextManager] = lambda database: nullcontext()
    role: str = "probe"
    thresholds: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, int] = field(default_factory=dict)
    says: str = ""
    first: Mapping[str, Any] = field(default_factory=dict)


def many_sessions(database: Any) -> None:
    """Connect for one statement, again and again; a session counts when it has ended."""
    for _ in range(30):
        times(1, "select 1")(database)
    time.sleep(0.5)


TENANT = "create function tenant() returns int language sql stable as 'select 3'"
RLS = "alter table wide enable row level security; analyze wide"
FK = (PARENT, CHILD)
INDEXED = (*FK, "create index on child (parent_id)")
HUNDRED = times(100, "select 1")

CASES = (
    Case("unindexed-foreign-keys", "fail", "planted", FK,
         traffic=times(1, "insert into parent values (200)", "delete from parent where id = 200"),
         first={"table_name": "public.child", "columns": ["parent_id"], "cover": "none"}),
    Case("unindexed-foreign-keys", "judge", "never-deleted-from",
         (*FK, "insert into parent select generate_series(101, 2000)", "analyze"),
         says="nothing was deleted from the parent"),
    Case("unindexed-foreign-keys", "pass", "tiny-parent-that-never-changes", FK),
    Case("unindexed-foreign-keys", "pass", "clean", INDEXED),
    Case("unindexed-foreign-keys", "not_applicable", "none"),
    Case("unindexed-foreign-keys", "unknown", "refused",
         (*FK, "revoke select on pg_catalog.pg_constraint from public"), says="lacks a privilege"),
    Case("invalid-indexes", "fail", "planted", FK, traffic=failed_build,
         first={"index_name": "public.broken"}),
    Case("invalid-indexes", "pass", "clean", INDEXED),
    Case("invalid-indexes", "unknown", "cannot-see-builds", FK, traffic=failed_build,
         role="nobody_special", says="pg_monitor"),
    Case("duplicate-indexes", "fail", "planted",
         (*INDEXED, "create index again on child (parent_id)"),
         first={"index_name": "public.again", "kind": "duplicate"}),
    Case("duplicate-indexes", "judge", "prefix",
         (WIDE, "create index short on wide (a); create index long on wide (a, b)"),
         first={"index_name": "public.short", "covered_by": "public.long"}),
    Case("duplicate-indexes", "pass", "clean",
         (WIDE, "create index on wide (a, b)", "create index on wide (a desc, b)",
          "create index on wide (a, b) where b = 1", "create unique index on wide (a)",
          "create index on wide (note)", "create index on wide (note text_pattern_ops)",
          "create index on wide (lower(note))", "create index on wide (upper(note))")),
    Case("duplicate-indexes", "unknown", "refused",
         (*FK, "revoke select on pg_catalog.pg_index from public"), says="lacks a privilege"),
    Case("statements-by-total-time", "fail", "planted",
         traffic=times(100, "select pg_sleep(0.002)"),
         thresholds={"mean_ms >= 100": "mean_ms >= 2"}),
    Case("statements-by-total-time", "judge", "waits",
         traffic=times(100, "select pg_sleep(0.025)"), says="waits for something else",
         first={"waits": True}),
    Case("statements-by-total-time", "judge", "share",
         traffic=times(1, *["select 1"] * 100, "select pg_sleep(1.1)"), says="a quarter"),
    Case("statements-by-total-time", "pass", "clean", traffic=HUNDRED),
    Case("statements-by-total-time", "unknown", "no-privilege", traffic=HUNDRED,
         role="nobody_special", says="GRANT pg_monitor"),
    Case("statements-by-total-time", "unknown", "no-extension",
         ("drop extension pg_stat_statements",), traffic=HUNDRED, says="CREATE EXTENSION"),
    Case("statements-by-total-time", "unknown", "view-refused",
         ("revoke select on pg_stat_statements from public",), says="may not read the view"),
    Case("statements-by-total-time", "unknown", "no-load", says="run the probe again"),
    Case("n-plus-one-suspects", "judge", "planted", FK, traffic=look_ups,
         first={"calls": 200, "parent_calls": 5, "parent_rows": 200}),
    Case("n-plus-one-suspects", "pass", "clean", INDEXED,
         traffic=times(150, "select note from child where id = 7")),
    Case("n-plus-one-suspects", "pass", "the-same-count-on-an-unrelated-table",
         (*FK, "create table rates (id int primary key); insert into rates values (1)"),
         traffic=times(40, "select id from parent order by id limit 5",
                       *["select id from rates where id = 1"] * 5)),
    Case("n-plus-one-suspects", "unknown", "no-privilege", FK, traffic=look_ups,
         role="nobody_special", says="GRANT pg_monitor"),
    Case("n-plus-one-suspects", "unknown", "no-load"),
    Case("connection-budget", "fail", "planted", parameters={"pool_total": 500},
         first={"pool_total": 500, "usable": 97}),
    Case("connection-budget", "judge", "tight", parameters={"pool_total": 90}),
    Case("connection-budget", "pass", "clean", parameters={"pool_total": 40}),
    Case("connection-budget", "unknown", "no-budget", says="--pool-size"),
    Case("idle-in-transaction", "fail", "planted", during=open_transaction,
         thresholds={">= 60": ">= 1"}),
    Case("idle-in-transaction", "judge", "shorter", during=open_transaction,
         thresholds={">= 5": ">= 1"}),
    Case("idle-in-transaction", "pass", "clean", during=other_session),
    Case("idle-in-transaction", "unknown", "no-privilege", during=open_transaction,
         role="nobody_special", says="GRANT pg_monitor"),
    Case("idle-in-transaction", "unknown", "no-session", says="under load"),
    Case("dead-rows", "fail", "planted",
         (*FK, NO_AUTOVACUUM, "update child set note = 'y'"),
         first={"table_name": "public.child", "dead_rows": 12000, "autovacuum": False}),
    Case("dead-rows", "pass", "clean", (*FK, "update child set note = 'y'", "vacuum child")),
    Case("dead-rows", "unknown", "refused", (*FK, refused("pg_stat_get_dead_tuples(oid)"))),
    Case("stale-statistics", "fail", "never-analyzed", (PARENT, CHILD.replace("analyze", "")),
         first={"table_name": "public.child", "never_analyzed": True}),
    Case("stale-statistics", "fail", "changed", (*FK, "update child set note = 'y'"),
         says="half"),
    Case("stale-statistics", "judge", "some-changed",
         (*FK, "update child set note = 'y' where id <= 3000")),
    Case("stale-statistics", "judge", "partitioned-parent",
         ("create table p (id int) partition by range (id)",
          "create table p1 partition of p for values from (0) to (100000)",
          "insert into p select generate_series(1, 12000); analyze p1"),
         first={"table_name": "public.p", "partitioned": True}),
    Case("stale-statistics", "pass", "clean", FK),
    Case("stale-statistics", "unknown", "counters-lost", (*FK, "select pg_stat_reset()"),
         says="ANALYZE"),
    Case("sequential-scans", "judge", "planted", FK,
         traffic=times(60, "select count(*) from child where note = 'y'"),
         first={"table_name": "public.child"}),
    Case("sequential-scans", "pass", "clean", INDEXED,
         traffic=times(60, "select * from child where id = 3")),
    Case("sequential-scans", "unknown", "refused",
         (*FK, refused("pg_stat_get_tuples_returned(oid)"))),
    Case("statement-smells", "judge", "star", FK,
         traffic=times(100, "select * from parent where id = 1"), first={"select_star": True}),
    Case("statement-smells", "judge", "offset", FK, says="OFFSET",
         traffic=times(100, "select id from child order by id limit 10 offset 90")),
    Case("statement-smells", "judge", "function", FK, says="function",
         traffic=times(100, "select id from child where lower(note) = 'y'")),
    Case("statement-smells", "judge", "random", FK, says="random",
         traffic=times(100, "select id from parent order by random() limit 1")),
    Case("statement-smells", "judge", "large-result", FK, says="1,000 rows",
         traffic=times(100, "select id from child")),
    Case("statement-smells", "judge", "whole-table-counted", LARGE, says="whole table",
         traffic=times(100, "select count(*) from wide")),
    Case("statement-smells", "pass", "clean", FK,
         traffic=times(100, "select id, note from child where id = 4")),
    Case("statement-smells", "unknown", "no-privilege", role="nobody_special", says="GRANT"),
    Case("statement-smells", "unknown", "no-load"),
    Case("spilling-statements", "judge", "planted", (WIDE,), says="temporary files",
         traffic=spill),
    Case("spilling-statements", "fail", "heavy", (WIDE,), 
         thresholds={"calls >= 100": "calls >= 1", "call >= 100": "call >= 1"},
         traffic=spill),
    Case("spilling-statements", "pass", "clean", traffic=HUNDRED),
    Case("spilling-statements", "unknown", "no-privilege", role="nobody_special", says="GRANT"),
    Case("unused-indexes", "fail", "planted", (WIDE, "create index idle on wide (a)",
         "update wide set b = 1 where id < 9"), thresholds={"days < 7": "days < 0"},
         first={"index_name": "public.idle", "scans": 0}),
    Case("unused-indexes", "pass", "clean", (WIDE, "create index used on wide (a)"),
         thresholds={"days < 7": "days < 0"},
         traffic=times(1, "set enable_seqscan = off", "select b from wide where a = 5")),
    Case("unused-indexes", "pass", "constraint", (WIDE, "alter table wide add unique (a)"),
         thresholds={"days < 7": "days < 0"}),
    Case("unused-indexes", "unknown", "young", (WIDE, "create index idle on wide (a)"),
         says="seven days"),
    Case("unused-indexes", "judge", "young-but-its-table-is-read",
         (WIDE, "create index idle on wide (a)"),
         traffic=times(120, "select note from wide where id = 7"),
         first={"index_name": "public.idle", "statistics_days": 0}),
    Case("unused-indexes", "pass", "young-and-for-a-foreign-key",
         (WIDE, PARENT, "create index idle on wide (b)",
          "alter table wide add foreign key (b) references wide (id) not valid"),
         traffic=times(120, "select note from wide where id = 7")),
    Case("role-settings", "judge", "planted", traffic=own_setting("work_mem = '64kB'"),
         first={"setting": "work_mem", "memory_kb": 64}),
    Case("role-settings", "judge", "generic-plans",
         traffic=own_setting("plan_cache_mode = force_generic_plan"),
         first={"value": "force_generic_plan"}),
    Case("role-settings", "fail", "planner-switch", traffic=own_setting("enable_seqscan = off"),
         says="leftover"),
    Case("role-settings", "pass", "clean", traffic=own_setting("statement_timeout = '30s'")),
    Case("role-settings", "unknown", "refused",
         ("revoke select on pg_catalog.pg_db_role_setting from public",)),
    Case("table-options", "fail", "planted",
         (WIDE, "alter table wide set (autovacuum_analyze_scale_factor = 50)"),
         first={"table_name": "public.wide", "option_name": "autovacuum_analyze_scale_factor"}),
    Case("table-options", "pass", "clean",
         (WIDE, "alter table wide set (autovacuum_vacuum_scale_factor = 0.02)")),
    Case("table-options", "unknown", "refused",
         (WIDE, refused("pg_options_to_table(text[])"))),
    Case("index-walks", "fail", "planted", LARGE,
         traffic=times(100, "select id from wide where note = 'none' order by id limit 5"),
         first={"sorted_and_cut": True}),
    Case("index-walks", "judge", "unsorted", LARGE,
         traffic=times(100, "select id from wide where note = 'none'")),
    Case("index-walks", "pass", "counts", LARGE, traffic=times(100, "select count(*) from wide")),
    Case("index-walks", "unknown", "no-load"),
    Case("bypassed-indexes", "fail", "function", (WIDE, "create index by_note on wide (note)"),
         traffic=times(100, "select id from wide where upper(note) = 'X'"),
         first={"index_name": "public.by_note", "hidden_by": "function"}),
    Case("bypassed-indexes", "fail", "cast", (WIDE, "create index by_note on wide (note)"),
         traffic=times(100, "select id from wide where note::bytea = 'X'"),
         first={"hidden_by": "cast"}),
    Case("bypassed-indexes", "judge", "another-reason",
         (WIDE, "create index by_note on wide (note)"),
         traffic=times(100, "select id from wide where note like '%x%y%z%'"),
         first={"hidden_by": "unknown"}),
    Case("bypassed-indexes", "pass", "clean", (WIDE, "create index by_note on wide (note)"),
         traffic=times(100, "set enable_seqscan = off", "select id from wide where note = 'x'")),
    Case("bypassed-indexes", "unknown", "no-privilege", role="nobody_special",
         says="GRANT pg_monitor"),
    Case("replication-lag", "not_applicable", "none"),
    Case("replication-lag", "unknown", "no-privilege", role="nobody_special", says="GRANT"),
    Case("standby-lag", "not_applicable", "primary"),
    Case("connection-churn", "judge", "planted", traffic=many_sessions,
         thresholds={"sessions < 200": "sessions < 20"}),
    Case("connection-churn", "pass", "clean", traffic=HUNDRED,
         thresholds={"sessions < 200": "sessions < 0"}),
    Case("connection-churn", "unknown", "idle", says="usual load"),
    Case("hot-updates", "judge", "planted",
         (WIDE, "create index on wide (a)"), traffic=times(1, "update wide set a = a + 1"),
         first={"table_name": "public.wide"}),
    Case("hot-updates", "pass", "clean",
         (WIDE.replace("note text)", "note text) with (fillfactor = 40)"),
          "create index on wide (a)"), traffic=times(1, "update wide set b = b + 1")),
    Case("hot-updates", "not_applicable", "none"),
    Case("hot-updates", "unknown", "refused",
         (WIDE, refused("pg_stat_get_tuples_hot_updated(oid)"))),
    Case("row-policies", "judge", "planted",
         (WIDE, TENANT, "create policy own on wide using (a = tenant())", RLS),
         first={"table_name": "public.wide", "bare_calls": 1}),
    Case("row-policies", "pass", "once-per-statement",
         (WIDE, TENANT, "create policy own on wide using (a = (select tenant()))", RLS)),
    Case("row-policies", "not_applicable", "none"),
    Case("row-policies", "unknown", "refused",
         ("revoke select on pg_catalog.pg_policy from public",)),
    Case("replication-slots", "not_applicable", "none"),
    Case("replication-slots", "unknown", "refused",
         ("revoke select on pg_catalog.pg_replication_slots from public",)),
    Case("waits-now", "judge", "planted", FK, during=queue,
         first={"kind": "Lock", "wait": "relation", "looks": 8, "seen_in": 8, "role": "postgres",
                "sessions_mean": 2.0}),
    Case("waits-now", "pass", "clean", during=busy_session),
    Case("waits-now", "unknown", "no-session"),
    Case("cache-hit-ratio", "fail", "planted", (WIDE,), says="not in the server's buffer cache",
         thresholds={"requested < 100000": "requested < 10", "hit_pct < 95": "hit_pct <= 100"}),
    Case("cache-hit-ratio", "pass", "clean", (WIDE,),
         traffic=times(250, "select count(*) from wide")),
    Case("cache-hit-ratio", "unknown", "idle", says="usual load"),
    Case("autovacuum-disabled", "fail", "planted", (*FK, NO_AUTOVACUUM),
         first={"table_name": "public.child", "enabled": False}),
    Case("autovacuum-disabled", "judge", "small",
         ("create table small (id int) with (autovacuum_enabled = no)",)),
    Case("autovacuum-disabled", "pass", "clean", FK),
    Case("autovacuum-disabled", "unknown", "refused",
         (*FK, refused("pg_stat_get_live_tuples(oid)"))),
    Case("long-transactions", "fail", "planted", during=open_transaction,
         thresholds={">= 3600": ">= 1"}, first={"kind": "client", "state": "idle_in_transaction"}),
    Case("long-transactions", "judge", "shorter", during=open_transaction,
         thresholds={">= 300": ">= 1"}),
    Case("long-transactions", "fail", "prepared", during=prepared, thresholds={">= 3600": ">= 1"},
         first={"kind": "prepared"}),
    Case("long-transactions", "pass", "clean", during=other_session),
    Case("long-transactions", "unknown", "no-privilege", during=open_transaction,
         role="nobody_special", says="GRANT pg_monitor"),
    Case("lock-waits", "judge", "planted", FK, during=queue,
         first={"table_name": "public.parent", "head_state": "idle_in_transaction"}),
    Case("lock-waits", "fail", "longer", FK, during=queue, thresholds={">= 10": ">= 1"}),
    Case("lock-waits", "pass", "clean", during=other_session),
    Case("lock-waits", "unknown", "no-privilege", during=other_session, role="nobody_special",
         says="GRANT pg_monitor"),
    Case("lock-waits", "unknown", "no-session"),
    Case("wraparound", "fail", "planted", thresholds={"xid_age >= 1000000000": "xid_age >= 1"}),
    Case("wraparound", "pass", "clean"),
    Case("wraparound", "unknown", "refused", (refused("mxid_age(xid)"),)),
    Case("temporary-files", "fail", "planted", (WIDE,), 
         thresholds={"hours < 1": "hours < 0", "day >= 100": "day > 0"},
         traffic=spill),
    Case("temporary-files", "pass", "clean"),
    Case("temporary-files", "unknown", "young", (WIDE,), says="younger than an hour",
         traffic=spill),
    Case("checkpoints", "unknown", "few", (FORGET_CHECKPOINTS,)),
    Case("checkpoints", "fail", "planted", (FORGET_CHECKPOINTS,), traffic=twelve_checkpoints),
    Case("checkpoints", "pass", "clean", traffic=no_checkpoints,
         thresholds={"checkpoints < 10": "checkpoints < 0"}),
    Case("settings", "fail", "planted", says="fsync"),
    Case("settings", "judge", "no-timeout", ("select 1",), says="timeout",
         thresholds={"value == 'off'": "value == 'none'"}),
    Case("settings", "unknown", "refused",
         ("revoke select on pg_catalog.pg_settings from public",)),
    Case("sequences-near-end", "fail", "planted",
         ("create table t (id smallserial)", "select setval('t_id_seq', 32000)"), role="reader",
         first={"sequence_name": "public.t_id_seq", "column_name": "id", "last_possible": 32767}),
    Case("sequences-near-end", "fail", "integer",
         ("create table t (id serial)", "select setval('t_id_seq', 2000000000)"), role="reader"),
    Case("sequences-near-end", "judge", "later",
         ("create sequence s maxvalue 1000", "select setval('s', 750)"), role="reader"),
    Case("sequences-near-end", "pass", "clean",
         ("create table t (id bigserial)", "insert into t default values",
          "create sequence c maxvalue 10 cycle", "select setval('c', 9)", "create sequence new"),
         role="reader"),
    Case("sequences-near-end", "unknown", "no-privilege",
         ("create table t (id smallserial)", "select setval('t_id_seq', 32000)"), says="GRANT"),
    Case("sequences-near-end", "not_applicable", "none"),
    Case("statistics-tracking", "fail", "planted", ("drop extension pg_stat_statements",)),
    Case("statistics-tracking", "judge", "switched-off", says="track_io_timing"),
    Case("statistics-tracking", "unknown", "refused",
         (refused("pg_available_extensions()"),)),
    Case("table-bloat", "fail", "planted",
         (*LARGE, "delete from wide where id % 5 <> 0", "vacuum (analyze) wide"), role="reader",
         thresholds={"wasted_mb >= 100": "wasted_mb >= 10"}, first={"table_name": "public.wide"}),
    Case("table-bloat", "pass", "clean",
         (*LARGE, "vacuum (analyze) wide"), role="reader"),
    Case("table-bloat", "unknown", "no-privilege",
         (*LARGE, "vacuum (analyze) wide"), says="pg_read_all_data"),
    Case("table-bloat", "unknown", "never-analyzed", (WIDE.replace("analyze wide", ""),),
         role="reader", says="ANALYZE"),
    Case("read-write-ratio", "judge", "planted", FK,
         traffic=times(20, "select count(*) from child"), first={"table_name": "public.child"}),
    Case("read-write-ratio", "pass", "clean", FK, traffic=times(1, "select count(*) from child")),
    Case("read-write-ratio", "unknown", "idle", ("create table t (id int)",)),
)  # fmt: skip


def needs_statements(case: Any) -> bool:
    """Whether the case is about what the extension records, or about the extension itself."""
    return (
        case.probe == "statistics-tracking"
        or "pg_stat_statements" in " ".join(case.setup)
        or "pg_stat_statements_readable" in find("postgres", case.probe).requires
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.probe}-{case.name}")
def test_a_probe_finds_passes_and_admits(new_database, case):
    if needs_statements(case):
        require_or_skip("pg_stat_statements")
    database = new_database(*case.setup)
    case.traffic(database)
    with case.during(database):
        evidence = database.ask(
            case.probe, case.role, dict(case.thresholds), parameters=case.parameters
        )
    assert_answers(case, evidence)


def test_every_probe_has_a_planted_a_clean_and_an_unknown_case():
    verdicts: dict[str, set[str]] = {}
    for case in CASES:
        verdicts.setdefault(case.probe, set()).add(case.verdict)
    # what needs other settings of the server is clean in the test of the well-kept server
    for name in ("settings", "statistics-tracking"):
        verdicts[name].add("pass")
    # and what needs a server with standbys has a test of its own
    verdicts["replication-slots"] |= {"judge", "pass"}
    verdicts["replication-lag"] |= {"judge", "pass"}
    verdicts["standby-lag"] |= {"fail", "pass", "unknown"}
    # this one is for newer servers, and has a test of its own too
    verdicts["io-by-backend"] = {"judge", "pass", "unknown"}
    for probe in catalog.load("postgres"):
        found = verdicts[probe.id.partition("/")[2]]
        assert {"pass", "unknown"} <= found and found & {"fail", "judge"}, probe.id
