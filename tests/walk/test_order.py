"""Which item next: failures by impact and effort, then what to judge, then the unknown."""

import pytest
from backend_performance.walk import order

from tests.walk.walk_examples import decided, evidence, item, walk


def id_of(name):
    return f"database/indexing/{name}"


def asked(current):
    return [standing.step.id.rsplit("/", 1)[-1] for standing in order.queue(current)]


def said(verdict, *names, probe="postgres/x"):
    return evidence(verdict, items=[id_of(name) for name in names], probe=probe)


def test_failures_come_first_by_impact_then_effort_then_judgements_then_the_rest():
    items = [
        item("open-high", impact="high", effort="low"),
        item("unknown-low", impact="low", effort="low"),
        item("judge", impact="low", effort="high"),
        item("fail-medium", impact="medium", effort="low"),
        item("fail-high-hard", impact="high", effort="high"),
        item("fail-high-easy", impact="high", effort="low"),
        item("nothing-stated", impact=None, effort=None),
        item("open-high-later", impact="high", effort="low"),
    ]
    found = [
        said("fail", "fail-medium", "fail-high-hard", "fail-high-easy"),
        said("judge", "judge"),
        said("unknown", "unknown-low"),
    ]
    assert asked(walk(items, found)) == [
        "fail-high-easy",
        "fail-high-hard",
        "fail-medium",
        "judge",
        "open-high",
        "open-high-later",
        "unknown-low",
        "nothing-stated",
    ]


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        (("pass",), "pass"),
        (("not_applicable",), "not_applicable"),
        (("pass", "not_applicable"), "pass"),
        (("pass", "unknown"), "unknown"),
        (("pass", "judge"), "judge"),
        (("unknown", "judge"), "judge"),
        (("pass", "unknown", "judge", "fail"), "fail"),
        ((), "open"),
    ],
)
def test_the_worst_of_several_probes_counts_and_unknown_is_never_clean(verdicts, state):
    found = [said(verdict, "a", probe=f"postgres/{verdict}") for verdict in verdicts]
    current = walk([item("a")], found)
    (standing,) = order.standings(current)
    assert standing.verdict == state
    assert asked(current) == ([] if state in ("pass", "not_applicable") else ["a"])


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("fail", "judge"), ("judge", "judge"), ("pass", "open"), ("unknown", "open")],
)
def test_a_probe_the_item_only_links_to_points_but_does_not_settle(verdict, state):
    current = walk([item("a", probes=["postgres/x"])], [said(verdict)])
    (standing,) = order.standings(current)
    assert standing.verdict == state
    assert standing.related and not standing.readings
    assert len(order.loose(current)) == 1, "what answers no item is not lost"


def test_a_finding_that_another_item_answers_is_dealt_with_there():
    current = walk([item("a", probes=["postgres/x"]), item("b")], [said("fail", "b")])
    assert {s.step.id: s.verdict for s in order.standings(current)} == {
        id_of("a"): "open",
        id_of("b"): "fail",
    }


@pytest.mark.parametrize(
    ("engines", "scope", "is_asked"),
    [
        ([], ["postgres"], True),
        (["postgres"], ["postgres"], True),
        (["mysql", "postgres"], ["postgres"], True),
        (["redis"], ["postgres"], False),
        (["redis"], [], False),
        (["redis"], None, True),
    ],
)
def test_an_item_of_an_absent_engine_is_not_asked(engines, scope, is_asked):
    assert asked(walk([item("a", engines=engines)], engines=scope)) == (["a"] if is_asked else [])


@pytest.mark.parametrize("verdict", ["fail", "judge", "unknown", "pass", "not_applicable"])
def test_a_decided_item_is_not_asked_again_and_overrides_the_evidence(verdict):
    current = decided(walk([item("a")], [said("fail", "a")]), id_of("a"), verdict)
    (standing,) = order.standings(current)
    assert (standing.verdict, standing.decided_by) == (verdict, "decision")
    assert asked(current) == []


def test_a_quick_win_is_never_asked_itself_but_its_evidence_reaches_the_target():
    quick = item("quick", same_as=id_of("a"))
    current = walk([item("a"), quick], [said("fail", "quick")])
    (standing,) = order.queue(current)
    assert standing.step.aliases == (id_of("quick"),)
    assert standing.verdict == "fail"


def test_evidence_that_belongs_to_no_item_is_kept_apart_and_not_lost():
    current = walk([item("a")], [said("fail", "gone")])
    assert [reading.verdict for reading in order.loose(current)] == ["fail"]


def test_the_order_does_not_depend_on_the_order_of_the_evidence():
    items = [item(name) for name in "abc"]
    found = [said("fail", "b", probe="postgres/1"), said("fail", "c", probe="postgres/2")]
    assert walk(items, found) == walk(items, found[::-1])
