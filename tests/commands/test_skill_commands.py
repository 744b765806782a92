"""The three commands that read skills: their JSON, and what they say to a call that cannot work."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from backend_performance.commands import checklists, crosslink, validate
from backend_performance.schemas import load
from jsonschema import Draft202012Validator

from tests import privileges

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "validate": validate.main,
    "crosslink": crosslink.main,
    "checklists": checklists.main,
}
MINIMAL = """\
---
name: small
description: Shows the smallest skill that has a checklist. Use when testing a reader.
---

# Small

## Release checklist

- [ ] Tag the version
- [ ] Write the notes
  - [x] For operators
"""
#: Arguments of `checklists`, and whether they keep an item of a checklist.
FILTERS = (
    (["--area", "memory"], lambda listed, item: listed["id"].startswith("memory/")),
    (["--impact", "high"], lambda listed, item: item["impact"] == "high"),
    (["--engine", "redis"], lambda listed, item: "redis" in (item["engines"] or ["redis"])),
    (["--id", "api/"], lambda listed, item: item["id"].startswith("api/")),
)
#: What a folder may hold that is no skill, by name: file name → bytes.
NO_SKILLS = {
    "empty folder": {},
    "another page": {"README.md": b"# Hello\n"},
    "only in a folder below": {"docs/notes.md": b"# Notes\n"},
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    root = tmp_path / "small"
    root.mkdir()
    (root / "SKILL.md").write_text(MINIMAL, encoding="utf-8")
    return root


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("case", NO_SKILLS)
def test_a_folder_without_a_skill_is_exit_2(capsys, tmp_path, command, case):
    for name, content in NO_SKILLS[case].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert COMMANDS[command]([str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert str(tmp_path) in err and "Traceback" not in err


@pytest.mark.parametrize("command", COMMANDS)
def test_a_missing_path_is_exit_2_and_named(capsys, tmp_path, command):
    missing = tmp_path / "nowhere"
    assert COMMANDS[command]([str(missing)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and str(missing) in err


@pytest.fixture
def closed_page() -> Iterator[Path]:
    """A skill in a folder that every user may enter, whose page none may read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "SKILL.md").write_text(MINIMAL, encoding="utf-8")
        (folder / "SKILL.md").chmod(0)
        yield folder


@pytest.mark.parametrize("script", COMMANDS)
def test_an_unreadable_page_is_exit_2(closed_page, script):
    path = ROOT / "scripts" / f"{script}.py"
    command = [*privileges.bound(), sys.executable, str(path), str(closed_page)]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 2, ran.stderr
    assert f"{closed_page}/SKILL.md" in ran.stderr and "Traceback" not in ran.stderr
    assert ran.stdout == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["--area", "databse"], "unknown area 'databse'; expected one of: api, caching"),
        (["--engine", "postgress"], "unknown engine 'postgress'; expected one of: dotnet"),
        (["--id", "no/such"], "no item matches"),
        (["--area", "memory", "--engine", "redis", "--impact", "low"], "no item matches"),
    ],
)
def test_a_filter_that_matches_nothing_says_what_there_is(capsys, argv, says):
    assert checklists.main([str(ROOT), *argv]) == 2
    assert says in capsys.readouterr().err


def test_a_skill_without_checklists_has_an_empty_list_of_them(capsys, small):
    (small / "SKILL.md").write_text(MINIMAL.split("## Release")[0], encoding="utf-8")
    assert checklists.main([str(small)]) == 0
    assert "0 checklists" in capsys.readouterr().out
    assert checklists.main([str(small), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["checklists"] == []


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("where", [".", "references"])
def test_without_an_argument_it_is_the_skill_of_the_current_folder(
    capsys, monkeypatch, small, command, where
):
    (small / "references").mkdir()
    monkeypatch.chdir(small / where)
    assert COMMANDS[command]([]) in (0, 1)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("small (")


@pytest.mark.parametrize("command", COMMANDS)
def test_without_an_argument_and_a_skill_it_says_so(capsys, monkeypatch, tmp_path, command):
    monkeypatch.chdir(tmp_path)
    assert COMMANDS[command]([]) == 2
    out, err = capsys.readouterr()
    assert out == "" and str(tmp_path) in err


def test_validate_without_an_argument_finds_the_skills_below(capsys, monkeypatch, small):
    monkeypatch.chdir(small.parent)
    assert validate.main(["--format", "json"]) in (0, 1)
    found = json.loads(capsys.readouterr().out)
    assert found["skills"] == [{"name": "small", "path": "small"}]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "argv", "schema"),
    [
        ("validate", ["--format", "json"], "diagnostics"),
        ("crosslink", ["--graph", "json"], "links"),
        ("crosslink", ["--format", "json"], "links"),
        ("crosslink", ["--check", "--format", "json"], "diagnostics"),
        ("checklists", ["--format", "json"], "checklists"),
    ],
)
@pytest.mark.parametrize("which", ["this skill", "small"])
def test_json_conforms_to_its_schema(capsys, small, command, argv, schema, which):
    path = str(ROOT if which == "this skill" else small)
    assert COMMANDS[command]([path, *argv]) in (0, 1)
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == f"{schema}/1"
    Draft202012Validator(load(schema)).validate(data)


