"""Small modules in rooms that a newcomer can survey: the limits that CONTRIBUTING names."""

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path
    for folder in ("scripts", "harness", "benchmarks", "tests")
    for path in (ROOT / folder).rglob("*.py")
)
#: Lines of one module, and modules side by side in one folder; tests are tables, often longer.
MAX_LINES, MAX_LINES_OF_TESTS, MAX_MODULES = 250, 350, 16


@pytest.mark.parametrize("tests", [False, True], ids=["library", "tests"])
def test_no_module_is_longer_than_a_reader_can_hold(tests):
    limit = MAX_LINES_OF_TESTS if tests else MAX_LINES
    long = {
        str(path.relative_to(ROOT)): lines
        for path in MODULES
        if (path.relative_to(ROOT).parts[0] == "tests") == tests
        if (lines := path.read_text(encoding="utf-8").count("\n")) > limit
    }
    assert long == {}


def test_no_folder_holds_more_modules_than_a_reader_can_survey():
    beside = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    assert {str(f.relative_to(ROOT)): n for f, n in beside.items() if n > MAX_MODULES} == {}
