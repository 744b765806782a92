"""The page of rules says what the rules say."""

import pytest

from harness.publishing import rules_page


@pytest.mark.slow
def test_the_page_is_that_of_the_rules():
    assert rules_page.PAGE.read_text(encoding="utf-8") == rules_page.content(), "make rules-page"
