"""Two walks side by side: the loop measure → fix → verify closes, and a regression stands out."""

import json

import pytest
from backend_performance.walk import compare
from backend_performance.walk.report import comparison

from tests.walk.walk_examples import decided, evidence, item, walk


def id_of(name):
    return f"database/indexing/{name}"


def state(verdict, observed=0):
    found = [evidence(verdict, [id_of("a")], observed={"slow": observed})] if verdict else []
    return walk([item("a")], found)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("fail", "pass", "fixed"),
        ("fail", "not_applicable", "fixed"),
        ("fail", "fail", "unchanged"),
        ("pass", "fail", "new"),
        (None, "fail", "new"),
        ("unknown", "fail", "new"),
        ("fail", "unknown", "lost"),
        ("fail", None, "lost"),
        ("pass", "unknown", "other"),
        ("judge", "pass", "other"),
        ("pass", "pass", None),
    ],
)
def test_a_change_is_called_what_it_is(old, new, kind):
    found = compare.build(state(old), state(new))
    assert [change.kind for change in found.changes] == ([kind] if kind else [])
    assert found.is_regression == (kind == "new")


def test_a_failure_that_can_no_longer_be_seen_is_not_called_fixed():
    text = comparison.markdown(compare.build(state("fail"), state("unknown")))
    assert "nor shown to be fixed" in text
    assert "## Fixed" not in text


@pytest.mark.parametrize("other", ["unknown", "judge"])
def test_a_failure_whose_probe_passes_is_fixed_whatever_another_probe_cannot_tell(other):
    def seen(verdict):
        about = [id_of("a")]
        return walk(
            [item("a")],
            [
                evidence(verdict, about, probe="postgres/first"),
                evidence(other, about, probe="postgres/second"),
            ],
        )

    assert [c.kind for c in compare.build(seen("fail"), seen("pass")).changes] == ["fixed"]


def test_observed_numbers_are_compared_with_their_ratio():
    found = compare.build(state("fail", 5000), state("pass", 50))
    assert "`slow` 5,000 → 50 (÷ 100)" in comparison.markdown(found)
    content = json.loads(json.dumps(found.to_json()))
    assert content["changes"][0]["figures"] == [
        {"name": "slow", "before": 5000.0, "after": 50.0, "ratio": 100.0}
    ]
    assert content["summary"] == {"new": 0, "fixed": 1, "unchanged": 0, "lost": 0, "other": 0}


def test_measured_figures_of_a_decision_are_shown():
    new = decided(state("fail"), id_of("a"), "pass", before="812ms", after="24ms")
    assert "measured `812ms` → `24ms` (÷ 33.8)" in comparison.markdown(
        compare.build(state("fail"), new)
    )


def test_findings_without_an_item_are_compared_by_their_probe():
    old, new = (walk([item()], [evidence(verdict, ["gone"])]) for verdict in ("pass", "fail"))
    assert compare.build(old, new).is_regression


def test_items_that_came_or_went_with_another_version_are_told_apart():
    found = compare.build(walk([item("a"), item("b")]), walk([item("a"), item("c")]))
    assert {(c.id, c.before, c.after) for c in found.changes} == {
        (id_of("b"), "open", "absent"),
        (id_of("c"), "absent", "open"),
    }


def test_what_a_probe_counts_of_its_own_work_is_no_figure():
    old, new = (
        walk([item()], [evidence("fail", observed={"examined": n, "fail": n, "rows": n})])
        for n in (1, 2)
    )
    (change,) = compare.build(old, new).changes
    assert [(each.name, each.before, each.after) for each in change.figures] == [("rows", 1, 2)]


def test_findings_are_counted_per_cause():
    row = {"verdict": "fail", "index_name": "public.a", "covered_by": "public.z"}
    rows = [row | {"index_name": f"public.{name}"} for name in "abcdef"]
    old, new = (
        walk([item()], [evidence("fail", probe="postgres/duplicate-indexes", rows=found)])
        for found in (rows, rows[:1])
    )
    (cause,) = compare.build(old, new).causes
    assert (cause.before, cause.after, cause.kind) == (6, 1, "unchanged")
    assert "| 6 | 1 |" in comparison.markdown(compare.build(old, new))


def test_what_only_one_walk_asked_is_said_once_and_not_item_by_item():
    old = walk([item("a")], parameters={"instances": 6})
    new = walk([item("a"), item("b"), item("c")], parameters={"instances": 2})
    text = comparison.markdown(compare.build(old, new))
    assert "given as instances 6, then as instances 2" in text
    assert "Not listed: 2 items" in text
    assert "absent" not in text


@pytest.mark.parametrize(
    ("name", "before", "after", "is_told"),
    [
        ("statistics_hours", 0.3, 9.0, False),
        ("slow", 100, 105, False),
        ("slow", 100, 300, True),
    ],
)
def test_ages_and_noise_are_no_figures(name, before, after, is_told):
    old, new = (walk([item()], [evidence("fail", observed={name: n})]) for n in (before, after))
    (change,) = compare.build(old, new).changes
    assert bool(change.figures) == is_told
