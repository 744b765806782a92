"""What was planted in the shop with problems, and the evidence each must come out with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Planted:
    """One problem: the probe that finds it, its verdict, and a word its evidence must hold."""

    what: str
    probe: str
    verdict: str
    named: str
    needs_statements: bool = False


PROBLEMS = (
    Planted("foreign key without an index", "unindexed-foreign-keys", "fail", "order_items"),
    Planted("index that failed half-way", "invalid-indexes", "fail", "customers_email_key"),
    Planted("the same index twice", "duplicate-indexes", "fail", "orders_by_date"),
    Planted("more pooled connections than the server has", "connection-budget", "fail", "240"),
    Planted("dead rows that nobody vacuums", "dead-rows", "fail", "carts"),
    Planted("autovacuum switched off", "autovacuum-disabled", "fail", "carts"),
    Planted("statistics older than the data", "stale-statistics", "fail", "carts"),
    Planted("transaction left open", "idle-in-transaction", "judge", "shop"),
    Planted("large table read from end to end", "sequential-scans", "judge", "page_views"),
    Planted("one query per row", "n-plus-one-suspects", "judge", "customers", True),
)


@dataclass(frozen=True)
class Gain:
    """A piece of the traffic that a repair makes faster, and the item that asked for the repair."""

    what: str
    item: str


PAGE = "statements for a page of 50 orders"
VIEWS, DELETE = "time for a visitor's page views", "time for deleting an order"
GAINS = (
    Gain(PAGE, "database/query-performance/eliminate-n1-queries"),
    Gain(VIEWS, "database/query-performance/index-the-querys-shape"),
    Gain(DELETE, "database/indexing/index-foreign-keys-that-are-joined-or-cascaded"),
)
