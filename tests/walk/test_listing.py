"""Causes and items are found by number and by name, and shown whole."""

import json

import pytest
from backend_performance.refusal import Refusal
from backend_performance.walk.views import listing

from tests.walk.walk_examples import evidence, item, walk

FOREIGN_KEYS = "database/indexing/index-foreign-keys"
ROW = {
    "verdict": "fail",
    "table_name": "public.order_items",
    "constraint_name": "order_items_order_id_fkey",
    "columns": ["order_id"],
    "parent_name": "public.orders",
    "child_rows": 120_000,
}


@pytest.fixture
def current():
    return walk([item(risk="one more index"), item("open")], [evidence("fail", rows=[ROW])])


def test_a_cause_is_shown_by_number_and_by_name_with_all_it_rests_on(current):
    (by_number,) = listing.chosen(current, ["1"])
    (by_name,) = listing.chosen(current, [by_number.id])
    assert by_number == by_name
    text = listing.show_text([by_number])
    for part in (
        "FAIL: `public.order_items` (order_id) references",
        "seen by postgres/unindexed-foreign-keys: one foreign key has no index",
        "child_rows=`120000`",
        "-- lock:",
        "CREATE INDEX CONCURRENTLY ON public.order_items (order_id);",
        "fix: `CREATE INDEX CONCURRENTLY …`",
        "risk: one more index",
        "verify: run the check again",
        f"record {FOREIGN_KEYS} pass",
    ):
        assert part in text


def test_an_item_is_shown_by_its_name(current):
    text = listing.show_text(listing.chosen(current, [FOREIGN_KEYS]))
    assert text.startswith("FAIL: Index foreign keys") and "risk: one more index" in text
    assert json.loads(json.dumps(listing.show_json(listing.chosen(current, ["1", FOREIGN_KEYS]))))


@pytest.mark.parametrize(
    ("name", "message"),
    [("7", "no cause 7: there are 1"), ("index-foreign-key", "did you mean")],
)
def test_what_is_not_there_is_refused(current, name, message):
    with pytest.raises(Refusal, match=message):
        listing.chosen(current, [name])


def test_the_list_has_the_items_of_a_state(current):
    text = _list(current, [], ["open"])
    assert "order_items" not in text, "the cause fails"
    assert "database/indexing/open" in text
    assert FOREIGN_KEYS not in text


@pytest.mark.parametrize(
    ("areas", "states", "shown"),
    [([], [], True), ([], ["fail"], True), ([], ["judge"], False), (["database"], [], True),
     (["caching"], [], False)],
)  # fmt: skip
def test_causes_are_listed_by_area_and_state_as_items_are(current, areas, states, shown):
    text = _list(current, areas, states)
    assert ("  1  fail " in text) is shown
    assert ("[postgres/foreign-key/order_items_order_id_fkey]" in text) is shown


def _list(session, areas, states):
    return listing.list_text(
        listing.listed_causes(session, areas, states), listing.listed(session, areas, states)
    )
