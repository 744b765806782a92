"""What the planner does with lists, arrays and prepared statements; how to read its figures."""

from __future__ import annotations

import pytest

psycopg = pytest.importorskip("psycopg")

from tests.knowledge.behaviour.sessions import buffers, plan, value  # noqa: E402

ORDERS = (
    "CREATE TABLE orders (id int PRIMARY KEY, status text, created_at timestamptz, filler text)",
    "INSERT INTO orders SELECT n, substr('aabc', 1 + n % 4, 1),"
    " timestamptz '2026-01-01Z' + n * interval '1 minute', repeat('x', 80)"
    " FROM generate_series(1, 40000) n",
    "CREATE INDEX orders_status ON orders (status, created_at)",
    "VACUUM ANALYZE orders",
)
PAGE = "SELECT id FROM orders WHERE {} ORDER BY created_at LIMIT 10"


def test_an_in_list_before_the_sort_column_costs_the_order(connect):
    owner = connect(*ORDERS)
    equal = buffers(plan(owner, PAGE.format("status = 'b'")))
    listed = buffers(plan(owner, PAGE.format("status IN ('b', 'c')")))
    assert equal < 10 < 300 < listed


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT id FROM ((SELECT id, created_at FROM orders WHERE status = 'b' ORDER BY created_at"
        " LIMIT 10) UNION ALL (SELECT id, created_at FROM orders WHERE status = 'c'"
        " ORDER BY created_at LIMIT 10)) both_lists ORDER BY created_at LIMIT 10",
        PAGE.format("status IN ('b', 'c')"),
    ],
    ids=["union of two lists", "partial index"],
)
def test_two_ways_to_keep_the_order_of_an_in_list(connect, statement):
    owner = connect(*ORDERS)
    if "UNION" not in statement:
        owner.execute("CREATE INDEX ON orders (created_at) WHERE status IN ('b', 'c')")
    assert buffers(plan(owner, statement)) < 20


def test_a_value_that_half_the_rows_have_is_served_by_the_index_when_few_are_asked_for(connect):
    assert buffers(plan(connect(*ORDERS), PAGE.format("status = 'a'"))) < 10


def test_an_index_serves_the_exact_reverse_order(connect):
    statement = "SELECT id FROM orders WHERE status = 'b' ORDER BY created_at DESC LIMIT 10"
    assert buffers(plan(connect(*ORDERS), statement)) < 10


def test_rows_are_per_loop_and_buffers_are_totals(connect):
    owner = connect(*ORDERS, "SET enable_hashjoin = off", "SET enable_mergejoin = off")
    owner.execute("SET enable_memoize = off")
    top = plan(
        owner,
        "SELECT count(o.filler) FROM generate_series(1, 1000) n JOIN orders o ON o.id = n",
    )
    (join,) = top["Plans"]
    inner = join["Plans"][1]
    assert inner["Actual Loops"] == 1000 and inner["Actual Rows"] == 1
    assert buffers(inner) > 2000


