"""Evidence that another cause explains belongs to that cause, and never speaks against it."""

import re

import pytest
from backend_performance.walk import causes
from backend_performance.walk.views import digest

from tests.walk.walk_examples import evidence, item, walk

UPDATE = "update tenants set region=? where id=?"
QUEUE = {
    "verdict": "fail",
    "pid": 12,
    "waiting_role": "signup",
    "waiting_query_untrusted": UPDATE,
    "waited_s": 15,
    "head_of_queue": 7,
    "head_role": "console",
}


def said(probe, *rows, verdict="judge"):
    return evidence(verdict, [], probe=probe, rows=[{"verdict": verdict} | row for row in rows])


def found(*readings):
    return causes.of(walk([item()], readings))


def test_who_waits_for_a_lock_belongs_to_who_holds_it():
    waits = {"wait": "tuple", "kind": "Lock", "query_untrusted": UPDATE, "sessions_mean": 1.0}
    slow = {"query_untrusted": UPDATE, "waits": True, "mean_ms": 9000.0, "share_pct": 40}
    (cause,) = found(
        said("postgres/lock-waits", QUEUE, verdict="fail"),
        said("postgres/waits-now", waits),
        said("postgres/statements-by-total-time", slow),
    )
    assert cause.theme == "open-transaction" and len(cause.signals) == 3
    assert cause.title.count(UPDATE) == 1, "told once"
    assert [each.text for each in cause.statements] == ["SELECT pg_terminate_backend(7);"]


def test_who_waits_for_another_lock_is_another_cause():
    waits = {"wait": "tuple", "kind": "Lock", "query_untrusted": "delete from a", "longest_s": 2}
    assert len(found(said("postgres/lock-waits", QUEUE), said("postgres/waits-now", waits))) == 2


def test_a_databases_own_setting_is_told_once():
    own = {"setting": "synchronous_commit", "value": "off", "database_name": "shop"}
    shown = {"name": "synchronous_commit", "value": "off"}
    (cause,) = found(said("postgres/role-settings", own), said("postgres/settings", shown))
    assert [s.text for s in cause.statements][0] == "ALTER DATABASE shop RESET synchronous_commit;"
    role = own | {"role_name": "batch", "database_name": None}
    assert len(found(said("postgres/role-settings", role), said("postgres/settings", shown))) == 2


def test_an_index_that_a_statement_should_use_is_not_called_unused():
    hidden = {
        "index_name": "public.jobs_external_idx",
        "hidden_by": "cast",
        "query_untrusted": "select id from jobs where external_id::text = $1",
    }
    unused = [{"index_name": f"public.{name}"} for name in ("jobs_external_idx", "jobs_old_idx")]
    bypass, superfluous = found(
        said("postgres/bypassed-indexes", hidden, verdict="fail"),
        said("postgres/unused-indexes", *unused),
    )
    assert "jobs_external_idx" in bypass.title
    assert "jobs_external_idx" not in superfluous.title and "jobs_old_idx" in superfluous.title


def test_a_key_near_its_end_has_advice_of_its_own():
    advice = item(fix="end what holds the horizon")
    row = {"verdict": "fail", "sequence_name": "public.events_id_seq", "used_pct": 91}
    reading = evidence("fail", [advice["id"]], probe="postgres/sequences-near-end", rows=[row])
    (cause,) = causes.of(walk([advice], [reading]))
    assert "bigint" in cause.advice["fix"] and "horizon" not in cause.advice["fix"]


def test_a_lock_and_its_risk_are_told_once():
    rows = [{"index_name": f"public.{name}", "table_name": "public.t"} for name in "abc"]
    text = digest.render(digest.build(walk([item()], [said("postgres/invalid-indexes", *rows)])))
    assert "run:" not in text, "leads have no statement in a digest"
    failing = said("postgres/invalid-indexes", *rows, verdict="fail")
    text = digest.render(digest.build(walk([item()], [failing])))
    assert text.count("DROP INDEX CONCURRENTLY") == 3
    assert text.count("waits for open transactions") == 2 and text.count("as in 1") == 4


def test_what_only_needs_time_is_one_line():
    early = [
        evidence("unknown", [], probe=f"postgres/{n}", rows=[], reason=f"{n}: run the probe again")
        for n in ("checkpoints", "churn")
    ]
    other = evidence("unknown", [], probe="postgres/x", rows=[], reason="no right: GRANT it")
    text = digest.render(digest.build(walk([item()], [*early, other])))
    lines = [line for line in text.split("\n") if line.startswith("- ")]
    assert len(lines) == 2 and "postgres/checkpoints, postgres/churn" in lines[0]
    assert "GRANT it" in lines[1]


def test_a_statement_of_mysql_reads_as_a_person_writes_it():
    text = "SELECT `ID` , `a` FROM `charges` WHERE DATE ( `at` ) = ?"
    row = {"query_untrusted": text, "examined_per_call": 10, "rows_per_call": 1}
    (cause,) = found(said("mysql/full-scan-statements", row))
    assert cause.title.startswith("`SELECT ID, a FROM charges WHERE DATE (at) = ?` reads")


WAITS_TOO = {"pid": 12, "role": "signup", "transaction_s": 900, "kind": "session"}
CHAIN = [  # session 9 waits for 8, which waits for 7
    {"session_id": waiter, "blocking_session_id": holder, "waits_for": "row", "waited_s": 9}
    for waiter, holder in ((9, 8), (8, 7))
]


@pytest.mark.parametrize(
    ("readings", "ended"),
    [
        ([("postgres/lock-waits", [QUEUE]), ("postgres/long-transactions", [WAITS_TOO])], {7}),
        ([("postgres/lock-waits", [QUEUE]), ("postgres/idle-in-transaction", [])], {7}),
        ([("postgres/long-transactions", [WAITS_TOO])], {12}),
        ([("mysql/lock-waits", CHAIN)], {7}),
        ([("mysql/lock-waits", CHAIN), ("mysql/long-transactions", [{"session_id": 9}])], {7}),
        ([("mysql/lock-waits", [{"session_id": 9, "waits_for": "metadata"}])], set()),
    ],
)
def test_the_session_to_end_is_the_one_that_holds_never_one_that_waits(readings, ended):
    causes_ = found(*(said(probe, *rows, verdict="fail") for probe, rows in readings if rows))
    texts = [statement.text for cause in causes_ for statement in cause.statements]
    assert {int(number) for text in texts for number in re.findall(r"\d+", text)} == ended


def test_evidence_of_a_cause_that_another_one_explains_is_kept():
    delete = {"query_untrusted": "delete from orders where id = $1", "calls": 900}
    (cause,) = found(
        said("postgres/n-plus-one-suspects", delete),
        said("postgres/sequential-scans", {"table_name": "public.orders", "seq_scans": 900}),
        said(
            "postgres/unindexed-foreign-keys",
            {"table_name": "public.items", "parent_name": "public.orders", "columns": "order_id"},
        ),
    )
    assert cause.theme == "foreign-key" and len(cause.signals) == 3


@pytest.mark.parametrize(("first", "second"), [(7, 12), (12, 7)])
def test_sessions_that_wait_for_each_other_are_told(first, second):
    rows = [QUEUE | {"pid": a, "head_of_queue": b} for a, b in ((first, second), (second, first))]
    idle = [{"pid": pid, "idle_in_transaction_s": 60} for pid in (first, second)]
    causes_ = found(said("postgres/idle-in-transaction", *idle), said("postgres/lock-waits", *rows))
    assert sum(len(cause.signals) for cause in causes_) == 4
