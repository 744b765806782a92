"""What a strong reader still gets wrong is two links away from the words of the one who asks.

First hop: a link in the symptom table of the entry page. Second hop: a link in the section that
this leads to. The gotcha stands in a section reached so, or inside of one.
"""

from functools import cache

import pytest

from tests.knowledge.tables import (
    enclosing,
    has_source,
    missing_marks,
    rows,
    section_links,
    this_skill,
)

GOTCHAS = rows("gotchas.tsv")
ENTRY = "SKILL.md"


@cache
def _symptoms() -> dict[str, set[str]]:
    """Return the places that each row of the symptom table leads to, by what the user says."""
    page = this_skill().skill.documents[ENTRY]
    [table] = [t for t in page.tables if t.header.cells[0] == "The user says"]
    leads_to: dict[int, set[str]] = {}
    for edge in this_skill().graph.edges:
        if edge.source == ENTRY and edge.anchor:
            leads_to.setdefault(edge.line, set()).add(f"{edge.target}#{edge.anchor}")
    return {row.cells[0]: leads_to.get(row.line, set()) for row in table.rows}


def _places(gotcha: dict[str, str]) -> set[str]:
    """Return all that two hops reach from the gotcha's symptom."""
    first = _symptoms()[gotcha["symptom"]]
    second = {f"{file}#{anchor}" for place in first for file, anchor in section_links(place)}
    return first | second


def test_all_forty_are_placed():
    assert {int(gotcha["number"]) for gotcha in GOTCHAS} == set(range(1, 41))


def test_every_symptom_leads_somewhere():
    assert [says for says, places in _symptoms().items() if not places] == []


@pytest.mark.parametrize("gotcha", GOTCHAS, ids=lambda g: f"{g['number']}-{g['section']}")
def test_gotcha_is_two_hops_from_its_symptom(gotcha):
    reached = _places(gotcha) & set(enclosing(gotcha["section"]))
    assert reached, f"{gotcha['symptom']!r} does not lead to {gotcha['section']}"


@pytest.mark.parametrize("gotcha", GOTCHAS, ids=lambda g: f"{g['number']}-{g['section']}")
def test_gotcha_stands_in_its_section_beside_a_source(gotcha):
    assert has_source(gotcha["section"])
    assert gotcha["marks"] != "-"
    assert missing_marks(gotcha["section"], gotcha["marks"]) == []
