"""The digest: causes with what they cost and what to run, within its budget."""

import re
from dataclasses import replace

from backend_performance.walk.session import Target
from backend_performance.walk.views import digest

from tests.walk.causes.readings import said, vacuum
from tests.walk.walk_examples import evidence, item, walk


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
    assert re.search(r"the same: .* and 3\d more$", text, re.M), "leads of one question"
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
    assert "orders.yaml [2]" in same and "payments.yaml [3]" in same


def test_a_lead_of_code_shows_who_waits_and_the_way_to_the_call():
    row = {
        "verdict": "judge",
        "lead": 1,
        "file": "shop/carts.py",
        "line": 7,
        "function": "pay",
        "entry": "route",
        "via": ["charge@shop/payments.py:38", "requests:requests.post"],
        "ask": "Must it wait?",
    }
    about = {"kind": "function", "column": "function"}
    reading = said("code/call-in-transaction", row, verdict="judge", subject=about)
    server = {"lines": 120, "files": 2, "languages": {"python": 120}, "left_out": {"test": 3}}
    target = Target("code", "", server | {"complete": False, "leads": 6})
    current = replace(walk([item()], [reading]), targets=(target,))
    text = digest.render(digest.build(current))
    assert "at shop/carts.py:7, a route\n" in text
    assert "through charge (shop/payments.py:38) → requests:requests.post\n" in text
    assert "120 lines in 2 files (120 python); time was up" in text
    assert "Left out: 3 test" in text and "5 further leads" in text
