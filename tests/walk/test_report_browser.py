"""The HTML report in a real browser: nothing overflows, nothing is asked for, nothing complains."""

import html
import json
import re
import shutil
import subprocess

import pytest

pytest.importorskip("jinja2")

from backend_performance.walk import report_html
from test_report import built, full_walk
from test_report_html import hostile_walk
from test_untrusted import HOSTILE

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
STYLES = report_html._TEMPLATES / "report.css"
#: A page that shows the report in frames of these widths and says how wide its content became.
FRAMES = """<!doctype html><body>{frames}<pre id="found"></pre><script>
addEventListener("load", () => {{
  found.textContent = JSON.stringify([...document.querySelectorAll("iframe")].map(frame => ({{
    width: frame.clientWidth,
    content: frame.contentDocument.documentElement.scrollWidth,
    headings: frame.contentDocument.querySelectorAll("h1, h2, h3").length,
    asked: frame.contentWindow.performance.getEntriesByType("resource").length,
  }})));
}});
</script></body>
"""


def opened(page, folder):
    """Return what the browser says about the page at both widths, and its complaints."""
    frames = "".join(
        f'<iframe style="border:0;width:{width}px;height:900px" srcdoc="{html.escape(page)}">'
        "</iframe>"
        for width in (360, 1280)
    )
    file = folder / "frames.html"
    file.write_text(FRAMES.format(frames=frames), encoding="utf-8", errors="replace")
    done = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
         f"--user-data-dir={folder / 'profile'}", "--window-size=1700,1000",
         "--virtual-time-budget=5000", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=60,
    )  # fmt: skip
    said = re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.S)
    assert said and said[1], done.stderr[-2_000:]
    complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return json.loads(html.unescape(said[1])), complaints


@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
@pytest.mark.parametrize(
    "current",
    [full_walk(), hostile_walk(" ".join(HOSTILE.values())), hostile_walk("x" * 5_000)],
    ids=["walk", "hostile", "one long word"],
)
def test_the_page_fits_a_phone_and_a_desk_without_complaint(current, tmp_path):
    page = report_html.render(built(current))
    found, complaints = opened(page, tmp_path)
    assert complaints == []
    assert [frame["width"] for frame in found] == [360, 1280]
    for frame in found:
        assert frame["headings"] > 3, "the page was not shown"
        assert frame["content"] <= frame["width"]
        assert frame["asked"] == 0


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
