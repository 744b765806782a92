"""The changelog names what there is, and its versions are those of the package."""

import re
from pathlib import Path

from backend_performance import __version__

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_newest_version_is_the_packages():
    versions = re.findall(r"(?m)^## (?:\[)?(\d+\.\d+\.\d+)", TEXT)
    assert TEXT.count("\n## Unreleased\n") == 1
    assert versions[:1] in ([], [__version__]) and __version__ in TEXT


def test_every_script_is_named():
    assert [p.name for p in (ROOT / "scripts").glob("*.py") if f"`{p.name}" not in TEXT] == []
