"""What MariaDB does where the pages say that it differs; MySQL has no server to try it on."""

from __future__ import annotations

import json
import time

import pytest

pymysql = pytest.importorskip("pymysql")

from tests.knowledge.behaviour.sessions import in_background, until  # noqa: E402

ITEMS = (
    "CREATE TABLE item (id int PRIMARY KEY, parent int, name varchar(40), KEY (parent))",
    "INSERT INTO item SELECT seq, seq DIV 5, concat('item ', seq) FROM seq_1_to_10000",
    "ANALYZE TABLE item",
)


def answer(cursor, statement):
    cursor.execute(statement)
    return cursor.fetchall()


def test_times_of_an_analyzed_plan_are_totals_and_rows_are_averages(mariadb):
    cursor = mariadb(*ITEMS)
    ((text,),) = answer(
        cursor,
        "ANALYZE FORMAT=JSON SELECT count(i.name) FROM seq_1_to_2000 s"
        " JOIN item i ON i.parent = s.seq",
    )
    block = json.loads(text)["query_block"]
    table = next(found for found in _tables(block) if found.get("r_loops", 0) > 1000)
    assert table["r_rows"] == pytest.approx(5, rel=0.1)
    assert table["r_table_time_ms"] <= block["r_total_time_ms"]
    assert table["r_table_time_ms"] * table["r_loops"] > 10 * block["r_total_time_ms"]


def _tables(node):
    if isinstance(node, dict):
        if "r_table_time_ms" in node:
            yield node
        for child in node.values():
            yield from _tables(child)
    elif isinstance(node, list):
        for child in node:
            yield from _tables(child)


@pytest.mark.parametrize(("elements", "becomes_a_subquery"), [(999, False), (1000, True)])
def test_an_in_list_of_a_thousand_becomes_a_subquery(mariadb, elements, becomes_a_subquery):
    listed = ",".join(map(str, range(elements)))
    plan = answer(mariadb(*ITEMS), f"EXPLAIN SELECT name FROM item WHERE id IN ({listed})")
    assert any("MATERIALIZED" in row for row in plan) is becomes_a_subquery


def test_kill_query_leaves_the_transaction_of_a_sleeper_open_and_kill_ends_it(mariadb):
    owner = mariadb(*ITEMS)
    sleeper = mariadb("BEGIN", "UPDATE item SET name = 'x' WHERE id = 1")
    thread = sleeper.connection.thread_id()
    is_open = (
        f"SELECT count(*) FROM information_schema.innodb_trx WHERE trx_mysql_thread_id = {thread}"
    )
    owner.execute(f"KILL QUERY {thread}")
    time.sleep(0.3)
    assert answer(owner, is_open) == ((1,),)
    owner.execute(f"KILL {thread}")
    # The view keeps its rows until nobody has read it for 0.1 s.
    until(lambda: answer(owner, is_open) == ((0,),), every=0.3)


def test_a_lock_wait_time_out_rolls_back_the_statement_and_not_the_transaction(mariadb):
    mariadb(*ITEMS)
    mariadb("BEGIN", "UPDATE item SET name = 'x' WHERE id = 1")
    victim = mariadb("SET innodb_lock_wait_timeout = 1", "BEGIN")
    victim.execute("UPDATE item SET name = 'y' WHERE id = 2")
    with pytest.raises(pymysql.err.OperationalError) as caught:
        victim.execute("UPDATE item SET name = 'y' WHERE id = 1")
    assert caught.value.args[0] == 1205
    victim.execute("COMMIT")
    assert answer(victim, "SELECT name FROM item WHERE id = 2") == (("y",),)


def test_cancelling_the_waiting_alter_lets_readers_go_on(mariadb):
    owner = mariadb(*ITEMS)
    mariadb("BEGIN", "SELECT count(*) FROM item")
    migration = mariadb()
    trying = in_background(migration.execute, "ALTER TABLE item ADD COLUMN a int")
    waiting = (
        "SELECT count(*) FROM information_schema.processlist"
        " WHERE state = 'Waiting for table metadata lock'"
    )
    until(lambda: answer(owner, waiting) == ((1,),))
    reader = mariadb()
    reading = in_background(answer, reader, "SELECT count(*) FROM item")
    until(lambda: answer(owner, waiting) == ((2,),))
    owner.execute(f"KILL QUERY {migration.connection.thread_id()}")
    assert reading.result(5) == ((10000,),)
    with pytest.raises(pymysql.err.OperationalError):
        trying.result()


def test_an_indexed_virtual_column_ends_online_changes(mariadb):
    cursor = mariadb(*ITEMS)
    cursor.execute("ALTER TABLE item ADD COLUMN a int, ALGORITHM=INSTANT")
    cursor.execute("ALTER TABLE item ADD COLUMN v int AS (parent + 1) VIRTUAL, ADD KEY (v)")
    for algorithm in ("ALGORITHM=INSTANT", "ALGORITHM=INPLACE, LOCK=NONE"):
        with pytest.raises(pymysql.err.OperationalError) as caught:
            cursor.execute(f"ALTER TABLE item ADD COLUMN b int, {algorithm}")
        assert caught.value.args[0] in (1845, 1846)


def test_a_skipped_insert_burns_a_value_of_the_counter(mariadb):
    cursor = mariadb("CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, k int UNIQUE)")
    for key in (1, 1, 1, 2):
        cursor.execute(f"INSERT IGNORE INTO t (k) VALUES ({key})")
    assert answer(cursor, "SELECT max(id) FROM t") == ((4,),)


def test_an_update_that_matches_nothing_locks_the_whole_table_without_an_index(mariadb):
    owner = mariadb(*ITEMS)
    mariadb("BEGIN", "UPDATE item SET name = 'x' WHERE name = 'no such item'")
    locked = answer(owner, "SELECT max(trx_rows_locked) FROM information_schema.innodb_trx")
    assert locked[0][0] >= 10_000


def test_alter_wait_gives_up(mariadb):
    mariadb(*ITEMS)
    mariadb("BEGIN", "SELECT count(*) FROM item")
    with pytest.raises(pymysql.err.OperationalError) as caught:
        mariadb().execute("ALTER TABLE item WAIT 1 ADD COLUMN a int")
    assert caught.value.args[0] == 1205
