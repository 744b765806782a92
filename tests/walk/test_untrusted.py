"""Text from the audited system is data: whatever it says, it stays one inert line."""

import pytest
from backend_performance.walk import order, untrusted
from backend_performance.walk.report import markdown, model
from backend_performance.walk.views import card
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.walk.hostile_texts import HOSTILE
from tests.walk.walk_examples import NOW, evidence, item, walk

MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": False})


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_cell_is_one_code_span_in_one_column(text):
    table = f"| a | b |\n| --- | --- |\n| {untrusted.cell(text)} | end |\n"
    tokens = [token.type for token in MARKDOWN.parse(table)]
    assert tokens.count("td_open") == 2
    inline = [token for token in MARKDOWN.parse(table) if token.type == "inline"][2:]
    assert [child.type for child in inline[0].children] == ["code_inline"]
    assert inline[1].content == "end"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_sentence_is_text_and_code_only(text):
    (_, inline, _) = MARKDOWN.parse(f"Reason: {untrusted.sentence(text)}")
    assert {child.type for child in inline.children} <= {"text", "text_special", "code_inline"}


@pytest.mark.slow
@given(st.text())
def test_any_text_becomes_one_short_line(text):
    for made in (untrusted.plain(text), untrusted.code(text), untrusted.sentence(text)):
        assert len(made.splitlines()) <= 1
        assert not set(made) & {"\x1b", "\u202e", "\u200b", "\ufeff"}
    assert len(untrusted.plain(text)) <= untrusted.MAX_TEXT


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"),
        ("", "—"),
        (True, "`yes`"),
        (0, "`0`"),
        (0.123456789, "`0.123457`"),
        (12345678.9, "`12345679`"),
        (["a", "b"], "`a, b`"),
        ("select &#96;a&#96; from b where c &lt; 5", "`select 'a' from b where c < 5`"),
        ({"op": ">=", "value": 5}, "`op=>=, value=5`"),
    ],
)
def test_values_are_shown_as_people_read_them(value, shown):
    assert untrusted.code(value) == shown


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("full", [False, True], ids=["short", "full"])
def test_a_report_of_a_hostile_system_holds_no_markup_of_it(text, full):
    hostile = evidence(
        "judge",
        reason=f"table {text} is large",
        question=f"Is {text} used?",
        caveats=[text],
        source=text,
        rows=[{f"name_untrusted {text}": text, "n": 1}] * 9,
        observed={text or "x": text},
        threshold={"rows": text},
    )
    loose = hostile | {"items": ["gone"], "verdict": "fail"}
    current = walk([item(), item("b")], [hostile, loose])
    rendered = markdown.render(model.build(current, NOW), full=full)
    tokens = MARKDOWN.parse(rendered)
    assert not [
        t for t in tokens if t.type in ("html_block", "fence", "code_block", "blockquote_open")
    ]
    inline = [child for t in tokens if t.type == "inline" for child in t.children]
    assert not [c for c in inline if c.type in ("link_open", "image", "html_inline")]
    headings = [t.content for t in tokens if t.type == "inline" and t.content.startswith("Heading")]
    assert headings == []
    shown = card.text(order.queue(current)[0], 1, 1)
    assert not set(shown) & {"\x1b", "\u202e", "\u2028", "\x9b"}
