"""Evidence that points the same way is one cause, and the worst cause comes first."""

import json

import pytest
from backend_performance.walk import causes

from tests.walk.causes.readings import CARTS, FOREIGN_KEYS, LOOK_UP, found, said, vacuum
from tests.walk.walk_examples import decided, item, walk


def test_what_several_probes_say_of_one_table_is_one_cause():
    (cause,) = found(*vacuum())
    assert cause.probes == (
        "postgres/autovacuum-disabled",
        "postgres/dead-rows",
        "postgres/stale-statistics",
    )
    assert cause.title.startswith("Autovacuum is off for `public.carts`")
    assert "48,000 dead rows" in cause.title and "160 %" in cause.title
    assert cause.cost == {"rows": 48_000}
    texts = [statement.text for statement in cause.statements]
    assert texts[:2] == [
        "ALTER TABLE public.carts RESET (autovacuum_enabled);",
        "VACUUM (ANALYZE) public.carts;",
    ]


def test_other_tables_are_other_causes():
    other = said("postgres/dead-rows", CARTS | {"table_name": "public.orders", "dead_rows": 5})
    assert len(found(*vacuum(), other)) == 2


@pytest.mark.parametrize(
    "logged",
    [
        "SELECT name FROM customers WHERE id = ?",
        'select name from "customers" where id = %s',
        "select  name from customers\nwhere id = 4711",
    ],
)
def test_a_statement_is_the_same_in_the_statistics_and_in_a_log(logged):
    statistics = {"verdict": "judge", "query_untrusted": LOOK_UP, "share_pct": 40, "mean_ms": 2.0}
    row = {"verdict": "fail", "query_untrusted": logged, "repeats": 50}
    (cause,) = found(
        said("postgres/statements-by-total-time", statistics, verdict="judge"),
        said("sqllog/n-plus-one", row),
    )
    assert cause.verdict == "fail" and cause.cost["share_pct"] == 40
    assert set(cause.probes) == {"postgres/statements-by-total-time", "sqllog/n-plus-one"}


def test_a_scan_belongs_to_the_statement_that_reads_the_table():
    statement = "select count(*) from public.page_views where visitor = $1"
    row = {"verdict": "judge", "query_untrusted": statement, "share_pct": 53, "mean_ms": 11}
    scan = {"verdict": "judge", "table_name": "public.page_views", "seq_scans": 61}
    (cause,) = found(
        said("postgres/sequential-scans", scan, verdict="judge"),
        said("postgres/statements-by-total-time", row, verdict="judge"),
    )
    assert cause.subject.kind == "statement" and "read by full scans" in cause.title


def test_a_slow_delete_belongs_to_the_foreign_key_that_lacks_an_index():
    key = {
        "verdict": "fail",
        "table_name": "public.order_items",
        "constraint_name": "order_items_order_id_fkey",
        "columns": ["order_id"],
        "parent_name": "public.orders",
        "child_rows": 120_000,
    }
    statement = "delete from orders where id = $1"
    slow = {"verdict": "judge", "query_untrusted": statement, "share_pct": 30, "mean_ms": 9}
    (cause,) = found(
        said("postgres/unindexed-foreign-keys", key, items=[FOREIGN_KEYS]),
        said("postgres/statements-by-total-time", slow, verdict="judge"),
    )
    assert cause.statements[0].text == "CREATE INDEX CONCURRENTLY ON public.order_items (order_id);"
    assert cause.item == FOREIGN_KEYS and cause.advice["verify"] == "run the check again"
    assert cause.cost["share_pct"] == 30


def test_failures_come_before_leads_and_outages_before_time():
    pool = {"verdict": "fail", "pool_total": 240, "usable": 97}
    slow = {
        "verdict": "fail",
        "query_untrusted": "select 1 from a",
        "share_pct": 90,
        "mean_ms": 200,
    }
    lead = {"verdict": "judge", "query_untrusted": LOOK_UP, "share_pct": 95, "mean_ms": 30}
    names = [
        (cause.verdict, cause.is_urgent)
        for cause in found(
            said("postgres/statements-by-total-time", slow, lead),
            said("postgres/connection-budget", pool),
        )
    ]
    assert names == [("fail", True), ("fail", False), ("judge", False)]


def test_a_place_in_code_joins_the_statement_it_sends():
    slow = {"verdict": "judge", "query_untrusted": LOOK_UP, "share_pct": 40, "mean_ms": 2.0}
    sent = {"verdict": "judge", "file": "a.py", "line": 3, "statement_untrusted": LOOK_UP}
    (cause,) = found(
        said("postgres/statements-by-total-time", slow, verdict="judge"),
        said("code/query-in-loop", sent, verdict="judge"),
    )
    assert [str(place) for place in cause.subject.places] == ["a.py:3"]


def _lead(number, function, because, **columns):
    place = {"file": f"{function}.py", "line": 3, "function": function}
    return {"verdict": "judge", "lead": number, "because": because, "ask": f"{because}?"} | (
        place | columns
    )


def _code(probe, *rows):
    about = {"kind": "function", "column": "function"}
    return said(f"code/{probe}", *rows, verdict="judge", reason="2 of 9: first", subject=about)


def test_leads_of_code_come_in_their_order_each_with_the_words_of_its_rule():
    rows = [_lead(2, "late", "first"), _lead(1, "early", "second"), _lead(3, "top-level", "third")]
    titles = [(cause.title, cause.question) for cause in found(_code("missing-timeout", *rows))]
    assert titles == [
        ("`early`: second", "second?"),
        ("`late`: first", "first?"),
        ("`top-level.py`: third", "third?"),
    ]


def test_what_several_probes_report_of_one_loop_is_one_cause():
    readings = [
        _code("n-plus-one", _lead(1, "pay", "a query"), _lead(2, "pay", "a query", line=9)),
        _code("row-by-row-writes", _lead(1, "pay", "a write")),
    ]
    assert [cause.title for cause in found(*readings)] == [
        "`pay`: a query; a write",
        "`pay`: a query",
    ]


def test_the_folder_that_was_read_is_no_name_for_a_title():
    about = {"kind": "pool", "column": "group"}
    rows = [{"verdict": "fail", "group": name, "because": "too many"} for name in (".", "shop")]
    titles = [
        cause.title for cause in found(said("config/connection-budget", *rows, subject=about))
    ]
    assert titles == ["Too many", "`shop`: too many"]


def test_calls_that_look_alike_are_no_statement():
    rows = [
        _lead(n, name, "OFFSET", statement_untrusted="rows.offset", fingerprint="none")
        for n, name in enumerate(("shops", "carts"), 1)
    ]
    assert len(found(_code("offset-pagination", *rows))) == 2


def test_a_cause_that_was_settled_is_gone():
    reading = said("postgres/dead-rows", CARTS | {"dead_rows": 9}, items=[FOREIGN_KEYS])
    current = walk([item()], [reading])
    assert len(causes.of(current)) == 1
    assert causes.of(decided(current, FOREIGN_KEYS, "pass")) == ()
    assert len(causes.of(decided(current, FOREIGN_KEYS, "fail"))) == 1


def test_identifiers_stay_the_same_and_are_unique():
    readings = [*vacuum(), said("postgres/dead-rows", *[CARTS | {"table_name": n} for n in "ab"])]
    first, again = ([cause.id for cause in found(*readings)] for _ in range(2))
    assert first == again and len(set(first)) == len(first)


def test_causes_are_json():
    json.dumps([cause.to_json() for cause in found(*vacuum())])
