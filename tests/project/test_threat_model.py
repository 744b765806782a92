"""The threat model names commands, modules and tests that exist."""

import re
from pathlib import Path

from backend_performance.diagnosis import engines

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
LIBRARY = ROOT / "scripts" / "backend_performance"


def test_every_script_and_every_system_has_a_row():
    commands = TEXT.partition("## What each command may do")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([\w.-]+)", commands))
    assert {path.name for path in (ROOT / "scripts").glob("*.py")} <= named
    systems = {engine.name for engine in engines.all_engines()}
    assert [name for name in systems if not re.search(rf"\b{name}\b", commands)] == []


def test_every_promise_names_a_module_and_a_test():
    rows = re.findall(r"(?m)^\| [A-Z][^|]+ \| (.+?) \| (.+?) \|$", TEXT.partition("## Promises")[2])
    assert len(rows) > 6
    for kept, tested in rows:
        for name in re.findall(r"`([^`]+)`", kept):
            assert list(LIBRARY.glob(name)) or list(ROOT.glob(name)), name
        for name in re.findall(r"`([^`]+)`", tested):
            assert list(ROOT.glob(name)), name
