"""The report: findings by impact with what they rest on, the unknown with how to know it."""

import json
from dataclasses import replace

import pytest
from backend_performance import schemas
from backend_performance.walk import figure
from backend_performance.walk.report import markdown
from backend_performance.walk.session import Target
from jsonschema import Draft202012Validator

from tests.walk.report.reported_walks import built, full_walk, id_of
from tests.walk.walk_examples import decided, evidence, item, walk


def test_the_json_report_conforms_to_its_schema():
    schema = schemas.load("report")
    Draft202012Validator.check_schema(schema)
    for current in (full_walk(), walk()):
        content = json.loads(json.dumps(built(current).to_json()))
        Draft202012Validator(schema).validate(content)


def test_counts_by_area_add_up_to_the_items():
    found = built(full_walk())
    assert found.totals == {
        "fail": 2,
        "judge": 1,
        "unknown": 1,
        "open": 1,
        "pass": 1,
        "not_applicable": 0,
        "not_asked": 1,
    }
    assert sum(sum(area.counts.values()) for area in found.areas) == len(found.entries)


def test_failures_count_also_where_no_item_is_tied_to_them():
    assert built(full_walk()).failures == 3


def test_the_markdown_report_has_causes_by_impact_with_all_they_rest_on():
    text = markdown.render(built(full_walk()))
    first, second, third = (text.index(f"### {number}. ") for number in (1, 2, 3))
    section = text[first:second]
    for part in (
        "### 1. One foreign key has no index",
        "impact high · effort low · `postgres/b`",
        "**fail** by `postgres/b`: one foreign key has no index",
        "| `orders` | `50000` |",
        "Threshold: `child_rows` `10000`",
        "- **Fix:** `CREATE INDEX CONCURRENTLY …`",
        "- **Verify:** run the check again",
        "- **Read:** `references/x.md#y`",
    ):
        assert part in section
    assert "impact low" in text[second:third] and "`postgres/e`" in text[third:]
    assert "| 1 | One foreign key has no index | — | — | low |" in text


def test_a_statement_to_run_is_in_the_report_with_its_lock_and_risk():
    row = {"verdict": "fail", "table_name": "public.orders", "changed": 9, "changed_pct": 90}
    stale = evidence("fail", probe="postgres/stale-statistics", rows=[row])
    text = markdown.render(built(walk(evidence=[stale])))
    block = text[text.index("```sql") :]
    assert block.splitlines()[1].startswith("-- lock: SHARE UPDATE EXCLUSIVE")
    assert block.splitlines()[2] == "ANALYZE public.orders;"


def test_what_could_not_be_known_says_how_to_get_it():
    text = markdown.render(built(full_walk()))
    section = text[text.index("## Unknown") :]
    assert "`postgres/d`: the role may not. To find out: GRANT pg_monitor TO probe" in section
    current = decided(walk(), id_of("index-foreign-keys"), "unknown", note="no access to the logs")
    text = markdown.render(built(current))
    assert "no access to the logs (Index foreign keys)" in text


def test_measured_gains_are_set_side_by_side():
    text = markdown.render(built(full_walk()))
    assert "| Fixed | pass | `812ms` | `24 ms` | 33.8 × |" in text


@pytest.mark.parametrize("part", ["**Check:**", "Caveats: Row counts", "\n- Fixed (by decision"])
def test_the_complete_report_says_more(part):
    found = built(full_walk())
    assert part in markdown.render(found, full=True)
    assert part not in markdown.render(found)


def test_the_short_report_asks_a_question_once_and_counts_what_it_leaves_out():
    names = [f"item-{number}" for number in range(40)]
    asked = evidence("judge", [id_of(name) for name in names], probe="postgres/c")
    text = markdown.render(built(walk([item(name) for name in names] + [item("open")], [asked])))
    assert text.count("Does it matter?") == 1
    assert "Not listed: 1 open." in text


def test_a_pull_request_can_hold_the_short_report():
    """GitHub refuses bodies of more than 65,536 characters."""
    items = [item(f"item-{number}") for number in range(150)]
    rows = [{"child_untrusted": "x" * 300, "child_rows": n} for n in range(50)]
    found = [
        evidence("fail", [i["id"]], probe=f"postgres/p{n}", rows=rows)
        for n, i in enumerate(items[:25])
    ]
    found += [
        evidence("unknown", [i["id"]], probe=f"postgres/u{n}", rows=[])
        for n, i in enumerate(items[25:75])
    ]
    assert len(markdown.render(built(walk(items, found)))) < 65_536


@pytest.mark.parametrize(
    ("rows", "observed", "is_table"),
    [
        ([{"reserved": 3, "usable": 97, "in_use": 2}], {"usable": 97, "in_use": 2}, False),
        ([{"table_name": "carts", "on": False, "rows": 5}], {"on": False}, True),
        ([{"a": 1}, {"a": 2}], {"a": 1}, True),
        ([], {"a": 1}, False),
    ],
)
def test_one_things_figures_are_said_once(rows, observed, is_table):
    found = evidence("fail", rows=rows, observed=observed | {"examined": 3}, threshold={})
    text = markdown.render(built(walk(evidence=[found])))
    section = text[text.index("### 1. ") :]
    assert ("| ---" in section, "Observed: " in section) == (is_table, not is_table)
    assert "examined" not in section


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (None, "`references/x.md#y`"),
        (".", "[references/x.md#y](<references/x.md#y>)"),
        ("skills/bp", "[references/x.md#y](<skills/bp/references/x.md#y>)"),
    ],
)
def test_pages_are_links_where_the_report_lies_beside_the_skill(links, expected):
    assert expected in markdown.render(built(full_walk()), links=links)


def test_a_walk_without_failure_says_so():
    text = markdown.render(built(walk()))
    assert "No failure was found." in text
    assert built(walk()).failures == 0


def test_the_same_session_gives_the_same_report():
    first, second = (markdown.render(built(full_walk()), full=True) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("before", "after", "ratio"),
    [
        ("812ms", "24ms", 33.8),
        ("1.2 s", "300ms", 4.0),
        ("2min", "1s", 120.0),
        ("1,5 s", "500 ms", 3.0),
        ("4 GB", "1GB", 4.0),
        ("1 MiB", "512 KiB", 2.0),
        ("5000", "1", 5000.0),
        ("40 %", "10%", 4.0),
        ("5 ms", "3 MB", None),
        ("fast", "1ms", None),
        ("1ms", None, None),
        ("1ms", "0ms", None),
        ("", "", None),
    ],
)
def test_ratios_are_only_given_between_figures_of_one_kind(before, after, ratio):
    assert figure.ratio(before, after) == (pytest.approx(ratio, rel=0.01) if ratio else None)


def test_a_lead_of_code_is_reported_with_its_place():
    row = {"verdict": "judge", "lead": 1, "file": "shop/a.py", "line": 7, "function": "pay"}
    about = {"kind": "function", "column": "function"}
    reading = evidence("judge", [], probe="code/n-plus-one", rows=[row], subject=about)
    current = replace(walk([item()], [reading]), targets=(Target("code", "", {"lines": 9}),))
    text = markdown.render(built(current))
    assert "At `shop/a.py:7`." in text
    assert "- code\n" in text, "no variable holds the address of a code base"
