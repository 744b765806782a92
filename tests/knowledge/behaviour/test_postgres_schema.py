"""Which schema changes rewrite, scan, refuse or leave something behind."""

from __future__ import annotations

import subprocess

import pytest

psycopg = pytest.importorskip("psycopg")

from tests.knowledge.behaviour.sessions import (  # noqa: E402
    in_background,
    until,
    value,
)

TABLE = "CREATE TABLE account (id int, email text, other int)"
FLAGS = "SELECT indisvalid, indisready FROM pg_index WHERE indexrelid = 'account_email'::regclass"


def test_a_unique_build_that_meets_duplicates_leaves_an_index_that_enforces_nothing(connect):
    owner = connect(TABLE, "INSERT INTO account VALUES (1, 'a'), (2, 'a')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        owner.execute("CREATE UNIQUE INDEX CONCURRENTLY account_email ON account (email)")
    assert owner.execute(FLAGS).fetchone() == (False, False)
    owner.execute("INSERT INTO account VALUES (3, 'a')")


def test_an_index_that_is_not_ready_ends_hot_updates(connect):
    owner = connect(
        "CREATE TABLE account (id int, email text, other int) WITH (fillfactor = 50)",
        "INSERT INTO account SELECT n, 'a' FROM generate_series(1, 100) n",
    )
    with pytest.raises(psycopg.errors.UniqueViolation):
        owner.execute("CREATE UNIQUE INDEX CONCURRENTLY account_email ON account (email)")
    assert _hot_updates(owner, "UPDATE account SET email = email || 'b'") == 0
    owner.execute("DROP INDEX account_email")
    assert _hot_updates(owner, "UPDATE account SET email = email || 'c'") > 0


def test_a_column_in_the_predicate_of_an_index_ends_hot_updates_as_a_key_does(connect):
    owner = connect(
        "CREATE TABLE account (id int, email text, other int) WITH (fillfactor = 20)",
        "INSERT INTO account SELECT n, 'a', 0 FROM generate_series(1, 100) n",
        "CREATE INDEX ON account (id) WHERE other = 7",
    )
    assert _hot_updates(owner, "UPDATE account SET other = 1") == 0
    assert _hot_updates(owner, "UPDATE account SET email = 'b'") > 0


def _hot_updates(owner, statement):
    count = "SELECT pg_stat_get_xact_tuples_hot_updated('account'::regclass)"
    owner.execute("BEGIN")
    owner.execute(statement)
    hot = value(owner, count)
    owner.execute("COMMIT")
    owner.execute("VACUUM account")
    return hot


BUILD = "CREATE INDEX CONCURRENTLY account_email ON account (email)"


@pytest.mark.parametrize(
    ("transaction", "waits"),
    [
        (["BEGIN", "SELECT count(*) FROM account"], False),
        (["BEGIN", "INSERT INTO elsewhere VALUES (1)"], False),
        (["BEGIN", "INSERT INTO account VALUES (1)"], True),
        (["BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM elsewhere"], True),
    ],
    ids=["reader", "writer of another table", "writer of this table", "old snapshot"],
)
def test_a_concurrent_build_waits_for_writers_of_the_table_and_for_snapshots(
    connect, transaction, waits
):
    owner = connect(TABLE, "CREATE TABLE elsewhere (id int)")
    open_transaction = connect(*transaction)
    building = in_background(connect().execute, BUILD)
    try:
        building.result(1.5)
        waited = False
    except TimeoutError:
        waited = True
    open_transaction.execute("COMMIT")
    building.result(20)
    assert waited is waits
    assert owner.execute(FLAGS).fetchone() == (True, True)


def test_lock_timeout_leaves_an_invalid_index_behind(connect):
    owner = connect(TABLE)
    connect("BEGIN", "INSERT INTO account VALUES (1)")
    builder = connect("SET lock_timeout = '200ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        builder.execute(BUILD)
    assert value(owner, FLAGS) is False


def test_transaction_timeout_ends_a_concurrent_build_and_leaves_an_invalid_index(connect):
    owner = connect(TABLE)
    if owner.info.server_version < 170000:
        pytest.skip("transaction_timeout exists from 17")
    connect("BEGIN", "INSERT INTO account VALUES (1)")
    builder = connect("SET transaction_timeout = '200ms'")
    with pytest.raises(psycopg.errors.TransactionTimeout):
        builder.execute(BUILD)
    assert value(owner, FLAGS) is False


@pytest.mark.parametrize(
    ("column", "rewrites"),
    [
        ("a int DEFAULT 7", False),
        ("a timestamptz DEFAULT now()", False),
        ("a uuid DEFAULT gen_random_uuid()", True),
        ("a int GENERATED ALWAYS AS IDENTITY", True),
        ("a int GENERATED ALWAYS AS (id + 1) STORED", True),
    ],
)
def test_which_new_columns_rewrite_the_table(connect, column, rewrites):
    owner = connect(TABLE, "INSERT INTO account VALUES (1)")
    before = value(owner, "SELECT pg_relation_filenode('account')")
    owner.execute(f"ALTER TABLE account ADD COLUMN {column}")
    assert (value(owner, "SELECT pg_relation_filenode('account')") != before) is rewrites


def test_a_primary_key_from_an_index_on_a_nullable_column_scans_the_table(connect):
    owner = connect(TABLE, "CREATE UNIQUE INDEX account_id ON account (id)")
    assert _verifies(owner)
    owner.execute("ALTER TABLE account DROP CONSTRAINT account_pkey")
    owner.execute("CREATE UNIQUE INDEX account_id ON account (id)")
    owner.execute("ALTER TABLE account ALTER COLUMN id SET NOT NULL")
    assert not _verifies(owner)


def _verifies(owner):
    said = []
    owner.add_notice_handler(lambda notice: said.append(notice.message_primary or ""))
    owner.execute("SET client_min_messages = debug1")
    owner.execute(
        "ALTER TABLE account ADD CONSTRAINT account_pkey PRIMARY KEY USING INDEX account_id"
    )
    owner.execute("RESET client_min_messages")
    return any("verifying table" in text for text in said)


PARTITIONED = (
    "CREATE TABLE customer (id int PRIMARY KEY)",
    "CREATE TABLE event (customer_id int, day int) PARTITION BY LIST (day)",
    "CREATE TABLE event_1 PARTITION OF event FOR VALUES IN (1)",
)


def test_a_foreign_key_not_valid_on_a_partitioned_table_needs_18(connect):
    owner = connect(*PARTITIONED)
    add = "ALTER TABLE event ADD FOREIGN KEY (customer_id) REFERENCES customer NOT VALID"
    if owner.info.server_version >= 180000:
        owner.execute(add)
    else:
        with pytest.raises(psycopg.errors.WrongObjectType):
            owner.execute(add)


def test_autovacuum_settings_are_refused_on_a_partitioned_parent(connect):
    owner = connect(*PARTITIONED)
    with pytest.raises(psycopg.Error):
        owner.execute("ALTER TABLE event SET (autovacuum_vacuum_scale_factor = 0.02)")
    owner.execute("ALTER TABLE event_1 SET (autovacuum_vacuum_scale_factor = 0.02)")


def test_detach_concurrently_is_refused_beside_a_default_partition(connect):
    owner = connect(*PARTITIONED)
    owner.execute("CREATE TABLE event_rest PARTITION OF event DEFAULT")
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
        owner.execute("ALTER TABLE event DETACH PARTITION event_1 CONCURRENTLY")
    owner.execute("DROP TABLE event_rest")
    owner.execute("ALTER TABLE event DETACH PARTITION event_1 CONCURRENTLY")


def test_vacuumdb_in_stages_skips_the_partitioned_parent_and_analyze_does_not(connect, server):
    owner = connect(*PARTITIONED, "INSERT INTO event SELECT n, 1 FROM generate_series(1, 100) n")
    if owner.info.server_version >= 190000:
        pytest.skip("19 analyzes partitioned parents")
    vacuumdb = server.installation.bin / "vacuumdb"
    if not vacuumdb.is_file():
        pytest.skip("this installation has no vacuumdb")
    subprocess.run(
        [vacuumdb, "-h", server.host, "-p", str(server.port), "-U", "postgres"]
        + ["--analyze-in-stages", "--quiet", owner.info.dbname],
        check=True,
        capture_output=True,
    )
    statistics = "SELECT count(*) FROM pg_statistic WHERE starelid = %s::regclass"
    assert value(owner, statistics, "event_1") == 2
    assert value(owner, statistics, "event") == 0
    owner.execute("ANALYZE event")
    assert value(owner, statistics, "event") == 2


def test_delete_has_no_limit(connect):
    owner = connect(TABLE)
    with pytest.raises(psycopg.errors.SyntaxError):
        owner.execute("DELETE FROM account WHERE other = 1 LIMIT 10")


def test_a_conflict_burns_a_value_of_the_identity_and_returns_no_row_when_skipped(connect):
    owner = connect("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, k int UNIQUE, v int)")
    upsert = (
        "INSERT INTO t (k, v) VALUES (%s, 1) ON CONFLICT (k) DO UPDATE SET v = excluded.v"
        " WHERE t.v IS DISTINCT FROM excluded.v RETURNING id"
    )
    assert owner.execute(upsert, [1]).fetchone() == (1,)
    assert owner.execute(upsert, [1]).fetchone() is None
    assert owner.execute(upsert, [1]).fetchone() is None
    assert owner.execute(upsert, [2]).fetchone() == (4,)


def test_statement_statistics_need_the_extension_in_the_database(connect, server):
    if not server.installation.has_pg_stat_statements:
        pytest.skip("this installation has no pg_stat_statements")
    owner = connect()
    with pytest.raises(psycopg.errors.UndefinedTable):
        owner.execute("SELECT count(*) FROM pg_stat_statements")
    owner.execute("CREATE EXTENSION pg_stat_statements")
    assert value(owner, "SELECT count(*) FROM pg_stat_statements") >= 0


def test_a_savepoint_storm_overflows_the_cache_of_subtransactions(connect):
    owner = connect("CREATE TABLE t (id int)")
    if owner.info.server_version < 160000:
        pytest.skip("pg_stat_get_backend_subxact exists from 16")
    writer = connect("BEGIN")
    for number in range(65):
        writer.execute(f"SAVEPOINT s{number}")
        writer.execute("INSERT INTO t VALUES (1)")
    overflowed = (
        "SELECT bool_or(s.subxact_overflowed) FROM pg_stat_get_backend_idset() b (id),"
        " pg_stat_get_backend_subxact(b.id) s WHERE pg_stat_get_backend_pid(b.id) = %s"
    )
    until(lambda: value(owner, overflowed, writer.info.backend_pid))
