"""Small modules in rooms that a newcomer can survey: the limits that CONTRIBUTING names."""

from collections import Counter
from pathlib import Path

LIBRARY = Path(__file__).parents[2] / "scripts" / "backend_performance"
MODULES = sorted(LIBRARY.rglob("*.py"))
#: Lines of one module, and modules side by side in one folder.
MAX_LINES, MAX_MODULES = 250, 15


def test_no_module_is_longer_than_a_reader_can_hold():
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert len(lines) > 300, "the library was not found"
    assert {str(path): count for path, count in lines.items() if count > MAX_LINES} == {}


def test_no_folder_holds_more_modules_than_a_reader_can_survey():
    beside = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    assert {str(folder): n for folder, n in beside.items() if n > MAX_MODULES} == {}
