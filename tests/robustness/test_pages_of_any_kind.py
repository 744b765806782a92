"""Whatever a page holds, it is read without an exception and every place in it is true.

``EXAMPLES=20000 pytest tests/robustness`` looks longer than the gate has time for.
"""

import os
import re

import pytest
from backend_performance.skill.markdown import reading
from backend_performance.skill.markdown.anchors import Slugger, slug
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.robustness.document_claims import false_claims
from tests.robustness.markdown_pages import contents, frontmatters, pages

pytestmark = pytest.mark.slow

EXAMPLES = int(os.environ.get("EXAMPLES", "150"))
bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@bounded
@given(contents)
@example(b"`\x00`")
@example(b"* ```sh")
def test_any_bytes_are_read_and_every_place_is_true(data):
    assert false_claims(reading.parse(data, "page.md")) == []


@bounded
@given(pages)
@example("\x0b\ntext with `code`")
@example("\u3000\n0\n===")
@example("\u3000\n- \u3000\n  [ ] box")
@example("\x1c\na ~ b\n---")
@example("- [\n]\n[[")
@example(">  >  \t- a")
@example(">+\n>\n>")
@example(">* x\n>\n\n")
@example(">* x\n>\n>\n\n")
@example("|a|\n|-|\n|\u3000b|")
@example("a\n\n- b\n\n    c `d`\n\ne\n")
@example("- a\n- b\n-     c\n\n# d\n")
@example("a\n---\n\nb\n===\n\n- c\n---\n")
@example("- a\n\n- [ ] b\n\nwww.c.example\n\nd\n")
@example("1. a\n2. b\n10. c\n   d\n11. [x] e\n12. f\n")
def test_every_place_in_markdown_is_true(page):
    assert false_claims(reading.parse(page.encode(), "page.md")) == []


@bounded
@given(frontmatters, pages)
def test_line_ends_change_nothing(matter, page):
    text = (matter + page).replace("\r", "")
    wanted = reading.parse(text.encode(), "page.md")
    for line_end in ("\r\n", "\r"):
        assert reading.parse(text.replace("\n", line_end).encode(), "page.md") == wanted


@bounded
@given(frontmatters, pages)
def test_a_byte_order_mark_adds_one_problem_and_changes_nothing_else(matter, page):
    text = (matter + page).encode()
    plain = reading.parse(text, "page.md")
    marked = reading.parse(b"\xef\xbb\xbf" + text, "page.md")
    assert [problem.code for problem in marked.problems if problem not in plain.problems] == [
        "byte-order-mark"
    ]
    for name in ("lines", "frontmatter", "headings", "links", "fences", "lists", "tables"):
        assert getattr(marked, name) == getattr(plain, name)


@bounded
@given(st.text(max_size=80))
@example("İstanbul ǅ ΑΣ")
def test_a_slug_has_no_space_and_no_upper_case_ascii(text):
    found = slug(text)
    assert " " not in found
    assert not re.search(r"[A-Z!-,./:-@\[-^`{-~]", found)
    assert len(found) <= len(text.strip().lower())


@bounded
@given(st.lists(st.sampled_from(["a", "A", "a 1", "a-1", "a-1-1", "b", "", "-1"]), max_size=30))
def test_numbered_anchors_are_unique(titles):
    slugger = Slugger()
    anchors = [slugger.unique(title) for title in titles]
    assert len(set(anchors)) == len(anchors)


@bounded
@given(st.text(alphabet="abc:\n\"'[]{}&*!|>#%- \t0123?,@`\x00\ud800é", max_size=200))
def test_frontmatter_is_read_or_refused_with_a_place(block):
    data = f"---\n{block}\n---\nbody".encode("utf-8", "surrogatepass")
    page = reading.parse(data, "page.md")
    for problem in page.problems:
        assert 1 <= problem.line <= len(page.lines)
        assert problem.message
        assert problem.hint
