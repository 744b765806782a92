"""What the application does: the same pages, written carelessly and written well."""

from __future__ import annotations

import time
from typing import Any

PAGES = 40
ORDERS_PER_PAGE = 50
VISITORS = 60
#: The probe calls a transaction idle for five seconds worth a question.
IDLE_SECONDS = 6.0

_OPEN_ORDERS = (
    "select id, customer_id from orders where status = 'open' order by id limit %s offset %s"
)
_CUSTOMER = "select name, email from customers where id = %s"
_PAGE = """
    select o.id, c.name, c.email from orders o join customers c on c.id = o.customer_id
    where o.status = 'open' order by o.id limit %s offset %s
"""
_VIEWS = "select path, seen_at from page_views where visitor = md5(%s::text)::uuid"


def careless(connection: Any) -> None:
    """One query per row, look-ups without an index, deletes that search the whole child."""
    for page in range(PAGES):
        rows = connection.execute(_OPEN_ORDERS, (ORDERS_PER_PAGE, page * ORDERS_PER_PAGE))
        for _, customer in rows.fetchall():
            connection.execute(_CUSTOMER, (customer,)).fetchone()
    look_up_visitors(connection)
    for order in range(1, 21):
        connection.execute("delete from orders where id = %s", (order,))


def careful(connection: Any) -> None:
    """The same pages with one query each."""
    for page in range(PAGES):
        connection.execute(_PAGE, (ORDERS_PER_PAGE, page * ORDERS_PER_PAGE)).fetchall()
    look_up_visitors(connection)
    for customer in range(200):
        connection.execute(_CUSTOMER, (customer,)).fetchone()


def look_up_visitors(connection: Any) -> None:
    for visitor in range(VISITORS):
        connection.execute(_VIEWS, (visitor,)).fetchall()


def rewrite_carts(connection: Any) -> None:
    """Touch four carts in five, twice: their old versions stay while nobody vacuums."""
    for _ in range(2):
        connection.execute("update carts set content = content || '{\"seen\": 1}' where id % 5 > 0")


def forget_to_commit(connection: Any) -> None:
    """Begin a transaction, do a little, and do nothing for as long as the probe wants to see."""
    connection.execute("begin")
    connection.execute("update products set price = price where id = 1")
    time.sleep(IDLE_SECONDS)
