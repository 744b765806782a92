"""The HTML report in a real browser: nothing overflows, nothing is asked for, nothing complains."""

import re

import pytest

pytest.importorskip("jinja2")

from backend_performance.walk import compare
from backend_performance.walk.report import comparison, html
from backend_performance.walk.report.page import TEMPLATES

from harness.servers import browser
from tests.walk.hostile_texts import HOSTILE
from tests.walk.report.page_questions import SIZES, VIOLATIONS
from tests.walk.report.reported_walks import built, full_walk, gallery, hostile_walk

STYLES = TEMPLATES / "report.css"
PAGES = {
    "comparison": (full_walk(), gallery()),
    "walk": full_walk(),
    "every chart": gallery(),
    "hostile": hostile_walk(" ".join(HOSTILE.values())),
    "one long word": hostile_walk("x" * 5_000),
}
HEADINGS = "document.querySelectorAll('h1, h2, h3').length"


@pytest.fixture
def address(request, tmp_path):
    """Return where the report of one walk lies."""
    file = tmp_path / "report.html"
    shown = PAGES[request.param]
    if isinstance(shown, tuple):
        page = comparison.html(compare.build(*shown))
    else:
        page = html.render(built(shown))
    file.write_text(page, encoding="utf-8", errors="replace")
    return file.as_uri()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("address", PAGES, indirect=True)
def test_the_page_fits_a_phone_and_a_desk_without_complaint(address, width, open_page):
    open_page.open(address, browser.View(width))
    assert open_page.evaluate(HEADINGS) >= 3, "the page was not shown"
    content, room = open_page.evaluate(SIZES)
    assert width - 20 <= room <= width
    assert content <= room
    assert open_page.complaints == []
    assert open_page.requests == [address]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("address", PAGES, indirect=True)
def test_axe_finds_no_violation(address, width, theme, open_page, axe):
    open_page.open(address, browser.View(width, theme=theme))
    open_page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    open_page.evaluate(axe + "; true")
    assert open_page.evaluate(VIOLATIONS) == []


def test_the_browser_would_have_told(open_page, axe, tmp_path):
    """Each of the checks above fails on a page that deserves it."""
    bad = tmp_path / "bad.html"
    bad.write_text(
        "<!doctype html><body><div style='width: 2000px; color: #ccc'>Pale words</div>"
        "<img src='missing.png'><script>console.error('no')</script>",
        encoding="utf-8",
    )
    open_page.open(bad.as_uri(), browser.View(360))
    content, room = open_page.evaluate(SIZES)
    assert content > room
    assert open_page.complaints != []
    assert len(open_page.requests) == 2
    open_page.evaluate(axe + "; true")
    rules = {text.partition(":")[0] for text in open_page.evaluate(VIOLATIONS)}
    assert {"image-alt", "color-contrast", "html-has-lang"} <= rules


@pytest.mark.parametrize("address", PAGES, indirect=True)
def test_paper_shows_what_is_folded_and_cuts_nothing_off(address, open_page):
    open_page.open(address, browser.View(720, theme="dark", medium="print"))
    wide = """[...document.querySelectorAll('table, svg')].map(
        each => each.getBoundingClientRect().right).filter(right => right > innerWidth)"""
    assert open_page.evaluate(wide) == []
    seen = """[...document.querySelectorAll('details > :not(summary)')].every(
        each => each.getBoundingClientRect().height > 0)"""
    assert open_page.evaluate(seen)
    colour = "getComputedStyle(document.body)"
    assert open_page.evaluate(f"{colour}.backgroundColor") == "rgb(255, 255, 255)"
    assert open_page.evaluate(f"{colour}.color") == "rgb(0, 0, 0)"


def palettes():
    """Return the light and the dark colours by name."""
    css = STYLES.read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", css, re.S)
    light, dark = (dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in blocks[:2])
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first, second):
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrasts_meet_wcag_aa(theme):
    colours = palettes()[theme]
    for text in ("ink", "soft", "link", "fail", "judge", "unknown", "pass"):
        for ground in ("page", "card"):
            assert contrast(colours[text], colours[ground]) >= 4.5, f"{text} on {ground}"
    assert contrast(colours["ink"], colours["code"]) >= 4.5
    assert contrast(colours["soft"], colours["code"]) >= 4.5
    for bar in ("fail", "bar"):
        assert contrast(colours[bar], colours["code"]) >= 3, f"{bar} on its ground"
