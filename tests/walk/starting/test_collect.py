"""A skill's pages are parsed once, and again as soon as one of them is another."""

import os
import time

import pytest
from backend_performance.skill import package
from backend_performance.walk.starting import collect

PAGE = "# Page\n\n## Lists\n\n- [ ] **{}.** Why it pays.\n"
METRICS = """
<!-- metrics -->
| Metric | Target | Action trigger |
| --- | --- | --- |
| Response time p95 | < 200 ms | > 500 ms |
"""


@pytest.fixture
def skill(tmp_path, monkeypatch):
    """A skill, older than the moment, and the list of folders that were parsed."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "skill"
    (folder / "references").mkdir(parents=True)
    head = "---\nname: skill\ndescription: Lists.\n---\n\n[Page](references/page.md)\n"
    (folder / "SKILL.md").write_text(head + METRICS)
    (folder / "references" / "page.md").write_text(PAGE.format("Measure it"))
    parsed = []
    load = package.load
    monkeypatch.setattr(package, "load", lambda path: parsed.append(path) or load(path))
    time.sleep(0.02)
    return folder, parsed


def titles(folder):
    return [step.title for step in collect.content(folder).steps]


def test_items_and_key_metrics_come_of_one_parse(skill):
    folder, parsed = skill
    first, again = (collect.content(folder) for _ in range(2))
    assert first == again and len(parsed) == 1
    assert [row["metric"] for row in first.metrics] == ["Response time p95"]


def test_a_page_that_changed_is_read_again(skill):
    folder, _ = skill
    assert titles(folder) == ["Measure it"]
    (folder / "references" / "page.md").write_text(PAGE.format("Measure 2"))
    assert titles(folder) == ["Measure 2"]


@pytest.mark.parametrize("place", ["references", "references/deeper", "assets"])
def test_a_page_that_is_new_is_read(skill, place):
    folder, _ = skill
    (folder / place).mkdir(exist_ok=True)
    time.sleep(0.02)
    titles(folder)
    (folder / place / "more.md").write_text(PAGE.format("Measure more"))
    assert sorted(titles(folder)) == ["Measure it", "Measure more"]


def test_a_file_of_somebody_else_is_not_believed(skill):
    folder, parsed = skill
    titles(folder)
    (kept,) = (folder.parent / "state").rglob("items.json")
    kept.write_text(kept.read_text().replace("Measure it", "Run rm"))
    assert titles(folder) == ["Measure it"] and len(parsed) == 2
    assert os.stat(kept).st_mode & 0o077 == 0
