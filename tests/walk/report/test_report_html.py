"""The HTML report: one file that asks for nothing, and hostile text that stays text."""

import base64
import builtins
import hashlib
import re
from html.parser import HTMLParser

import pytest

pytest.importorskip("jinja2")

from backend_performance import refusal
from backend_performance.walk import order
from backend_performance.walk.report import html as report_html
from backend_performance.walk.report import model
from backend_performance.walk.report import page as page_module
from backend_performance.walk.session import Target

from tests.walk.hostile_texts import HOSTILE
from tests.walk.report.reported_walks import built, full_walk, gallery, hostile_walk
from tests.walk.walk_examples import NOW, evidence, item, walk

VOID = {"meta", "link", "br", "img", "input", "hr", "rect", "line", "path", "circle", "polyline"}


class Page(HTMLParser):
    """Reads a page strictly enough to notice what must not be there."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.attributes, self.text, self.ids = [], [], [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def page(current, **options):
    return Page(report_html.render(model.build(current, NOW), **options))


def test_a_system_that_this_version_does_not_know_keeps_its_name():
    current = walk(targets=[Target("oracle", "DB_URL", {"version": "23"})])
    assert "oracle 23 from DB_URL" in "".join(page(current).text)


def test_the_page_holds_findings_evidence_fix_and_gain():
    html = report_html.render(built(full_walk()))
    text = "".join(Page(html).text)
    for part in (
        "3 causes",
        "1 lead to judge",
        "1. One foreign key has no index",
        "one foreign key has no index",
        "Fix",
        "Unknown: ",
        "33.8 ×",
        "about engines that are not in use",
    ):
        assert part in text


def test_the_page_asks_for_nothing_and_runs_only_the_script_that_its_policy_names():
    html = report_html.render(built(full_walk()))
    found = Page(html)
    assert not set(found.tags) & {"link", "img", "iframe", "object", "base", "form"}
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "src"]
    assert not [v for n, v in found.attributes if n == "href" and not v.startswith("#")]
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    assert ("content", policy) in found.attributes
    assert "url(" not in html and "@import" not in html


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_text(text):
    found, harmless = page(hostile_walk(text)), page(hostile_walk("harmless"))
    assert set(found.tags) <= set(harmless.tags) | {"code"}
    assert {name for name, _ in found.attributes} <= {name for name, _ in harmless.attributes}
    assert not set("".join(found.text)) & {"\x1b", "\u202e", "\u200b"}


def test_headings_and_tables_can_be_navigated():
    found = page(full_walk())
    levels = [int(tag[1]) for tag in found.tags if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert len(found.ids) == len(set(found.ids))
    assert found.tags.count("th") == sum(1 for name, _ in found.attributes if name == "scope")


def test_every_picture_has_its_figures_beside_it():
    text = "".join(page(gallery()).text)
    for figure in ("640 ms", "71.2 %", "180 MB", "61.5 %", "240", "4,500 kB", "all others"):
        assert figure in text
    pictures = re.findall(r"<svg[^>]*>", report_html.render(built(gallery())))
    for picture in pictures:
        is_part = picture.startswith("<svg x=")
        assert is_part or 'aria-hidden="true"' in picture or 'role="img"' in picture
    assert sum('role="img"' in picture for picture in pictures) == 1, "a line needs words"


def test_a_sign_that_redaction_escaped_is_shown_as_it_was():
    row = {"verdict": "judge", "query_untrusted": "select 1 where a &gt; ?", "share_pct": 60}
    reading = evidence("judge", [], probe="postgres/statements-by-total-time", rows=[row])
    text = "".join(page(walk([item()], [reading])).text)
    assert "where a > ?" in text and "&gt;" not in text


def test_states_are_told_by_shape_and_word_not_by_colour_alone():
    assert len(set(page_module.SYMBOLS.values())) == len(order.STATES)
    assert set(page_module.SYMBOLS) == set(order.STATES) == set(order.WORDS)


def test_without_jinja_the_message_says_how_to_get_it(monkeypatch):
    real = builtins.__import__

    def missing(name, *rest, **options):
        if name == "jinja2":
            raise ImportError(name)
        return real(name, *rest, **options)

    page_module.environment.cache_clear()
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(refusal.Refusal, match="pip install 'jinja2"):
        report_html.render(built(walk()))
