"""A page is read one section at a time: sections are small, and paragraphs hold one thought."""

import pytest

from tests.knowledge.tables import this_skill
from tests.prose import paragraphs, sections

SECTION_TOKENS, PARAGRAPH_CHARACTERS = 600, 600
#: Pages that are above a limit, and by how much they are at most. Only ever lowered.
ABOVE = {
    "references/profiling-and-monitoring.md": (1_065, 635),
}
PAGES = sorted(n for n in this_skill().skill.documents if n.startswith("references/"))


def _limits(page):
    return ABOVE.get(page, (SECTION_TOKENS, PARAGRAPH_CHARACTERS))


@pytest.mark.parametrize("page", PAGES)
def test_each_section_costs_little(page):
    """Checklists are read item by item, so their sections may be longer."""
    text = this_skill().skill.documents[page].text
    long = {
        heading: tokens
        for heading, tokens in sections(text)
        if tokens > _limits(page)[0] and not heading.lower().endswith("checklist")
    }
    assert long == {}


@pytest.mark.parametrize("page", PAGES)
def test_each_paragraph_is_short(page):
    text = this_skill().skill.documents[page].text
    assert [p for p in paragraphs(text) if len(p) > _limits(page)[1]] == []


@pytest.mark.parametrize("page", ABOVE)
def test_no_page_is_excused_that_keeps_the_limits(page):
    text = this_skill().skill.documents[page].text
    tokens = [n for heading, n in sections(text) if not heading.lower().endswith("checklist")]
    characters = [len(each) for each in paragraphs(text)]
    assert max(tokens) > SECTION_TOKENS or max(characters) > PARAGRAPH_CHARACTERS
