"""Each item says whether a probe answers it, and `checklists.py` counts both ways the same."""

import json
from pathlib import Path

import pytest
from backend_performance.commands import checklists

SKILL = """\
---
name: counted
description: Has items with and without probes. Use when testing a reader.
---

# Counted

## Release checklist

- [ ] **Index the keys.** A probe answers it.
  - Check: [`postgres/keys`](scripts/probes/postgres/keys.sql)
  - Impact: high · Effort: low · Engines: postgres
- [ ] **Agree how old is too old.** Nobody can measure a promise.
  - Check: ask the owner
  - Impact: high · Effort: low · Engines: postgres · No probe: only the owner knows
- [ ] **Watch the queue.**
  - Check: look
  - No probe: the age stands in the broker
- [ ] **Name the owner.**
  - Check: ask
- [ ] **Index.**
  - Item: `skill/release/agree-how-old-is-too-old`
"""


@pytest.fixture
def counted(tmp_path: Path) -> Path:
    root = tmp_path / "counted"
    root.mkdir()
    (root / "SKILL.md").write_text(SKILL, encoding="utf-8")
    return root


def _json(capsys, root: Path) -> dict:
    assert checklists.main([str(root), "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_reason_is_a_field_of_its_own_beside_impact_or_on_its_own_line(capsys, counted):
    [listed] = _json(capsys, counted.resolve())["checklists"]
    found = {item["title"]: item for item in listed["items"]}
    assert found["Index the keys"]["no_probe"] is None
    assert found["Watch the queue"]["no_probe"] == "the age stands in the broker"
    agreed = found["Agree how old is too old"]
    assert agreed["no_probe"] == "only the owner knows"
    assert (agreed["impact"], agreed["effort"], agreed["engines"]) == ("high", "low", ["postgres"])
    assert agreed["extra"] == {}


def test_counts_stand_per_checklist_and_in_all(capsys, counted):
    data = _json(capsys, counted)
    expected = {"items": 5, "with_probe": 1, "judgement_only": 3, "neither": 1}
    assert data["coverage"] == data["checklists"][0]["coverage"] == expected


def test_the_text_names_probes_and_reasons(capsys, counted):
    assert checklists.main([str(counted), "--coverage"]) == 0
    out = capsys.readouterr().out
    assert "Release checklist (5: 1 with a probe, 3 by judgement only, 1 neither)" in out
    assert "    probes: postgres/keys\n" in out
    assert "    no probe: only the owner knows\n" in out
    assert "    no probe, and no reason given\n" in out
    assert "1 checklist, 5 items: 1 with a probe, 3 by judgement only, 1 neither, 0 metrics" in out


def test_a_skill_that_knows_no_probes_is_not_told_that_it_has_none(capsys, counted):
    page = counted / "SKILL.md"
    page.write_text(SKILL.split("- [ ] **Agree")[0].replace("probes/", "other/"), encoding="utf-8")
    assert checklists.main([str(counted)]) == 0
    out = capsys.readouterr().out
    assert "Release checklist (1) SKILL.md" in out and "neither" not in out


@pytest.mark.parametrize(
    "lines",
    [
        "  - Check: look\n  - Probe: [`postgres/keys`](scripts/probes/postgres/keys.sql)\n",
        "  - Check: [`postgres/keys`](scripts/probes/postgres/keys.sql)\n",
    ],
    ids=["a field of its own", "in the check"],
)
def test_a_probe_is_linked_in_its_own_field_or_in_the_check(capsys, counted, lines):
    page = counted / "SKILL.md"
    before, title, after = SKILL.partition("- [ ] **Index the keys.** A probe answers it.\n")
    rest = after.partition("  - Impact")[2]
    page.write_text(before + title + lines + "  - Risk: a slower write\n  - Impact" + rest)
    first = _json(capsys, counted.resolve())["checklists"][0]["items"][0]
    assert first["probes"] == ["postgres/keys"]
    assert (first["risk"], first["impact"]) == ("a slower write", "high")
    assert bool(first["probe"]) == ("Probe:" in lines)
