"""Each measured case is cited by an item whose fix it proves, and leads back to its checklist."""

import pytest
from backend_performance.walk import join

from tests.knowledge.tables import section_links, this_skill

CASES = "examples/common-bottlenecks.md"
#: Sections of the page that are no case.
NOT_CASES = {"how-to-read-the-figures"}
EXPECTED_CASES = 33


def _cases() -> list[str]:
    page = this_skill().skill.documents[CASES]
    return [h.anchor for h in page.headings if h.level == 2 and h.anchor not in NOT_CASES]


def _checklists_citing(case: str) -> set[tuple[str, str | None]]:
    """Return file and anchor of each checklist with an item of its own that cites ``case``."""
    return {
        (listed.file, listed.anchor)
        for listed in this_skill().checklists
        for item in listed.items
        if item.same_as is None
        for reference in item.references
        if (reference.file, reference.anchor) == (CASES, case)
    }


def test_the_page_has_the_cases_it_is_known_for():
    assert len(_cases()) == EXPECTED_CASES


@pytest.mark.parametrize("case", _cases())
def test_case_is_cited_by_an_item_and_leads_back_to_its_checklist(case):
    citing = _checklists_citing(case)
    assert citing, f"no item cites {CASES}#{case}"
    checklists = {(listed.file, listed.anchor) for listed in this_skill().checklists}
    assert section_links(f"{CASES}#{case}") & checklists == citing


def test_the_walk_knows_every_case_as_the_gain_to_expect():
    """What a finding's report then prints is tested with the reports."""
    steps = join.steps(listed.to_json() for listed in this_skill().checklists)
    known = {case for step in steps for case in step.cases}
    assert known == {f"{CASES}#{case}" for case in _cases()}
