"""A page is read one section at a time: sections are small, and paragraphs hold one thought."""

import pytest

from tests.knowledge.tables import this_skill
from tests.prose import paragraphs, sections

SECTION_TOKENS, PARAGRAPH_CHARACTERS = 600, 600
PAGES = sorted(n for n in this_skill().skill.documents if n.startswith("references/"))


@pytest.mark.parametrize("page", PAGES)
def test_each_section_costs_little(page):
    """Checklists are read item by item, so their sections may be longer."""
    text = this_skill().skill.documents[page].text
    long = {
        heading: tokens
        for heading, tokens in sections(text)
        if tokens > SECTION_TOKENS and not heading.lower().endswith("checklist")
    }
    assert long == {}


@pytest.mark.parametrize("page", PAGES)
def test_each_paragraph_is_short(page):
    text = this_skill().skill.documents[page].text
    assert [p for p in paragraphs(text) if len(p) > PARAGRAPH_CHARACTERS] == []
