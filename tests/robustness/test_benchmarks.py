"""The comparisons of ``benchmarks/`` run, and say what they should on small input."""

import sys
from pathlib import Path

import pytest

from benchmarks import peers, skill_collection
from benchmarks.agreement import compare

pytestmark = pytest.mark.slow


def test_a_collection_without_skills_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        skill_collection.skills(tmp_path)
    assert ended.value.code == 2
    assert "no SKILL.md" in capsys.readouterr().err


def test_links_and_hidden_folders_are_no_skills_of_a_collection(tmp_path):
    for folder in ("a", "b/c", ".hidden"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "SKILL.md").write_text("x", "utf-8")
    (tmp_path / "d").symlink_to(tmp_path / "a")
    assert skill_collection.skills(tmp_path) == [tmp_path / "a", tmp_path / "b/c"]


def test_a_peer_is_asked_about_a_defect_and_about_the_plain_skill():
    this = peers.tools(Path("nowhere"))[0]
    assert this.command[0] == sys.executable

    def reported(body):
        file = peers.skill_folders.File("SKILL.md", "{head}\n# Demo\n" + body)
        return peers.run_case(this, peers.skill_folders.Case("case", "", files=[file]))

    assert reported("") == set()
    assert reported("\n[x](references/no.md)\n") == {"link-target-missing"}


def test_a_difference_in_any_part_of_a_task_item_is_named(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("- [ ] one\n  - plain\n    - [x] two\n      more\n", "utf-8")
    found = compare.ours(page)
    assert found == [(1, 0, 0, False, "one"), (3, 2, 1, True, "two more")]
    assert list(compare.differences(found, found)) == []
    for part, other in enumerate((9, 5, 5, False, "other")):
        changed = [found[0], (*found[1][:part], other, *found[1][part + 1 :])]
        assert len(list(compare.differences(found, changed))) == 1
    assert "count" in next(compare.differences(found, found[:1]))
