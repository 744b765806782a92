"""docs/probes.md says what the probe files say."""

from harness.publishing import probes_page


def test_the_page_is_current():
    page = probes_page.PAGE.read_text(encoding="utf-8")
    assert page == probes_page.content(), "run: make probes-page"
