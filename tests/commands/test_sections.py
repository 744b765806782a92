"""``checklists.py --section``: one section of a page, for the price of one section."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from backend_performance.commands import checklists
from backend_performance.skill import inspection
from backend_performance.skill.links import section
from backend_performance.skill.rules.pages.body_budget import tokens_of

from tests.knowledge.tables import ROOT, this_skill

SKILL = """\
---
name: small
description: Shows sections. Use when testing a reader.
---

# Small

Top.

## One

First.

### Below one

Deeper.

## Two

Second.
"""
PAGE = "# Page\n\n## One\n\n" + "Word. " * 900 + "\n\n### Sub\n\nSub text.\n\n## Last\n\nEnd.\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "references").mkdir()
    (tmp_path / "SKILL.md").write_text(SKILL, encoding="utf-8")
    (tmp_path / "references" / "page.md").write_text(PAGE, encoding="utf-8")
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], skill: Path, *places: str) -> str:
    assert checklists.main([str(skill), "--section", *places]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("place", ["SKILL.md#one", "SKILL#one", "SKILL.md#One"])
def test_a_short_section_comes_with_its_sub_sections(capsys, small, place):
    out = printed(capsys, small, place)
    assert out == "SKILL.md#one (line 10)\n\n## One\n\nFirst.\n\n### Below one\n\nDeeper.\n"


@pytest.mark.parametrize("page", ["references/page.md", "page.md", "page", "references/page"])
def test_a_long_section_names_its_sub_sections(capsys, small, page):
    out = printed(capsys, small, f"{page}#one")
    assert "Sub text." not in out and "End." not in out
    assert out.endswith("further: references/page.md#sub\n")
    assert "Sub text." in printed(capsys, small, f"{page}#sub")


def test_several_sections_come_in_the_order_asked(capsys, small):
    out = printed(capsys, small, "page#last", "SKILL#two")
    assert out.index("End.") < out.index("Second.")


def test_a_page_alone_is_its_beginning_and_where_to_go_on(capsys, small):
    out = printed(capsys, small, "page")
    assert out.endswith("further: references/page.md#one references/page.md#last\n")


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("page#lats", "has no section 'lats'; the nearest: references/page.md#last"),
        ("page#zzz", "references/page.md#one"),
        ("pge#one", "did you mean references/page.md?"),
        ("zzz#one", "there are SKILL.md, references/page.md"),
    ],
)
def test_a_place_that_is_not_there_names_the_nearest(capsys, small, place, says):
    assert checklists.main([str(small), "--section", place]) == 2
    out, err = capsys.readouterr()
    assert out == "" and says in err


def test_the_same_as_json(capsys, small):
    assert checklists.main([str(small), "--section", "SKILL#two", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "sections/1"
    assert data["sections"] == [
        {
            "section": "SKILL.md#two",
            "title": "Two",
            "line": 18,
            "text": "## Two\n\nSecond.\n",
            "below": [],
        }
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        (["--section", "SKILL#guardrails"], "## Guardrails"),
        (["--id", "database/indexing/index-foreign-keys"], "  Fix: "),
    ],
)
def test_outside_a_skill_it_is_this_one(capsys, monkeypatch, tmp_path, asked, seen):
    monkeypatch.chdir(tmp_path)
    assert checklists.main(asked) == 0
    assert seen in capsys.readouterr().out


@pytest.mark.slow
def test_items_named_by_id_come_with_all_they_say(capsys):
    assert checklists.main([str(ROOT), "--id", "database/indexing/index-foreign-keys"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {field}: " in out for field in ("Check", "Fix", "Risk", "Verify", "Why"))


def test_every_section_that_the_skill_cites_can_be_asked_for_and_is_short():
    skill: inspection.Inspection = this_skill()
    edges = {(e.target, e.anchor) for e in skill.graph.edges if e.anchor and e.status == "ok"}
    places = [f"{page}#{anchor}" for page, anchor in edges if page.startswith("references/")]
    assert len(places) > 100
    long = {}
    for place in places:
        found = section.find(skill.skill, place)
        tokens = tokens_of(found.text)
        if tokens > 1_100 and not found.title.lower().endswith(("checklist", "checklists")):
            long[place] = tokens
    assert long == {}
