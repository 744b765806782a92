"""Every topic that this knowledge base must hold has sections with substance, and items.

``seed``: the rows of what the skill began with. ``more``: what readers of this field need beyond;
one row there names several topics, which are listed apart. ``found``: what two reviews missed.
"""

import pytest

from tests.knowledge.tables import has_section, items, listed, rows, section_text

TOPICS = rows("coverage.tsv")
ROWS = {"seed": 21, "more": 17, "found": 12}
#: A heading with a sentence below is no coverage: the shortest section here has 48 words.
MIN_WORDS = 45
#: Topics that are about the entry page or the examples and have no items of their own.
WITHOUT_ITEMS = {("seed", "1"), ("seed", "18"), ("seed", "21")}


@pytest.mark.parametrize("part", ROWS)
def test_no_row_is_left_out(part):
    found = {int(topic["row"]) for topic in TOPICS if topic["part"] == part}
    assert found == set(range(1, ROWS[part] + 1))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda t: f"{t['part']}-{t['row']}-{t['topic']}")
def test_topic_has_sections_with_substance(topic):
    places = listed(topic["sections"])
    assert [place for place in places if not has_section(place)] == []
    texts = {place: section_text(place) for place in places}
    assert {p: len(t.split()) for p, t in texts.items() if len(t.split()) < MIN_WORDS} == {}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda t: f"{t['part']}-{t['row']}-{t['topic']}")
def test_topic_has_items(topic):
    if (topic["part"], topic["row"]) in WITHOUT_ITEMS:
        assert topic["items"] == "-"
        return
    named = listed(topic["items"])
    assert named and [name for name in named if name not in items()] == []


def test_every_item_serves_a_topic():
    """An item that no topic asks for is either a gap in the table or advice without a place."""
    named = {name for topic in TOPICS for name in listed(topic["items"])}
    assert sorted(set(items()) - named) == []