def test_a_generic_plan_believes_an_array_has_ten_elements(connect):
    owner = connect(*ORDERS, "SET plan_cache_mode = force_generic_plan")
    owner.execute("PREPARE q (int[]) AS SELECT * FROM orders WHERE id = ANY ($1)")
    ids = "{" + ",".join(map(str, range(1, 5001))) + "}"
    (found,) = value(owner, f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE q ('{ids}')")
    assert (found["Plan"]["Plan Rows"], found["Plan"]["Actual Rows"]) == (10, 5000)


def test_joining_the_unnested_array_is_a_way_out(connect):
    owner = connect(*ORDERS, "SET plan_cache_mode = force_generic_plan")
    owner.execute(
        "PREPARE q (int[]) AS SELECT o.id FROM unnest($1) WITH ORDINALITY k (id, place)"
        " JOIN orders o USING (id) ORDER BY place"
    )
    assert owner.execute("EXECUTE q ('{7, 3, 5}')").fetchall() == [(7,), (3,), (5,)]


def test_a_driver_reaches_the_generic_plan_at_the_eleventh_run(connect):
    owner = connect(*ORDERS)
    generic = "SELECT coalesce(sum(generic_plans), 0) FROM pg_prepared_statements"
    runs = 0
    while runs < 20 and not owner.execute(generic, prepare=False).fetchone()[0]:
        owner.execute("SELECT filler FROM orders WHERE id = %s", [runs])
        runs += 1
    assert runs == 11


def test_execute_in_a_console_reaches_it_at_the_sixth_run(connect):
    owner = connect(*ORDERS, "PREPARE q (int) AS SELECT filler FROM orders WHERE id = $1")
    generic = "SELECT generic_plans FROM pg_prepared_statements WHERE name = 'q'"
    for run in range(1, 7):
        owner.execute(f"EXECUTE q ({run})")
        assert value(owner, generic) == (run == 6)


def test_a_pattern_of_two_letters_falls_back_to_a_sequential_scan(connect):
    owner = connect(*ORDERS)
    try:
        owner.execute("CREATE EXTENSION pg_trgm")
    except psycopg.errors.Error as error:
        pytest.skip(f"pg_trgm is not here: {error}")
    owner.execute("UPDATE orders SET filler = md5(id::text)")
    owner.execute("CREATE INDEX ON orders USING gin (filler gin_trgm_ops)")
    owner.execute("ANALYZE orders")
    assert plan(owner, "SELECT id FROM orders WHERE filler LIKE '%ab%'")["Node Type"] == "Seq Scan"
    assert (
        plan(owner, "SELECT id FROM orders WHERE filler LIKE '%abab%'")["Node Type"] != "Seq Scan"
    )


def test_a_count_over_partitions_takes_a_lock_for_each_of_their_indexes(connect):
    owner = connect("CREATE TABLE event (id int, a int, b int, day int) PARTITION BY LIST (day)")
    for column in ("id", "a", "b"):
        owner.execute(f"CREATE INDEX ON event ({column})")
    for day in range(6):
        owner.execute(f"CREATE TABLE event_{day} PARTITION OF event FOR VALUES IN ({day})")
    slow = (
        "SELECT count(*) FROM pg_locks"
        " WHERE pid = pg_backend_pid() AND relation IS NOT NULL AND NOT fastpath"
    )
    owner.execute("BEGIN")
    owner.execute("SELECT count(*) FROM event")
    beyond = value(owner, slow)
    assert (beyond == 0) if owner.info.server_version >= 180000 else (beyond > 0)


def test_row_level_security_runs_a_bare_function_for_each_row_and_a_subquery_once(connect):
    owner = connect(
        *ORDERS,
        "CREATE SEQUENCE calls",
        "CREATE FUNCTION tenant() RETURNS text LANGUAGE plpgsql STABLE AS"
        " $$ BEGIN PERFORM nextval('calls'); RETURN 'b'; END $$",
        "CREATE ROLE tenant_reader",
        "GRANT SELECT ON orders TO tenant_reader; GRANT USAGE ON SEQUENCE calls TO tenant_reader",
        "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
        "DROP INDEX orders_status",
    )
    calls = {}
    for name, condition in (("bare", "tenant()"), ("subquery", "(SELECT tenant())")):
        owner.execute(f"CREATE POLICY p ON orders USING (status = {condition})")
        before = value(owner, "SELECT last_value FROM calls")
        owner.execute("SET ROLE tenant_reader")
        assert value(owner, "SELECT count(*) FROM orders") == 10_000
        owner.execute("RESET ROLE")
        calls[name] = value(owner, "SELECT last_value FROM calls") - before
        owner.execute("DROP POLICY p ON orders")
    owner.execute("DROP OWNED BY tenant_reader; DROP ROLE tenant_reader")
    assert calls["subquery"] <= 2 and calls["bare"] >= 39_999
