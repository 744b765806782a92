"""Whatever a system calls its things, a report holds it as text: nothing runs, links or hides."""

import re
import unicodedata

import pytest
from backend_performance.walk.report import html, markdown
from backend_performance.walk.views import digest
from markdown_it import MarkdownIt

from harness.servers import browser
from tests.walk.report.hostile_evidence import ATTACKS, hostile_walk
from tests.walk.report.reported_walks import built

MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": False})
ACTIVE = {"html_block", "code_block", "blockquote_open", "link_open", "image", "html_inline"}
HIDING = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
BEGUN = re.compile(r"\s*(HIT|::|##\[|[#>|] HIT|- \[ \] HIT)")
#: One that acts in each way; a page of each takes seconds.
IN_BROWSER = ("script", "attribute", "frame", "bidi", "fences and separators")


def hiding(text):
    return {c for c in text if c != "\n" and unicodedata.category(c) in HIDING}


def begun(text):
    """Return the lines that a text of the system begins."""
    return [
        line
        for line in text.split("\n")
        if re.match(r"\s*(HIT|::|##\[|[#>|] HIT|- \[ \] HIT)", line)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_markdown_and_digest_hold_no_markup_of_the_system(name):
    current = hostile_walk(ATTACKS[name], "judge" if len(name) % 2 else "fail")
    page, told = markdown.render(built(current)), digest.render(digest.build(current))
    tokens = MARKDOWN.parse(page)
    children = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in (*tokens, *children)} & ACTIVE == set()
    for text in (page, told):
        assert begun(text) == []
        assert hiding(text) == set()
    assert len(told) <= digest.MAX_CHARACTERS


@pytest.mark.parametrize("verdict", ["fail", "judge"])
def test_lines_of_the_system_begin_no_line_of_a_digest(verdict):
    told = digest.render(digest.build(hostile_walk(ATTACKS["lines"], verdict)))
    assert begun(told) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", IN_BROWSER)
def test_nothing_of_the_system_runs_or_asks_in_a_browser(name, open_page, tmp_path):
    file = tmp_path / "report.html"
    shown = html.render(built(hostile_walk(ATTACKS[name], "fail")))
    file.write_text(shown, encoding="utf-8", errors="replace")
    open_page.open(file.as_uri(), browser.View())
    assert open_page.evaluate("window.ran") is None
    assert open_page.requests == [file.as_uri()]
    assert open_page.complaints == []
    assert hiding(open_page.evaluate("document.body.innerText").replace("\t", "")) == set()
