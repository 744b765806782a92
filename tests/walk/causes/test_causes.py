"""Evidence that points the same way is one cause, with what it costs and what to run."""

import json

import pytest
from backend_performance.walk import causes
from backend_performance.walk.views import digest

from tests.walk.walk_examples import decided, evidence, item, walk

FOREIGN_KEYS = "database/indexing/index-foreign-keys"
CARTS = {"verdict": "fail", "table_name": "public.carts"}
LOOK_UP = "select name from customers where id = $1"


def said(probe, *rows, verdict="fail", **fields):
    return evidence(verdict, fields.pop("items", []), probe=probe, rows=list(rows), **fields)


def found(*readings, items=None):
    return causes.of(walk([item()] if items is None else items, readings))


def vacuum():
    return [
        said("postgres/autovacuum-disabled", CARTS | {"enabled": False, "row_count": 30_000}),
        said("postgres/dead-rows", CARTS | {"dead_rows": 48_000, "dead_pct": 61.5}),
        said("postgres/stale-statistics", CARTS | {"changed": 48_000, "changed_pct": 160}),
    ]


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


def test_a_hidden_column_is_told_once():
    statement = {"verdict": "fail", "query_untrusted": LOOK_UP, "blocks_per_call": 2_900}
    (cause,) = found(
        said("postgres/bypassed-indexes", statement | {"index_name": "i", "hidden_by": "cast"}),
        said("postgres/statement-smells", statement | {"function_on_column": True}),
        said(
            "code/predicate-without-index",
            {"verdict": "judge", "statement_untrusted": LOOK_UP, "file": "a.py", "function": "f"},
            items=["database/query-performance/keep-functions-and-casts-off-indexed-columns"],
            reason="a function is applied to the column that is searched",
        ),
    )
    assert "cast hides" in cause.title and "function" not in cause.title
    assert len(cause.probes) == 3, "the evidence stays"


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


def test_superfluous_indexes_are_one_cause_with_one_statement_each():
    twice = {"verdict": "fail", "index_name": "public.a", "covered_by": "public.b", "index_kb": 10}
    unused = {"verdict": "fail", "index_name": "public.c", "statistics_days": 9, "index_kb": 20}
    (cause,) = found(
        said("postgres/duplicate-indexes", twice), said("postgres/unused-indexes", unused)
    )
    assert [statement.text for statement in cause.statements] == [
        "DROP INDEX CONCURRENTLY public.a;",
        "DROP INDEX CONCURRENTLY public.c;",
    ]
    assert cause.cost == {"bytes": 30 * 1024}


def test_six_superfluous_indexes_are_all_named_and_each_has_its_statement():
    twice = [
        {"verdict": "fail", "index_name": f"public.twice_{n}", "covered_by": "public.b"}
        for n in (1, 2, 3)
    ]
    unused = [
        {"verdict": "fail", "index_name": f"public.unused_{n}", "statistics_days": 9}
        for n in (1, 2, 3)
    ]
    (cause,) = found(
        said("postgres/duplicate-indexes", *twice), said("postgres/unused-indexes", *unused)
    )
    names = {row["index_name"] for row in (*twice, *unused)}
    assert all(name in cause.title for name in names) and len(names) == 6
    texts = {statement.text for statement in cause.statements}
    assert texts == {f"DROP INDEX CONCURRENTLY {name};" for name in names}


def test_an_index_without_a_size_is_not_said_to_have_none():
    row = {"verdict": "fail", "index_name": "public.broken", "table_name": "public.t"}
    for size in ({}, {"index_kb": 0}):
        (cause,) = found(said("postgres/invalid-indexes", row | size))
        assert "bytes" not in cause.cost and "0 kB" not in cause.title


def test_the_index_that_stays_is_not_called_superfluous():
    twice = {"verdict": "fail", "index_name": "public.a", "covered_by": "public.b"}
    kept = {"verdict": "fail", "index_name": "public.b", "statistics_days": 9}
    (cause,) = found(
        said("postgres/duplicate-indexes", twice), said("postgres/unused-indexes", kept)
    )
    assert [statement.text for statement in cause.statements] == [
        "DROP INDEX CONCURRENTLY public.a;"
    ]
    assert "no scan" not in cause.title


def test_an_index_that_two_probes_name_is_named_once():
    twice = {"verdict": "fail", "index_name": "public.a", "covered_by": "public.b"}
    unused = {"verdict": "judge", "index_name": "public.a", "statistics_days": 0}
    (cause,) = found(
        said("postgres/duplicate-indexes", twice), said("postgres/unused-indexes", unused)
    )
    assert cause.title == "`public.a` repeats `public.b`"


def test_settings_without_a_name_of_their_own_are_all_told():
    rows = [
        {"verdict": "judge", "name": name, "is_timeout": True}
        for name in ("lock_timeout", "statement_timeout")
    ]
    (cause,) = found(said("postgres/settings", *rows, verdict="judge"))
    assert "`lock_timeout`; `statement_timeout`" in cause.title


def test_a_figure_in_a_title_has_three_digits_that_count():
    row = {"verdict": "judge", "query_untrusted": "select 1 from a", "share_pct": 45.81}
    (cause,) = found(
        said("postgres/statements-by-total-time", row | {"mean_ms": 21.5693, "calls": 60})
    )
    assert "45.8 %" in cause.title and "21.6 ms × 60" in cause.title
    text = digest.render(digest.build(walk([item()], [cause.signals[0].reading.__dict__])))
    assert text.count("21.6") == text.count("45.8") == 1, "said once"


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


