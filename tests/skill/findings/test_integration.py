"""The hook and the action, as their hosts run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from backend_performance.commands import validate

from tests.skill.findings.small_skills import skill

ROOT = Path(__file__).parents[3]


STEPS = {
    step["name"]: step
    for step in yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
}


def run_step(name, checkout, temp, **environment):
    """Run a step of the action as a runner does."""
    step = STEPS[name]
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        capture_output=True,
        text=True,
        cwd=temp if step.get("working-directory") == "${{ runner.temp }}" else checkout,
        env=os.environ | environment | {"RUNNER_TEMP": str(temp), "GITHUB_ACTION_PATH": str(ROOT)},
    )


def with_python_of_the_tests(temp):
    """Put the Python of the tests, with its packages, where the action has made its own."""
    python = temp / "validate-skills" / "bin" / "python"
    shutil.rmtree(temp / "validate-skills", ignore_errors=True)
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)


def test_changed_files_stand_for_the_skills_that_own_them(capsys, tmp_path):
    good = skill(tmp_path / "good", "[g](references/guide.md)\n", references__guide="# Guide\n")
    bad = skill(tmp_path / "bad", "[x](gone.md)\n")
    other = tmp_path / "README.md"
    other.write_text("# Nothing to do with skills\n")
    guide = str(good / "references" / "guide.md")
    assert validate.main(["--changed", guide, str(other)]) == 0
    assert validate.main(["--changed", guide, str(bad / "SKILL.md")]) == 1
    assert validate.main(["--changed", str(other)]) == 0
    assert "Traceback" not in capsys.readouterr().err


def test_hooks_call_a_console_command_that_exists():
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    for hook in hooks:
        assert hook["entry"].split()[0] in scripts
        assert {"id", "name", "description", "language"} <= set(hook)
        assert hook["language"] == "python"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "code", "says"),
    [("Text.\n", 0, ""), ("[x](gone.md)\n", 1, "::error file=my skills/demo/SKILL.md,line=8")],
)
def test_the_action_annotates_the_lines(tmp_path, body, code, says):
    """Its script runs as a runner would run it, with the package that tests have installed."""
    checkout = tmp_path / "checkout"
    skill(checkout / "my skills" / "demo", body)
    with_python_of_the_tests(tmp_path)
    given = {"SKILL_PATH": "my skills", "ARGUMENTS": "--ignore\npage-orphaned,page-too-far\n"}
    assert set(STEPS["Validate"]["env"]) == set(given)
    ran = run_step("Validate", checkout, tmp_path, **given)
    assert (ran.returncode, says in ran.stdout) == (code, True), ran.stderr


#: Modules that Python would import instead of its own if it looked into the current folder.
POISON = ("venv.py", "pip/__init__.py", "pip/__main__.py", "json.py", "argparse.py", "yaml.py")


@pytest.mark.slow
def test_the_action_runs_nothing_of_the_repository_that_it_checks(tmp_path):
    checkout, marker = tmp_path / "checkout", tmp_path / "executed"
    skill(checkout / "demo", "Text.\n")
    for name in POISON:
        file = checkout / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"open({str(marker)!r}, 'a').write({name!r})\nraise SystemExit(3)\n")
    environment = {"PYTHONPATH": str(checkout), "PIP_NO_INDEX": "1"}
    installed = run_step("Install", checkout, tmp_path, **environment)
    assert "No matching distribution" in installed.stderr, "the step came as far as without network"
    with_python_of_the_tests(tmp_path)
    given = {"SKILL_PATH": "demo", "ARGUMENTS": "--ignore page-orphaned"}
    checked = run_step("Validate", checkout, tmp_path, **environment, **given)
    assert checked.returncode == 0, checked.stderr
    assert not marker.exists(), marker.read_text()


def test_the_pins_of_the_action_are_what_the_project_accepts():
    from packaging.requirements import Requirement

    text = (ROOT / ".ci/action-requirements.txt").read_text()
    pins = dict(re.findall(r"(?m)^([a-z-]+)==([\d.]+)", text))
    assert text.count("--hash=sha256:") >= len(pins) >= 9
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for each in map(Requirement, project["dependencies"]):
        assert pins[each.name.lower()] in each.specifier


@pytest.mark.slow
@pytest.mark.parametrize(
    ("base", "says"),
    [("", {"slow", "before"}), ("HEAD", {"slow"})],
)
def test_the_action_annotates_code_and_what_a_branch_adds(tmp_path, base, says):
    pytest.importorskip("tree_sitter")
    checkout = tmp_path / "checkout"
    (checkout / "app").mkdir(parents=True)
    text = "import requests\ndef {}(url):\n    return requests.get(url)\n"
    (checkout / "app/before.py").write_text(text.format("before"))
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@x", "-C", str(checkout)]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "before"]):
        subprocess.run([*git, *command], check=True)
    (checkout / "app/slow.py").write_text(text.format("slow"))
    subprocess.run([*git, "add", "."], check=True)
    with_python_of_the_tests(tmp_path)
    ran = run_step("Read code", checkout, tmp_path, CODE_PATH="app", BASE=base)
    assert ran.returncode == 0, ran.stderr
    assert set(re.findall(r"file=app/(\w+)\.py,line=3", ran.stdout)) == says


#: What a repository can have git track, and what each would do as an option of the hook.
OPTIONS = ("--fix", "--codes", "--write-baseline=victim", "--diff", "-h")


@pytest.mark.parametrize("name", OPTIONS)
def test_a_files_name_is_no_option_of_the_hook(name, tmp_path, monkeypatch, capsys):
    root = skill(tmp_path / "bad", "[x](gone.md)\n")
    before = (root / "SKILL.md").read_bytes()
    (tmp_path / name).write_text("tracked by git")
    monkeypatch.chdir(tmp_path)
    assert validate.main(["--changed", name, "bad/SKILL.md"]) == 2
    assert name in capsys.readouterr().err
    assert not (tmp_path / "victim").exists() and (root / "SKILL.md").read_bytes() == before
