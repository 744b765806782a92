"""The title of a cause: what was found, with its figures, each told once."""

from backend_performance.walk.views import digest

from tests.walk.causes.readings import LOOK_UP, found, said
from tests.walk.walk_examples import item, walk


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


def test_a_probe_without_words_of_its_own_still_makes_a_cause_with_its_places():
    row = {"verdict": "fail", "file": "shop/views.py", "line": 12, "function": "orders"}
    subject = {"kind": "function", "column": "function"}
    reading = said("code/loop", row, reason="1 of 9 functions: a query runs in a loop")
    (cause,) = found(reading | {"subject": subject})
    assert cause.title == "`orders`: a query runs in a loop"
    assert [str(place) for place in cause.subject.places] == ["shop/views.py:12 (orders)"]


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
