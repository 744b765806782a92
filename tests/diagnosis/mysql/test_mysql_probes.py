"""Each probe on real servers: a planted problem, a clean schema, and one it cannot know."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress

import pytest
from backend_performance.diagnosis.probes import catalog

from tests.diagnosis.mysql.mysql_servers import Database, make_database, pymysql
from tests.probe_cases import Case, assert_answers

DIGITS = "(select 0 d union select 1 union select 2 union select 3 union select 4 union select 5" \
    " union select 6 union select 7 union select 8 union select 9)"  # fmt: skip


def numbers(digits: int) -> str:
    """Rows with the numbers below a power of ten, in a column n."""
    names = "abcdefgh"[:digits]
    total = " + ".join(f"{name}.d * {10**place}" for place, name in enumerate(names))
    tables = ", ".join(f"{DIGITS} {name}" for name in names)
    return f"(select {total} as n from {tables}) numbers"


COUNTER = "create table counter (n int); insert into counter values (1)"
ONE = "create table one (id int primary key); insert into one values (1)"
WIDE = (
    "create table wide (id int primary key, a int, b int, note text);"
    f"insert into wide select n, n, n % 7, sha2(n, 224) from {numbers(4)};"
    f"insert into wide select n + 10000, n, n % 7, sha2(n, 224) from {numbers(4)};"
    "analyze table wide"
)
PARENT = f"create table parent (id int primary key); insert into parent select n from {numbers(2)}"
CHILD = (
    "create table child (id int primary key, parent_id int, note text, key (parent_id));"
    f"insert into child select n, n % 100, 'x' from {numbers(3)}"
)
PLAIN = "create table plain (id int primary key auto_increment, a int)"


def times(count: int, *statements: str) -> Callable[[Database], None]:
    def traffic(database: Database) -> None:
        with database.session() as cursor:
            for _ in range(count):
                for statement in statements:
                    cursor.execute(statement)
                    cursor.fetchall()

    return traffic


def look_ups(database: Database) -> None:
    """The pattern: a list, then one lookup for each of its rows."""
    with database.session() as cursor:
        for _ in range(5):
            cursor.execute("select id from parent order by id limit 40")
            for (parent,) in cursor.fetchall():
                cursor.execute("select note from child where parent_id = %s limit 1", (parent,))


def to_disk(database: Database) -> None:
    """MySQL 8 keeps such a table in memory, unless it uses the engine of old."""
    old = (
        ("set internal_tmp_mem_storage_engine = MEMORY",)
        if database.server.flavour == "mysql"
        else ()
    )
    with database.session(*old) as cursor:
        for _ in range(100):
            cursor.execute("select note, count(*) from child group by note")


@contextmanager
def open_transaction(database: Database) -> Iterator[None]:
    with database.session("begin", "select * from one"):
        time.sleep(2.1)
        yield


@contextmanager
def old_versions_kept(database: Database) -> Iterator[None]:
    """An open view of the past, while each of many transactions leaves an old row version."""
    with database.session("start transaction with consistent snapshot", "select * from one"):
        times(300, "update counter set n = n + 1")(database)
        with database.session("select 1"):
            yield


@contextmanager
def other_session(database: Database) -> Iterator[None]:
    with database.session("select 1"):
        yield


def queue(held: str, wanted: str) -> Callable[[Database], AbstractContextManager]:
    """One session holds the lock, another waits for it."""

    @contextmanager
    def during(database: Database) -> Iterator[None]:
        def wait() -> None:
            with suppress(pymysql.Error), database.session(wanted):
                pass

        with database.session("begin", held) as holder:
            waiter = threading.Thread(target=wait)
            waiter.start()
            time.sleep(2.3)
            yield
            holder.execute("rollback")
        waiter.join()

    return during


ROW_QUEUE = queue("update one set id = 2", "update one set id = 3")
TABLE_QUEUE = queue("select * from one", "alter table one add column b int")


HUNDRED = times(100, "select id from one where id = 1")
FULL = times(100, "select id from wide where note = 'y'")
NO_WEEK = {"uptime_days < 7": "uptime_days < 0"}
UNREAD = (ONE, "create user if not exists reader@localhost")
STATEMENTS = (
    "statements-by-total-time", "full-scan-statements", "n-plus-one-suspects",
    "spilling-statements", "statement-smells",
)  # fmt: skip
SCHEMA = ("redundant-indexes", "unused-indexes", "missing-primary-keys", "long-primary-keys",
          "storage-engines", "auto-increment-near-end")  # fmt: skip
SESSIONS = ("long-transactions", "idle-in-transaction", "lock-waits")

CASES = (
    *(Case(name, "unknown", "no-load", (ONE,), says="usual load") for name in STATEMENTS),
    *(Case(name, "unknown", "no-privilege", (ONE,), traffic=HUNDRED, role="reader",
           says="GRANT SELECT ON performance_schema") for name in STATEMENTS),
    *(Case(name, "unknown", "sees-nothing", role="blind", says="any application schema")
      for name in SCHEMA),
    *(Case(name, "unknown", "no-privilege", (ONE,), during=other_session, role="alone",
           says="GRANT PROCESS") for name in SESSIONS),
    *(Case(name, "unknown", "no-session", (ONE,), says="under load") for name in SESSIONS),
    *(Case(name, "pass", "clean", (ONE,), during=other_session) for name in SESSIONS),
    Case("statements-by-total-time", "fail", "planted", (ONE,),
         traffic=times(100, "select sleep(0.003) from one"),
         thresholds={"mean_ms >= 100": "mean_ms >= 2"}, first={"calls": 100}),
    Case("statements-by-total-time", "judge", "share", (ONE,), says="a quarter",
         traffic=times(1, *["select 1 from one"] * 100, "select sleep(1.1) from one")),
    Case("statements-by-total-time", "pass", "clean", (ONE,), traffic=HUNDRED),
    Case("full-scan-statements", "judge", "planted", (WIDE,), traffic=FULL,
         first={"calls": 100, "full_scan_calls": 100}),
    Case("full-scan-statements", "fail", "slow", (WIDE,), traffic=FULL,
         thresholds={"mean_ms >= 100": "mean_ms >= 0.1"}),
    Case("full-scan-statements", "pass", "clean", (WIDE,),
         traffic=times(100, "select note from wide where id = 7",
                       "select id from wide order by id limit 5")),
    Case("n-plus-one-suspects", "judge", "planted", (PARENT, CHILD), traffic=look_ups,
         first={"calls": 200, "parent_calls": 5, "parent_rows": 200}),
    Case("n-plus-one-suspects", "pass", "clean", (PARENT, CHILD),
         traffic=times(150, "select note from child where id = 7")),
    Case("spilling-statements", "judge", "planted", (CHILD,), traffic=to_disk,
         says="temporary table on disk"),
    Case("spilling-statements", "fail", "slow", (CHILD,), traffic=to_disk,
         thresholds={"mean_ms >= 100": "mean_ms >= 0.01"}),
    Case("spilling-statements", "judge", "sort", (WIDE,), says="several passes",
         traffic=times(100, "set sort_buffer_size = 32768",
                       "select a, b from wide order by b, a, id limit 1 offset 19990")),
    Case("spilling-statements", "pass", "clean", (ONE,), traffic=HUNDRED),
    Case("statement-smells", "judge", "star", (PARENT,), first={"select_star": 1},
         traffic=times(100, "select * from parent where id = 1")),
    Case("statement-smells", "judge", "offset", (PARENT,), says="OFFSET",
         traffic=times(100, "select id from parent order by id limit 10 offset 60")),
    Case("statement-smells", "judge", "offset-old", (PARENT,), says="OFFSET",
         traffic=times(100, "select id from parent order by id limit 60, 10")),
    Case("statement-smells", "judge", "function", (CHILD,), says="function",
         traffic=times(100, "select id from child where lower(note) = 'y'")),
    Case("statement-smells", "judge", "random", (PARENT,), says="random",
         traffic=times(100, "select id from parent order by rand() limit 1")),
    Case("statement-smells", "judge", "large-result", (CHILD,), says="1,000 rows",
         traffic=times(100, "select id from child")),
    Case("statement-smells", "pass", "clean", (CHILD,),
         traffic=times(100, "select id, note from child where id = 4",
                       "select id from child where parent_id in (1, 2) limit 3")),
    Case("redundant-indexes", "fail", "planted",
         ("create table t (id int primary key, a int, b int, key one (a), key two (a))",),
         first={"index_name": "two", "covered_by": "one", "kind": "duplicate"}),
    Case("redundant-indexes", "fail", "of-primary",
         ("create table t (id int primary key, unique key again (id))",),
         first={"index_name": "again", "covered_by": "PRIMARY"}),
    Case("redundant-indexes", "judge", "prefix",
         ("create table t (id int primary key, a int, b int, key one (a), key two (a, b))",),
         first={"index_name": "one", "covered_by": "two", "kind": "prefix"}),
    Case("redundant-indexes", "pass", "clean",
         ("create table t (id int primary key, a int, b int, ab int, c text, key (a, b), key (b),"
          " unique key (a), key (ab), key (c(10)), key (c(20), a), fulltext key (c))",)),
    Case("redundant-indexes", "not_applicable", "none", ("create table t (a int)",)),
    Case("unused-indexes", "fail", "planted", (WIDE, "create index idle on wide (a)",
         f"insert into wide select n + 90000, n, n, 'x' from {numbers(4)}"), thresholds=NO_WEEK,
         first={"index_name": "idle", "uses": 0}),
    Case("unused-indexes", "judge", "quiet", (CHILD,), thresholds=NO_WEEK | {"1000": "100000"},
         first={"index_name": "parent_id"}),
    Case("unused-indexes", "pass", "clean", (WIDE, "create index used on wide (a)"),
         thresholds=NO_WEEK, traffic=times(1, "select b from wide force index (used) where a = 5")),
    Case("unused-indexes", "pass", "needed", thresholds=NO_WEEK, setup=(
        PARENT, "create table c (id int primary key, p int, u int unique,"
        " foreign key (p) references parent (id))", "insert into c values (1, 1, 1)")),
    Case("unused-indexes", "unknown", "young", (CHILD,), says="seven days"),
    Case("missing-primary-keys", "fail", "planted", first={"table_name": "t"}, setup=(
        f"create table t (a int); insert into t select n from {numbers(4)}; analyze table t",)),
    Case("missing-primary-keys", "judge", "small", ("create table t (a int)",), says="is small"),
    Case("missing-primary-keys", "judge", "unique", ("create table t (a int not null unique)",),
         says="unique key"),
    Case("missing-primary-keys", "pass", "clean", (WIDE, PLAIN)),
    Case("long-primary-keys", "judge", "planted",
         (f"create table t (id char(36) primary key, a int, key (a)); insert into t"
          f" select uuid(), n from {numbers(4)}; analyze table t",),
         thresholds={">= 10000": ">= 9000"},
         first={"key_columns": "id", "key_characters": 36, "secondary_indexes": 1}),
    Case("long-primary-keys", "pass", "clean", thresholds={">= 10000": ">= 0"}, setup=(
        "create table alone (id char(36) primary key)",
        "create table short (a int, b bigint, c char(9), primary key (a, b, c(4)), key (b))")),
    Case("long-primary-keys", "not_applicable", "none", ("create table t (a int)",)),
    Case("storage-engines", "fail", "planted", first={"table_name": "t", "engine": "MyISAM"},
         setup=("create table t (a int primary key) engine = MyISAM;"
                f"insert into t select n from {numbers(4)}",)),
    Case("storage-engines", "judge", "small",
         ("create table t (a int primary key) engine = MyISAM",)),
    Case("storage-engines", "judge", "other", ("create table t (a int primary key) engine = MEMORY",
         ), says="other than InnoDB"),
    Case("storage-engines", "pass", "clean", (WIDE, PLAIN)),
    Case("auto-increment-near-end", "fail", "planted",
         ("create table t (id tinyint primary key auto_increment) auto_increment = 121",),
         first={"table_name": "t", "next_number": 121, "used_pct": 95.28}),
    Case("auto-increment-near-end", "judge", "later",
         ("create table t (id smallint unsigned primary key auto_increment) auto_increment = 50000",
          )),
    Case("auto-increment-near-end", "pass", "clean", (PLAIN,)),
    Case("auto-increment-near-end", "not_applicable", "none", (ONE,)),
    Case("connection-budget", "fail", "planted", parameters={"pool_total": 500},
         first={"pool_total": 500, "max_connections": 151}),
    Case("connection-budget", "judge", "tight", parameters={"pool_total": 130}),
    Case("connection-budget", "pass", "clean", parameters={"pool_total": 40}),
    Case("connection-budget", "unknown", "no-budget", says="--pool-size"),
    Case("long-transactions", "fail", "planted", (ONE,), during=open_transaction,
         thresholds={">= 3600": ">= 1"}),
    Case("long-transactions", "judge", "shorter", (ONE,), during=open_transaction,
         thresholds={">= 300": ">= 1"}),
    Case("long-transactions", "judge", "old-versions", (ONE, COUNTER), during=old_versions_kept,
         thresholds={">= 60 and history_length >= 100000": ">= 0 and history_length >= 200"},
         says="1 of 2", first={"is_oldest": 1}),
    Case("long-transactions", "pass", "few-old-versions", (ONE, COUNTER), during=old_versions_kept),
    Case("idle-in-transaction", "fail", "planted", (ONE,), during=open_transaction,
         thresholds={">= 60": ">= 1"}, first={"command": "Sleep"}),
    Case("idle-in-transaction", "judge", "shorter", (ONE,), during=open_transaction,
         thresholds={">= 5": ">= 1"}),
    Case("lock-waits", "judge", "planted", (ONE,), during=ROW_QUEUE,
         first={"waits_for": "row", "blocking_command": "Sleep"}),
    Case("lock-waits", "fail", "longer", (ONE,), during=ROW_QUEUE, thresholds={">= 10": ">= 1"}),
    Case("lock-waits", "judge", "metadata", (ONE,), during=TABLE_QUEUE,
         first={"waits_for": "metadata"}),
    Case("temporary-tables", "fail", "planted", (CHILD,), traffic=to_disk, thresholds={
        "created < 1000": "created < 10", "pct >= 25": "pct >= 1", "hour >= 3600": "hour >= 1"}),
    Case("temporary-tables", "judge", "few", (CHILD,), traffic=to_disk, thresholds={
        "created < 1000": "created < 10", "pct >= 25": "pct >= 1", "hour >= 3600": "hour >= 1e9"
        .replace("1e9", "1000000000")}),
    Case("temporary-tables", "pass", "clean", thresholds={
        "created < 1000": "created < 1", "pct >= 25": "pct >= 101"}),
    Case("temporary-tables", "unknown", "idle", thresholds={"< 1000": "< 100000000"},
         says="usual load"),
    Case("buffer-pool-hit-ratio", "fail", "planted", (WIDE,),
         thresholds={"requested < 100000": "requested < 10", "hit_pct < 95": "hit_pct < 101"}),
    Case("buffer-pool-hit-ratio", "pass", "clean", (WIDE,), thresholds={
        "requested < 100000": "requested < 10", "pct < 95": "pct < 1", "pct < 99": "pct < 1"}),
    Case("buffer-pool-hit-ratio", "unknown", "idle", thresholds={"100000": "100000000000"},
         says="usual load"),
    Case("read-write-ratio", "judge", "planted", (WIDE,), first={"table_name": "wide"},
         traffic=times(60, "select count(note) from wide")),
    Case("read-write-ratio", "pass", "clean", (WIDE,),
         traffic=times(1, "select count(note) from wide")),
    Case("read-write-ratio", "unknown", "idle", says="usual load"),
    Case("settings", "fail", "planted", says="torn pages",
         first={"name": "innodb_doublewrite", "value": "OFF"}),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.probe}-{case.name}")
def test_a_probe_finds_passes_and_admits(new_schema, case):
    database = new_schema(*case.setup)
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
    # clean on the well-kept server; every role may read the settings of any server that is asked
    verdicts["settings"] |= {"pass", "unknown"}
    for probe in catalog.load("mysql"):
        found = verdicts[probe.id.partition("/")[2]]
        assert {"pass", "unknown"} <= found and found & {"fail", "judge"}, probe.id


def test_without_performance_schema_nothing_passes_that_needs_it(deaf_server):
    """MariaDB's default: an empty view must not read as a server without problems."""
    database = make_database(deaf_server, WIDE, "create index idle on wide (a)")
    FULL(database)
    run = database.run()
    needing = [p.id for p in catalog.load("mysql") if "performance_schema" in p.requires]
    assert len(needing) >= 7
    for evidence in run.evidence:
        if evidence.probe in needing:
            assert evidence.verdict == "unknown"
            assert "performance_schema=ON" in evidence.reason
    settings = next(e for e in run.evidence if e.probe == "mysql/settings")
    values = {row["name"]: row["value"] for row in settings.rows}
    assert values["performance_schema"] == "OFF"
    assert values["innodb_buffer_pool_size"].endswith("MB"), "nobody reads bytes"


def test_a_well_kept_server_has_no_finding(well_kept_server):
    database = make_database(well_kept_server, PARENT, CHILD, PLAIN)
    times(150, "select id, note from child where parent_id = 7 limit 10")(database)
    with other_session(database):
        run = database.run(parameters={"pool_total": 40})
    verdicts = {e.probe.partition("/")[2]: e for e in run.evidence}
    assert not [e for e in run.evidence if e.verdict in ("fail", "judge")]
    assert verdicts["settings"].verdict == "pass"
    assert sum(e.verdict == "pass" for e in run.evidence) >= 12
