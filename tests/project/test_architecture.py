"""The page for people who change the code names files and folders that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "scripts" / "backend_performance"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
#: Paths on the page are below one of these.
BASES = (
    ROOT,
    LIBRARY,
    LIBRARY / "skill" / "markdown",
    LIBRARY / "skill" / "links",
    LIBRARY / "skill" / "checklists",
)


def test_every_path_on_the_page_exists():
    names = set(re.findall(r"`([a-z_./-]+(?:\.py|/))`", PAGE))
    missing = [
        name
        for name in sorted(names)
        if not any((base / name).exists() for base in BASES) and not _of_a_system(name)
    ]
    assert len(names) > 25 and missing == []


def _of_a_system(name: str) -> bool:
    """`engine.py` and `run.py` are those of each system."""
    return (LIBRARY / "diagnosis" / "postgres" / name).exists()


def test_every_package_of_the_library_is_named():
    packages = {
        path.parent.name
        for layer in ("skill", "diagnosis", "walk")
        for path in (LIBRARY / layer).glob("*/__init__.py")
    }
    assert [name for name in sorted(packages) if not re.search(rf"\b{name}\b", PAGE)] == []
