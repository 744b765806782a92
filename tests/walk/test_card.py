"""One item for an agent: complete where it fits, never above its budget, never in silence."""

import json
from pathlib import Path

import pytest
from backend_performance.walk import order, session
from backend_performance.walk.starting import collect
from backend_performance.walk.views import card
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.walk.walk_examples import evidence, item, walk

ROOT = Path(__file__).parents[2]


def cards(current):
    waiting = order.queue(current)
    for place, standing in enumerate(waiting, 1):
        yield (
            standing,
            card.text(standing, place, len(waiting)),
            json.dumps(card.data(standing, place, 999), ensure_ascii=False, separators=(",", ":")),
        )


def first(current):
    return next(cards(current))


def test_a_card_says_what_why_evidence_how_to_check_fix_verify_and_where_to_read():
    _, text, _ = first(walk([item()], [evidence()]))
    for part in (
        "1 of 1: Index foreign keys",
        "ID: database/indexing/index-foreign-keys",
        "State: fail · impact high, effort low",
        "About: Why it pays.",
        "Evidence: postgres/unindexed-foreign-keys fail: one foreign key has no index",
        "child_untrusted=`orders`, child_rows=`50000`",
        "Check: `postgres/x` (scripts/probes/postgres/x.sql), or by hand",
        "Fix: `CREATE INDEX CONCURRENTLY …`",
        "Verify: run the check again",
        "Read: references/database-optimization.md#indexes",
        "record ID fail|pass|not_applicable|unknown|judge",
    ):
        assert part in text


def test_a_quick_win_is_shown_on_the_item_it_stands_for():
    quick = item("quick", same_as="database/indexing/index-foreign-keys")
    _, text, data = first(walk([item(), quick]))
    assert "quick win" in text
    assert json.loads(data)["quick_win"] is True


@pytest.mark.slow
def test_every_item_of_this_skill_fits_with_heavy_evidence():
    steps = collect.content(ROOT).steps
    heavy = evidence(
        "judge",
        items=[step.id for step in steps],
        reason="r" * 500 + " " + "many words " * 60,
        rows=[{f"column_{n}": "x" * 300 for n in range(9)} for _ in range(20)],
        observed={f"key_{n}": n for n in range(30)},
        truncated=True,
    )
    readings = session.Reading(
        **{k: tuple(v) if k in ("items", "rows", "caveats") else v for k, v in heavy.items()}
    )
    for found in ((), (readings,)):
        current = walk([item()])
        current = session.Session(current.skill, current.started, None, steps, found)
        seen = 0
        for standing, text, data in cards(current):
            seen += 1
            assert len(text) <= card.MAX_CHARACTERS, standing.step.id
            assert len(data) <= card.MAX_CHARACTERS, standing.step.id
            assert standing.step.id in text and json.loads(data)["item"] == standing.step.id
        assert seen >= 60, "the skill's items were not found"


def test_what_was_cut_is_said_with_where_to_find_the_rest():
    current = walk([item(fix="word " * 2_000)])
    standing, text, data = first(current)
    assert "Cut to fit. Full text: references/database-optimization.md:10" in text
    assert "Verify: run the check again" in text, "only what is long is cut"
    assert json.loads(data)["cut"] is True
    assert "Cut to fit" not in first(walk())[1]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=3_000),
    st.text(max_size=3_000),
    st.lists(st.dictionaries(st.text(max_size=200), st.text(max_size=500)), max_size=20),
    st.text(min_size=1, max_size=3_000),
)
def test_no_content_exceeds_the_budget(fix, reason, rows, title):
    long = item(title=title, text=fix, check=fix, fix=fix, verify=fix, notes=[fix] * 3)
    _, text, data = first(walk([long], [evidence(reason=reason, rows=rows)]))
    assert len(text) <= card.MAX_CHARACTERS
    assert len(data) <= card.MAX_CHARACTERS
    json.loads(data)


@pytest.mark.parametrize("length", [10, 1_000, 100_000])
def test_long_identifiers_and_links_do_not_break_the_budget(length):
    links = [{"file": "references/" + "x" * length, "anchor": None}] * 9
    _, text, data = first(walk([item(references=links, line=7)]))
    assert max(len(text), len(data)) <= card.MAX_CHARACTERS
