"""What the application does: the same pages, written carelessly and written well."""

from __future__ import annotations

import time
from typing import Any

from harness.shop.planted import DELETE, PAGE, VIEWS

#: What one of each took: statements, or milliseconds.
Took = dict[str, str]
PAGES = 40
ORDERS_PER_PAGE = 50
VISITORS = 60
DELETED = 20
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


def careless(connection: Any) -> Took:
    """One query per row, lookups without an index, deletes that search the whole child."""
    statements = 0
    for page in range(PAGES):
        rows = connection.execute(_OPEN_ORDERS, (ORDERS_PER_PAGE, page * ORDERS_PER_PAGE))
        statements += 1
        for _, customer in rows.fetchall():
            connection.execute(_CUSTOMER, (customer,)).fetchone()
            statements += 1
    return {PAGE: _statements(statements), **_timed(connection, first_deleted=1)}


def careful(connection: Any) -> Took:
    """The same pages with one query each, the same lookups and deletes."""
    for page in range(PAGES):
        connection.execute(_PAGE, (ORDERS_PER_PAGE, page * ORDERS_PER_PAGE)).fetchall()
    took = {PAGE: _statements(PAGES), **_timed(connection, first_deleted=1 + DELETED)}
    for customer in range(200):
        connection.execute(_CUSTOMER, (customer,)).fetchone()
    return took


def look_up_visitors(connection: Any) -> None:
    for visitor in range(VISITORS):
        connection.execute(_VIEWS, (visitor,)).fetchall()


def delete_orders(connection: Any, first: int) -> None:
    """Delete some orders in one transaction, so that one commit's wait for the disk is in it."""
    with connection.transaction():
        for order in range(first, first + DELETED):
            connection.execute("delete from orders where id = %s", (order,))


def rewrite_carts(connection: Any) -> None:
    """Update four of five carts twice; their old versions stay while nothing vacuums."""
    for _ in range(2):
        connection.execute("update carts set content = content || '{\"seen\": 1}' where id % 5 > 0")


def forget_to_commit(connection: Any) -> None:
    """Begin a transaction, do a little, and do nothing for as long as the probe wants to see."""
    connection.execute("begin")
    connection.execute("update products set price = price where id = 1")
    time.sleep(IDLE_SECONDS)


def _timed(connection: Any, first_deleted: int) -> Took:
    started = time.perf_counter()
    look_up_visitors(connection)
    looked_up = time.perf_counter()
    delete_orders(connection, first_deleted)
    deleted = time.perf_counter()
    views, delete = (looked_up - started) / VISITORS, (deleted - looked_up) / DELETED
    return {VIEWS: f"{1000 * views:.3g}ms", DELETE: f"{1000 * delete:.3g}ms"}


def _statements(count: int) -> str:
    return f"{count / PAGES:g}"
