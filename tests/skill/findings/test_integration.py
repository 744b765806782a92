"""The hook and the action, as their hosts run them."""

from __future__ import annotations

import os
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


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [("Text.\n", 0, ""), ("[x](gone.md)\n", 1, "::error file=my skills/demo/SKILL.md,line=8")],
)
def test_the_action_annotates_the_lines(tmp_path, body, code, says):
    """Its script runs as a runner would run it, with the package that tests have installed."""
    command = Path(sys.executable).parent / "backend-performance-validate"
    if not command.exists():
        pytest.skip("the console command is not installed in this environment")
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    [step] = action["runs"]["steps"]
    installed = tmp_path / "validate-skills" / "bin"
    installed.mkdir(parents=True)
    (installed / "python").symlink_to(shutil.which("true") or "/bin/true")
    (installed / "backend-performance-validate").symlink_to(command)
    script = "\n".join(line for line in step["run"].splitlines() if "-m venv" not in line)
    skill(tmp_path / "my skills" / "demo", body)
    given = {"SKILL_PATH": "my skills", "ARGUMENTS": "--ignore page-orphaned,page-too-far"}
    assert set(step["env"]) == set(given)
    ran = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | given | {"RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": str(ROOT)},
    )
    assert (ran.returncode, says in ran.stdout) == (code, True), ran.stderr
