"""A browser for the tests of pages, and axe-core, which looks at them for accessibility."""

import importlib.util
from pathlib import Path

import pytest

from harness.servers import browser
from harness.servers.engines import missing, require_or_skip


@pytest.fixture(scope="module")
def open_page():
    with browser.running(require_or_skip("chromium")) as started:
        yield started.page()


@pytest.fixture(scope="module")
def axe():
    """Return the text of axe-core; the package that carries it is never imported."""
    found = importlib.util.find_spec("axe_playwright_python")
    if found is None:
        missing("axe-core is not here: pip install --no-deps axe-playwright-python")
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")