def test_a_plain_checklist_of_any_skill_is_extracted(capsys, small):
    assert checklists.main([str(small), "--format", "json"]) == 0
    [listed] = json.loads(capsys.readouterr().out)["checklists"]
    assert [(item["title"], item["state"], item["line"]) for item in listed["items"]] == [
        ("Tag the version", "open", 10),
        ("Write the notes", "open", 11),
    ]
    assert [child["state"] for child in listed["items"][1]["children"]] == ["done"]


def listed_items(capsys, *arguments):
    """Every item of this skill that the arguments leave, with its checklist."""
    assert checklists.main([str(ROOT), "--format", "json", *arguments]) == 0
    found = json.loads(capsys.readouterr().out)["checklists"]
    return [(listed, item) for listed in found for item in listed["items"]]


@pytest.mark.slow
def test_a_filter_keeps_only_what_matches(capsys):
    everything = listed_items(capsys)
    for argv, expected in FILTERS:
        kept = listed_items(capsys, *argv)
        assert [item["id"] for _, item in kept] == [
            item["id"] for listed, item in everything if expected(listed, item)
        ], argv
        assert 0 < len(kept) < len(everything)


@pytest.mark.parametrize("script", COMMANDS)
def test_help_has_examples_and_exit_codes(capsys, script):
    with pytest.raises(SystemExit) as stopped:
        COMMANDS[script](["--help"])
    assert stopped.value.code == 0
    out = capsys.readouterr().out
    assert "examples:" in out and "2 could not run" in out


@pytest.mark.slow
@pytest.mark.parametrize("script", COMMANDS)
def test_a_script_runs_by_its_path_from_anywhere(tmp_path, script):
    ran = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / f"{script}.py"), "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0 and ran.stdout.startswith(f"usage: {script}.py")


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_the_default_output_fits_an_agents_context(capsys, command):
    # A copy that is no clone may have any name here; installed, it has the skill's.
    named = ["--ignore", "name-differs-from-directory"] if command == "validate" else []
    assert COMMANDS[command]([str(ROOT), *named]) == 0
    assert len(capsys.readouterr().out) <= 25_000


def test_write_is_idempotent_and_check_finds_a_stale_block(capsys, tmp_path):
    skill = tmp_path / "small"
    skill.mkdir()
    page = skill / "SKILL.md"
    page.write_text(
        MINIMAL.replace(
            "## Release",
            "<!-- generated:checklist-index -->\n<!-- /generated:checklist-index -->\n\n## Release",
        ),
        encoding="utf-8",
    )
    assert crosslink.main([str(skill), "--check"]) == 1
    assert "stale" in capsys.readouterr().out
    assert crosslink.main([str(skill), "--write"]) == 0
    first = page.read_bytes()
    assert b"[Release](#release-checklist) 2" in first
    assert crosslink.main([str(skill), "--write"]) == 0
    assert page.read_bytes() == first
    capsys.readouterr()
    assert crosslink.main([str(skill), "--check"]) == 0


@pytest.mark.parametrize("path", ["//u:hunter2secret@db/x", "postgresql://u:hunter2secret@db/x"])
def test_an_address_in_place_of_a_folder_is_not_repeated(path, capsys):
    for main in (validate.main, checklists.main, crosslink.main):
        assert main([path]) == 2
    assert "hunter2" not in capsys.readouterr().err
