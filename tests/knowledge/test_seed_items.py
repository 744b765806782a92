"""Every item of the 14 checklists this skill began with is covered by an item with all fields."""

from collections import Counter

import pytest
from backend_performance.skill.checklist_model import coverage
from tables import items, rows

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


#: Seed items that neither a probe answers nor a reason explains; an item may only leave the list.
UNANSWERED = {
    "profiling/investigation/record-live-heap-rss-and-cgroup-memory-together",
    "profiling/investigation/check-cpu-saturation-under-load-not-the-average",
    "profiling/investigation/measure-external-services-from-your-side",
    "database/n1-detection/log-statements-with-a-request-id-and-count-them",
    "database/connection-pooling/alert-on-pool-wait-time-and-acquire-failures",
    "memory/memory-leak-detection/watch-live-heap-after-gc-at-equal-load",
    "memory/memory-leak-detection/close-streams-bodies-and-connections-on-every-path",
    "concurrency/async-patterns/keep-blocking-and-cpu-work-off-the-event-loop",
}


def test_seed_items_have_a_probe_or_say_why_only_judgement_answers():
    seed = [items()[row["item"]] for row in SEED_ITEMS]
    unanswered = {item.id for item in seed if not item.probes and not item.no_probe}
    assert unanswered <= UNANSWERED
    assert coverage(seed).neither <= 76 - 60


def test_no_item_has_both_a_probe_and_a_reason_for_having_none():
    both = [item.id for item in items().values() if item.probes and item.no_probe]
    assert both == []


def test_every_reason_says_something():
    short = [i.id for i in items().values() if i.no_probe and len(i.no_probe.split()) < 4]
    assert short == []
