"""The installers that need a network, for real: run with INSTALLERS=1 (`make installers`).

Without it they skip: a registry that is down must not fail the gate.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from harness.publishing import archive

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not os.environ.get("INSTALLERS"), reason="needs a network: make installers"
)


@pytest.fixture
def clone(tmp_path):
    """Return a clone of the last commit, as an installer fetches it."""
    copy = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, copy], check=True)
    return copy


def run(*command, cwd, home):
    environment = os.environ | {"HOME": str(home), "DISABLE_TELEMETRY": "1", "NO_COLOR": "1"}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def needed(program):
    found = shutil.which(program)
    if not found:
        pytest.skip(f"{program} is not installed")
    return found


@pytest.mark.parametrize(
    ("agent", "folder"), [("claude-code", ".claude/skills"), ("codex", ".agents/skills")]
)
def test_the_npm_installer_finds_and_removes_the_skill(agent, folder, clone, tmp_path):
    npx, project = needed("npx"), tmp_path / "project"
    project.mkdir()
    skills = (npx, "--yes", "skills")
    run(*skills, "add", clone, "-a", agent, "-y", "--copy", cwd=project, home=tmp_path)
    installed = project / folder / archive.NAME
    assert (installed / "SKILL.md").read_bytes() == (clone / "SKILL.md").read_bytes()
    run(sys.executable, installed / "scripts/validate.py", cwd=project, home=tmp_path)
    run(*skills, "remove", archive.NAME, "-y", cwd=project, home=tmp_path)
    assert not installed.exists()


def test_claude_code_accepts_marketplace_and_plugin(clone, tmp_path):
    claude, plugin = needed("claude"), f"{archive.NAME}@{archive.NAME}"
    for manifest in (clone, clone / ".claude-plugin/plugin/.claude-plugin/plugin.json"):
        said = run(claude, "plugin", "validate", manifest, cwd=tmp_path, home=tmp_path)
        assert "Validation passed" in said and "warning" not in said
    run(claude, "plugin", "marketplace", "add", clone, cwd=tmp_path, home=tmp_path)
    run(claude, "plugin", "install", plugin, cwd=tmp_path, home=tmp_path)
    assert plugin in run(claude, "plugin", "list", cwd=tmp_path, home=tmp_path)
    (installed,) = (tmp_path / ".claude" / "plugins" / "cache").rglob("SKILL.md")
    assert (installed.parent / "scripts" / "probe.py").is_file()
    assert not (installed.parent / "tests").exists(), "hostile fixtures stay at home"
    run(claude, "plugin", "uninstall", plugin, cwd=tmp_path, home=tmp_path)


def test_pip_installs_the_commands_with_their_dependencies(clone, tmp_path):
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    run(environment / "bin/pip", "install", "--quiet", clone, cwd=tmp_path, home=tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    commands = environment / "bin"
    run(commands / f"{archive.NAME}-validate", cwd=elsewhere, home=tmp_path)
    said = run(
        commands / f"{archive.NAME}-walk",
        "start",
        "--engines",
        "postgres",
        cwd=elsewhere,
        home=tmp_path,
    )
    assert "checklist items" in said
