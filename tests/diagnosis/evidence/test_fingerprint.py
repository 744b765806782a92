"""One thing that servers, logs and code write in several ways has one name."""

import pytest
from backend_performance.diagnosis.evidence import fingerprint

SAME = {
    "placeholders": (
        "SELECT number FROM rooms WHERE id = %s",
        "select number from rooms where id = $1",
        "SELECT number FROM rooms WHERE id = :id",
        "SELECT number FROM rooms WHERE id = ?",
        "SELECT number FROM rooms WHERE id = 17;",
        "SELECT number FROM rooms WHERE id = {room_id}",
    ),
    "quotes and spaces": (
        'select "o"."id" from "orders" "o" where "o"."state" = $1',
        "SELECT `o` . `id` FROM `orders` `o` WHERE `o` . `state` = ?",
        "select o.id\n  from orders o\n where o.state='open'",
    ),
    "lists": (
        "select a from b where c in ($1, $2, $3)",
        "select a from b where c in (?)",
        "SELECT a FROM b WHERE c IN (...)",
        "select a from b where c = any($1)",
    ),
    "rows": (
        "insert into b (c, d) values ($1, $2), ($3, $4)",
        "INSERT INTO b (c, d) VALUES (%s, %s)",
    ),
    "comments": (
        "/* app:web */ select a from b -- now\nwhere c = 1",
        "select a from b where c = 2 /*controller='x',action='y'*/",
    ),
}


@pytest.mark.parametrize("texts", SAME.values(), ids=SAME)
def test_the_same_statement_has_one_fingerprint(texts):
    assert len({fingerprint.statement(text) for text in texts}) == 1


def test_other_statements_have_others():
    texts = ("select a from b where c = 1", "select a from b where d = 1", "select a from c")
    assert len({fingerprint.statement(text) for text in texts}) == 3


def test_a_search_is_read_behind_a_long_list_of_columns_and_in_brackets():
    columns = ", ".join(f'"shop_order"."column_{number}"' for number in range(40))
    text = (
        f'SELECT {columns} FROM "shop_order" '
        'WHERE ("shop_order"."number" = $1 AND "shop_order"."paid") ORDER BY "shop_order"."at" < 1'
    )
    assert fingerprint.search(text) == fingerprint.searched("shop_order", ["number"])


def test_a_search_is_named_by_table_and_compared_columns():
    text = 'SELECT "o"."id" FROM "shop_order" "o" WHERE "o"."paid" = $1 AND "o"."number" IN ($2)'
    assert fingerprint.search(text) == fingerprint.searched("shop_order", ["number", "paid"])


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("/orders/:id/items", "/orders/17/items"),
        ("orders/<int:pk>/", "/orders/{pk}"),
        ("/files/*path", "/files/{path}"),
        ("/users/{id}", "/users/0189d9c4-6f7a-7cc1-8d26-3a4a1b1c0e2f"),
        ("/orders", "/orders?page=3"),
    ],
)
def test_a_route_in_code_is_the_one_in_a_log(written, seen):
    assert fingerprint.route(written) == fingerprint.route(seen)
