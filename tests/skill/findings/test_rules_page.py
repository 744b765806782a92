"""The page of rules says what the rules say."""

from harness import rules_page


def test_the_page_is_that_of_the_rules():
    assert rules_page.PAGE.read_text(encoding="utf-8") == rules_page.content(), "make rules-page"
