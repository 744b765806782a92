"""Rules are found, explain their codes and report no others."""

from __future__ import annotations

import importlib
import re

import pytest
from backend_performance.skill import rules
from backend_performance.skill.findings import codes

from harness.publishing import rules_page


@pytest.mark.slow
def test_every_code_has_one_section_that_explains_and_repairs() -> None:
    headings = re.findall(r"^## (.+)$", rules_page.content(), re.MULTILINE)
    assert sorted(headings) == sorted(codes.explained())
    assert {code for code, why in codes.explained().items() if why.count(".") < 1} == set()


def test_every_module_of_the_folder_is_a_rule_with_codes_of_its_own() -> None:
    seen: dict[str, str] = {}
    for rule in rules.modules():
        assert callable(rule.check)
        assert rule.__doc__
        for code in rule.CODES:
            assert seen.setdefault(code, rule.__name__) == rule.__name__
    assert len(seen) > 50


def test_rules_report_only_codes_that_they_explain() -> None:
    for rule in rules.modules():
        source = importlib.import_module(rule.__name__).__spec__.loader.get_source(rule.__name__)
        reported = set(re.findall(r'\b(?:error|warning|note|report)\(\s*"([a-z-]+)"', source))
        assert reported <= set(rule.CODES) | {"too-many-findings"}, rule.__name__
