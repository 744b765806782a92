"""Each measured case is cited by an item whose fix it proves, and leads back to its checklist."""

import pytest
from backend_performance.walk import join

from tests.knowledge.tables import ROOT, this_skill

INDEX = "examples/common-bottlenecks.md"
CASES = sorted(
    f"examples/{path.name}"
    for path in (ROOT / "examples").glob("*.md")
    if path.name != "common-bottlenecks.md"
)


def _checklists_citing(case: str) -> set[tuple[str, str | None]]:
    """Return file and anchor of each checklist with an item of its own that cites ``case``."""
    return {
        (listed.file, listed.anchor)
        for listed in this_skill().checklists
        for item in listed.items
        if item.same_as is None
        for reference in item.references
        if reference.file == case
    }


@pytest.mark.parametrize("case", CASES)
def test_case_is_cited_by_an_item_and_leads_back_to_its_checklist(case):
    citing = _checklists_citing(case)
    assert citing, f"no item cites {case}"
    checklists = {(listed.file, listed.anchor) for listed in this_skill().checklists}
    led_to = {(e.target, e.anchor) for e in this_skill().graph.edges if e.source == case}
    assert led_to & checklists == citing


def test_the_index_leads_to_every_case():
    edges = this_skill().graph.edges
    assert {e.target for e in edges if e.source == INDEX} - {INDEX} == set(CASES)


def test_the_walk_knows_every_case_as_the_gain_to_expect():
    """What a finding's report then prints is tested with the reports."""
    steps = join.steps(listed.to_json() for listed in this_skill().checklists)
    assert {case for step in steps for case in step.cases} == set(CASES)
