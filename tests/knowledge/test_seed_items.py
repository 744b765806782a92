"""Every item of the 14 checklists this skill began with is covered by an item with all fields."""

from collections import Counter

import pytest
from backend_performance.skill.checklists.model import Coverage, coverage

from tests.knowledge.tables import items, rows

SEED_ITEMS = rows("seed_items.tsv")
#: The checklists of the seed and how many items each had.
SEED_CHECKLISTS = {
    "performance-investigation-checklist": 7,
    "query-performance-checklist": 7,
    "n1-query-problem": 4,
    "indexing-strategy": 5,
    "connection-pooling": 5,
    "cache-decision-checklist": 4,
    "cache-invalidation-checklist": 5,
    "response-time-optimization": 6,
    "payload-optimization": 5,
    "memory-leak-detection-checklist": 5,
    "memory-optimization": 5,
    "async-patterns-checklist": 5,
    "rate-limiting--throttling": 5,
    "quick-wins-checklist": 8,
}


def test_the_table_has_every_position_of_every_checklist():
    positions = {(row["seed_heading"], int(row["position"])) for row in SEED_ITEMS}
    expected = {(h, n) for h, count in SEED_CHECKLISTS.items() for n in range(1, count + 1)}
    assert positions == expected
    assert len(SEED_ITEMS) == sum(SEED_CHECKLISTS.values()) == 76


@pytest.mark.parametrize(
    "row", SEED_ITEMS, ids=lambda row: f"{row['seed_heading']}-{row['position']}"
)
def test_seed_item_is_covered_with_all_fields(row):
    item = items().get(row["item"])
    assert item is not None, f"there is no item {row['item']}"
    empty = [name for name in ("title", "check", "fix", "verify", "why") if not getattr(item, name)]
    assert empty == []


def test_no_item_covers_two_of_the_seed():
    counts = Counter(row["item"] for row in SEED_ITEMS)
    assert [item for item, count in counts.items() if count > 1] == []


#: How the seed's items are answered. A new probe moves one from the third count to the second
#: and takes its reason away: change both numbers, and look whether the reason was right before.
SEED_COVERAGE = Coverage(items=76, with_probe=70, judgement_only=6)


def test_every_seed_item_has_a_probe_or_says_why_only_judgement_answers():
    seed = [items()[row["item"]] for row in SEED_ITEMS]
    assert [item.id for item in seed if not item.probes and not item.no_probe] == []
    assert coverage(seed) == SEED_COVERAGE


def test_every_item_has_a_probe_or_says_why_only_judgement_answers():
    assert [i.id for i in items().values() if not i.probes and not i.no_probe] == []


def test_no_item_has_both_a_probe_and_a_reason_for_having_none():
    both = [item.id for item in items().values() if item.probes and item.no_probe]
    assert both == []


def test_every_reason_says_something():
    short = [i.id for i in items().values() if i.no_probe and len(i.no_probe.split()) < 4]
    assert short == []
