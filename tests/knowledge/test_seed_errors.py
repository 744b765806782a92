"""Each common rule that is wrong or half true is corrected where a reader who knows it looks.

The section cites what the correction rests on, and has its figure or setting where there is one.
"""

import pytest

from tests.knowledge.tables import missing_marks, rows, section_urls

ERRORS = rows("seed_errors.tsv")
#: How many rules of the seed do not hold as they stood; more may be added, none may go.
CORRECTED = 40


def test_none_is_left_out():
    assert len({error["old_rule"] for error in ERRORS}) == len(ERRORS) == CORRECTED


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: e["old_rule"])
def test_the_section_has_the_figure_or_setting_that_refutes_the_old_rule(error):
    assert missing_marks(error["section"], error["mark"]) == []


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: e["old_rule"])
def test_the_section_cites_what_the_correction_rests_on(error):
    cited = section_urls(error["section"])
    assert [url for url in cited if error["source"] in url], sorted(cited)
