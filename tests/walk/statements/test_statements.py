"""Statements are only made of names that the server quoted itself; nothing else gets in."""

import pytest
from backend_performance.walk.statements import model, mysql, postgres, redis

from tests.walk.hostile_texts import HOSTILE


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("public.orders", "public.orders"),
        ('"Weird Name".orders', '"Weird Name".orders'),
        ("orders", "orders"),
        ("(name withheld)", None),
        ("Orders", None),
        ("a; drop table b", None),
        ("a.b.c.d", None),
        ("table #16412", None),
        ('"a', None),
        (7, None),
        (None, None),
    ],
)
def test_only_names_that_need_no_further_quotes_are_used(name, expected):
    assert model.qualified(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("order_id", "order_id"),
        ("order", '"order"'),
        ("Order Id", '"Order Id"'),
        ('say "x"', '"say ""x"""'),
        ("a\nb", None),
        ("", None),
        ("(name withheld)", None),
    ],
)
def test_columns_are_quoted_where_they_must_be(name, expected):
    assert model.column(name) == expected


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    "make",
    [
        postgres.create_index,
        postgres.drop_index,
        postgres.rebuild_index,
        postgres.reset_autovacuum,
        postgres.reset_option,
        postgres.vacuum,
        postgres.analyze,
        postgres.end_session,
        mysql.end_session,
    ],
)
def test_hostile_names_make_no_statement(make, text):
    names = ("table_name", "index_name", "option_name", "pid", "session_id", "head_of_queue")
    row = dict.fromkeys(names, text) | {"columns": [text]}
    assert make(row) == () or text == ""


def test_a_hostile_role_stays_inside_its_quotes():
    row = {"role_name": 'x" superuser; --', "setting": "work_mem"}
    (statement,) = postgres.reset_role_setting(row)
    assert statement.text == 'ALTER ROLE "x"" superuser; --" RESET work_mem;'


def test_mysql_names_stay_inside_their_backticks():
    row = {"schema_name": "shop", "table_name": "a`b", "index_name": "i"}
    (statement,) = mysql.drop_index(row)
    assert statement.text.startswith("ALTER TABLE `shop`.`a``b` DROP INDEX `i`")


@pytest.mark.parametrize(
    ("role", "policy", "expected"),
    [
        ("cache", "noeviction", ["CONFIG SET maxmemory-policy allkeys-lfu"]),
        ("store", "allkeys-lru", ["CONFIG SET maxmemory-policy noeviction"]),
        ("unknown", "noeviction", []),
        ("cache", "allkeys-lru", []),
    ],
)
def test_a_policy_is_only_changed_where_the_role_is_known(role, policy, expected):
    found = redis.policy({"instance_role": role, "policy": policy})
    assert [statement.text for statement in found] == expected


def test_a_comment_comes_before_the_statement():
    statement = model.Statement("ANALYZE a;", "lock: none")
    assert statement.commented() == "-- lock: none\nANALYZE a;"
