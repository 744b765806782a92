"""What grows or waits without an error: row locks of parents, bloat, documents, dumps, joins."""

from __future__ import annotations

import subprocess

import pytest

psycopg = pytest.importorskip("psycopg")

from harness.measuring.statements import split  # noqa: E402
from tests.knowledge.behaviour.sessions import (  # noqa: E402
    in_background,
    until,
    value,
    waits_for_lock,
)
from tests.knowledge.code_blocks import blocks_of  # noqa: E402

PAGE = "references/database-postgresql.md"
PARENTS = (
    "CREATE TABLE tenant (id int PRIMARY KEY, name text)",
    "CREATE TABLE invoice (id int PRIMARY KEY, tenant_id int REFERENCES tenant)",
    "INSERT INTO tenant VALUES (1, 'a')",
)


@pytest.mark.parametrize(
    ("lock", "waits"),
    [
        ("SELECT 1 FROM tenant WHERE id = 1 FOR UPDATE", True),
        ("SELECT 1 FROM tenant WHERE id = 1 FOR NO KEY UPDATE", False),
        ("UPDATE tenant SET name = 'b' WHERE id = 1", False),
        ("UPDATE tenant SET id = 2 WHERE id = 1", True),
    ],
)
def test_an_insert_of_a_child_waits_only_for_a_lock_on_the_parents_key(connect, lock, waits):
    owner = connect(*PARENTS)
    connect("BEGIN", lock)
    child = connect("SET lock_timeout = '300ms'")
    if waits:
        with pytest.raises(psycopg.errors.LockNotAvailable):
            child.execute("INSERT INTO invoice VALUES (1, 1)")
    else:
        child.execute("INSERT INTO invoice VALUES (1, 1)")
    assert value(owner, "SELECT count(*) FROM invoice") == (0 if waits else 1)


def test_children_in_two_transactions_make_a_multixact_of_the_parents_row(connect):
    owner = connect(*PARENTS)
    before = value(owner, "SELECT mxid_age('1')")
    for number in (1, 2):
        connect("BEGIN", f"INSERT INTO invoice VALUES ({number}, 1)")
    xmax = value(owner, "SELECT xmax FROM tenant")
    members = owner.execute(
        "SELECT mode FROM pg_get_multixact_members(%s::text::xid)", (xmax,)
    ).fetchall()
    assert members == [("keysh",), ("keysh",)]
    assert value(owner, "SELECT mxid_age('1')") > before


def test_a_btree_keeps_its_pages_until_it_is_rebuilt(connect):
    owner = connect(
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "INSERT INTO orders SELECT n FROM generate_series(1, 50000) n",
    )
    size = "SELECT pg_relation_size('orders_pkey')"
    full = value(owner, size)
    owner.execute("DELETE FROM orders WHERE id % 10 <> 0")
    owner.execute("VACUUM orders")
    assert value(owner, size) == full
    try:
        [density] = blocks_of(f"{PAGE}#index-bloat")
        for statement in split(density.code):
            left = owner.execute(statement)
        assert left.fetchone()[0] < 15
    except psycopg.errors.FeatureNotSupported:
        pass  # this installation has no pgstattuple
    owner.execute("REINDEX INDEX CONCURRENTLY orders_pkey")
    assert value(owner, size) < full / 5


def wal_of(owner, statement):
    before = value(owner, "SELECT pg_current_wal_insert_lsn()")
    owner.execute(statement)
    return value(owner, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", before)


def test_one_key_of_a_document_writes_the_whole_document(connect):
    document = (
        "jsonb_build_object('state', 'new', 'body',"
        " (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 600) n))"
    )
    owner = connect(
        "CREATE TABLE one (id int PRIMARY KEY, document jsonb)",
        "CREATE TABLE split (id int PRIMARY KEY, state text, document jsonb)",
        f"INSERT INTO one SELECT 1, {document}",
        f"INSERT INTO split SELECT 1, 'new', {document}",
        "CHECKPOINT",
    )
    whole = "UPDATE one SET document = jsonb_set(document, '{state}', '\"paid\"')"
    apart = "UPDATE split SET state = 'paid'"
    assert wal_of(owner, whole) > 19_000
    assert wal_of(owner, apart) < 1_000


def test_a_dump_holds_the_horizon_and_blocks_a_migration(connect, server):
    tool = server.installation.bin / "pg_dump"
    if not tool.is_file():
        pytest.skip("this installation has no pg_dump")
    owner = connect("CREATE TABLE a (id int)", "CREATE TABLE z (id int)")
    holder = connect("BEGIN", "LOCK TABLE z IN ACCESS EXCLUSIVE MODE")
    name = owner.info.dbname
    command = [tool, "-h", server.host, "-p", str(server.port), "-U", "postgres", "-d", name]
    dump = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        # It waits for the second table, so it holds the first, and its snapshot.
        waits = "bool_or(wait_event_type = 'Lock' AND backend_xmin IS NOT NULL)"
        seen = f"SELECT {waits} FROM pg_stat_activity WHERE datname = %s"
        until(lambda: value(owner, f"{seen} AND application_name = 'pg_dump'", name))
        migration = connect()
        trying = in_background(migration.execute, "ALTER TABLE a ADD COLUMN b int")
        until(waits_for_lock(owner, migration))
        holder.execute("ROLLBACK")
        assert dump.wait(30) == 0
        trying.result(10)
    finally:
        dump.kill()
        dump.wait()


def test_beyond_eight_tables_the_order_of_the_text_decides(connect):
    names = [f"t{n}" for n in range(10)]
    owner = connect()
    for name in names:
        rows = 20 if name == "t9" else 4000
        owner.execute(f"CREATE TABLE {name} (id int, next int)")
        owner.execute(f"INSERT INTO {name} SELECT n, n FROM generate_series(1, {rows}) n")
    owner.execute("ANALYZE")
    joins = " ".join(
        f"JOIN {b} ON {b}.id = {a}.next" for a, b in zip(names, names[1:], strict=False)
    )
    query = f"EXPLAIN (FORMAT JSON) SELECT count(*) FROM t0 {joins}"

    def cost(limit):
        owner.execute(f"SET join_collapse_limit = {limit}")
        return value(owner, query)[0]["Plan"]["Total Cost"]

    assert cost(8) > cost(10)


def test_a_collation_of_another_version_is_seen_and_recorded(connect, server):
    admin = connect()
    name = f"{admin.info.dbname}_icu"
    try:
        admin.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
        )
    except psycopg.Error as error:
        pytest.skip(f"no ICU here: {error}")
    admin.execute("UPDATE pg_database SET datcollversion = '0.1' WHERE datname = %s", (name,))
    [find] = blocks_of(f"{PAGE}#collation-after-an-upgrade", step="find")
    changed = {row[0] for row in admin.execute(find.code).fetchall()}
    assert name in changed
    [record] = blocks_of(f"{PAGE}#collation-after-an-upgrade", step="record")
    admin.execute(record.code.replace("shop", name))
    assert name not in {row[0] for row in admin.execute(find.code).fetchall()}