def test_a_probe_without_words_of_its_own_still_makes_a_cause_with_its_places():
    row = {"verdict": "fail", "file": "shop/views.py", "line": 12, "function": "orders"}
    subject = {"kind": "function", "column": "function"}
    reading = said("code/loop", row, reason="1 of 9 functions: a query runs in a loop")
    (cause,) = found(reading | {"subject": subject})
    assert cause.title == "`orders`: a query runs in a loop"
    assert [str(place) for place in cause.subject.places] == ["shop/views.py:12 (orders)"]


def test_a_place_in_code_joins_the_statement_it_sends():
    slow = {"verdict": "judge", "query_untrusted": LOOK_UP, "share_pct": 40, "mean_ms": 2.0}
    sent = {"verdict": "judge", "file": "a.py", "line": 3, "statement_untrusted": LOOK_UP}
    (cause,) = found(
        said("postgres/statements-by-total-time", slow, verdict="judge"),
        said("code/query-in-loop", sent, verdict="judge"),
    )
    assert [str(place) for place in cause.subject.places] == ["a.py:3"]


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


def test_the_digest_keeps_its_budget_and_counts_what_it_leaves_out():
    rows = [
        {
            "verdict": verdict,
            "query_untrusted": f"select {'x' * 180}{n} from {verdict}",
            "share_pct": 1,
        }
        for verdict in ("fail", "judge")
        for n in range(40)
    ]
    unknown = [
        evidence("unknown", [], probe=f"postgres/u{n}", rows=[], reason=f"{n} " + "long " * 90)
        for n in range(30)
    ]
    current = walk([item()], [said("postgres/statements-by-total-time", *rows), *unknown])
    text = digest.render(digest.build(current, ["Redis (compose.yaml): --redis-env NAME"] * 9))
    assert len(text) <= digest.MAX_CHARACTERS
    assert (
        "more causes: walk.py list --state fail" in text and "more reasons: walk.py report" in text
    )
    assert "and 33 more: walk.py list --state judge" in text, "leads of one question"
    assert "Redis (compose.yaml)" in text


def test_leads_of_lower_rank_keep_a_line_before_they_are_only_counted():
    rows = [
        {"verdict": "judge", "query_untrusted": f"select {'x' * n} from t{n}", "share_pct": 90 - n}
        | ({"waits": True} if n % 2 else {"ask": f"Is it {n}?"})
        for n in range(1, 80)
    ]
    current = walk([item()], [said("postgres/statements-by-total-time", *rows, verdict="judge")])
    text = digest.render(digest.build(current))
    asked, told = (
        text.count("decide:"),
        len([t for t in text.split("\n") if t[:3].strip(". ").isdigit()]),
    )
    assert 0 < asked < told and len(text) <= digest.MAX_CHARACTERS


def test_the_digest_says_what_each_cause_costs_and_what_to_run():
    text = digest.render(digest.build(walk([item()], vacuum())))
    for part in (
        "1 cause, 0 leads",
        "48,000 dead rows",
        "run: VACUUM (ANALYZE) public.carts;",
        "lock:",
    ):
        assert part in text


def test_causes_are_json():
    json.dumps([cause.to_json() for cause in found(*vacuum())])


def test_leads_that_ask_the_same_question_are_told_once_with_their_numbers():
    rows = [
        {"verdict": "judge", "service": name, "ask": "Does it wait?", "file": f"{name}.yaml"}
        for name in ("carts", "orders", "payments")
    ]
    about = {"kind": "service", "column": "service"}
    reading = said("config/shutdown", *rows, verdict="judge", subject=about)
    lines = digest.render(digest.build(walk([item()], [reading]))).split("\n")
    assert [line for line in lines if "decide:" in line] == ["    decide: Does it wait?"]
    (same,) = [line for line in lines if "the same:" in line]
    assert "orders.yaml (2)" in same and "payments.yaml (3)" in same


def test_a_stream_that_nobody_acknowledges_or_trims_is_one_cause():
    stream = {"key_family": "events...", "entries": 30_000, "removed": 0, "verdict": "judge"}
    waits = {
        **{"group": "mailer", "consumers": 1, "pending": 12_000, "lag": 0},
        **{"oldest_idle_s": 7_200, "oldest_deliveries": 1, "verdict": "fail"},
    }
    family = {"key_family": "events...", "size_pct": 40.0, "verdict": "judge"}
    (cause,) = found(
        said("redis/key-families", family | {"never_expire_pct": 100.0}),
        said("redis/streams", stream | waits, stream | {"group": None}),
    )
    assert cause.verdict == "fail" and cause.cost["rows"] == 30_000
    assert cause.title.startswith("The group `mailer` of the stream `events")
    for figure in ("12,000", "7,200 s", "30,000", "40"):
        assert figure in cause.title


def test_the_oldest_transaction_is_named_with_what_it_keeps():
    row = {"session_id": 7, "is_oldest": 1, "transaction_s": 240, "verdict": "judge"}
    kept = said("mysql/long-transactions", row | {"history_length": 480_000}, verdict="judge")
    (cause,) = found(kept)
    assert cause.title.startswith("480,000 undo logs") and "session 7" in cause.title
    few = said("mysql/long-transactions", row | {"history_length": 12}, verdict="judge")
    assert "undo" not in found(few)[0].title
