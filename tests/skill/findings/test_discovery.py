"""Where skills lie, and what is said when there is none or one cannot be read."""

from __future__ import annotations

import json
import os

import pytest
from backend_performance.skill.findings import discovery
from backend_performance.skill.package import SkillNotFoundError

from tests.skill.findings.small_skills import codes, run, skill

PLACES = [
    ".claude/skills/one",
    ".agents/skills/two",
    "skills/three",
    "plugins/x/skills/four",
    "deep/er/five",
    ".claude/skills/one/skills/nested",
    "skills/.experimental/six",
]
NO_PLACES = [
    "node_modules/pkg/skills/no",
    ".git/skills/no",
    ".cache/no",
    "venv/skills/no",
    "skills/.tool/lib/no",
    "tests/fixtures/skills/no",
]


def test_skills_are_found_where_clients_look(tmp_path):
    for place in (*PLACES, *NO_PLACES):
        skill(tmp_path / place)
    found = {path.relative_to(tmp_path).as_posix() for path in discovery.skills([tmp_path])}
    assert found == set(PLACES)


def test_a_page_of_a_skill_may_be_called_skill(tmp_path):
    one = skill(tmp_path / "one", references__skill="# What a skill is\n")
    assert discovery.skills([tmp_path]) == [one]


def test_a_skill_stands_for_itself_and_comes_once(tmp_path):
    one = skill(tmp_path / "one")
    skill(one / "skills" / "inside")
    assert discovery.skills([one, one / "SKILL.md", one]) == [one]


def test_links_to_folders_are_not_followed(tmp_path):
    skill(tmp_path / "skills" / "one")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert len(discovery.skills([tmp_path])) == 1


def test_an_entry_page_that_links_to_a_skill_below_stands_for_that_one(tmp_path):
    one = skill(tmp_path / "skills" / "one")
    copy = tmp_path / "templates" / "agent" / "skills" / "one"
    copy.mkdir(parents=True)
    (copy / "SKILL.md").symlink_to("../../../../skills/one/SKILL.md")
    assert discovery.skills([tmp_path]) == [one]


@pytest.mark.parametrize("make", ["nothing", "empty", "file", "fifo", "no skill below"])
def test_no_skill_found_is_loud(tmp_path, capsys, make):
    path = tmp_path / "place"
    if make == "empty":
        path.mkdir()
    elif make == "file":
        path.write_text("text")
    elif make == "fifo":
        os.mkfifo(path)
    elif make == "no skill below":
        (path / "a" / "b").mkdir(parents=True)
        (path / "a" / "README.md").write_text("# No\n")
    with pytest.raises(SkillNotFoundError):
        discovery.skills([path])
    code, out, err = run(capsys, path)
    assert (code, out) == (2, "") and str(path) in err


@pytest.mark.parametrize("kind", ["fifo", "folder", "broken link", "loop"])
def test_an_entry_page_that_is_no_file_is_no_hang_and_no_traceback(capsys, tmp_path, kind):
    folder = tmp_path / "odd"
    folder.mkdir()
    entry = folder / "SKILL.md"
    if kind == "fifo":
        os.mkfifo(entry)
    elif kind == "folder":
        entry.mkdir()
    else:
        entry.symlink_to("SKILL.md" if kind == "loop" else "gone.md")
    code, out, err = run(capsys, folder)
    assert (code, out) == (2, "") and "SKILL.md" in err


def test_one_unreadable_skill_among_others_is_a_finding(capsys, tmp_path):
    skill(tmp_path / "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "SKILL.md").symlink_to("gone.md")
    assert codes(capsys, tmp_path) == ["skill-unreadable"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("skills/a/demo", "skills/b/demo", ["note"]),
        ("p/skills/demo", "q/skills/demo", ["note"]),
        ("skills/demo", "backup/skills/demo", []),
        ("skills/demo", "docs/ja-JP/skills/demo", []),
        (".claude/skills/demo", ".agents/skills/demo", []),
    ],
)
def test_skills_of_one_name_collide_where_one_client_loads_both(
    capsys, tmp_path, first, second, expected
):
    skill(tmp_path / first, "One.\n")
    skill(tmp_path / second, "Two.\n")
    for plugin in ("p", "q"):
        (tmp_path / plugin / ".claude-plugin").mkdir(parents=True)
    _, out, _ = run(capsys, tmp_path, "--select", "name-collision", "--format", "json")
    assert [d["severity"] for d in json.loads(out)["diagnostics"]] == expected
