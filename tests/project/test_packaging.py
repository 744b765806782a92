"""One owner for every fact: scripts, console commands, versions and the wheel agree."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import backend_performance
import pytest
import yaml

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
#: Scripts that talk to a live system need its driver as well.
EXTRAS = {
    "probe": ("postgres", "mysql", "redis", "http", "process", "code", "config"),
    "walk": ("postgres", "mysql", "redis", "http", "process", "code", "config", "report"),
}


def _header(script: Path) -> dict:
    """Return the PEP 723 block of a script."""
    block = re.search(r"(?m)^# /// script\n((?:#.*\n)+?)# ///$", script.read_text("utf-8"))
    assert block, f"{script.name} has no PEP 723 block"
    return tomllib.loads(re.sub(r"(?m)^# ?", "", block.group(1)))


def test_there_are_five_scripts():
    names = [script.stem for script in SCRIPTS]
    assert names == ["checklists", "crosslink", "probe", "validate", "walk"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_script_header_agrees_with_pyproject(script):
    extras = [
        dependency
        for extra in EXTRAS.get(script.stem, ())
        for dependency in PROJECT["optional-dependencies"][extra]
    ]
    header = _header(script)
    assert header["requires-python"] == PROJECT["requires-python"]
    assert header["dependencies"] == [*PROJECT["dependencies"], *extras]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_scripts_differ_only_in_name(script):
    code = re.sub(r'(?s)\A.*?"""[^"]*"""\n', "", script.read_text("utf-8"))
    assert code == (
        "\nimport sys\n\n"
        'if __name__ == "__main__":\n'
        "    if sys.version_info < (3, 11):"
        "  # noqa: UP036 - older ones get a sentence, not a traceback\n"
        '        sys.stderr.write("error: Python 3.11 or newer is needed, this is " + sys.version'
        ' + "\\n")\n'
        "        sys.exit(2)\n"
        f"    from backend_performance.commands.{script.stem} import main\n\n"
        "    sys.exit(main())\n"
    )


def test_console_commands_and_scripts_are_one_to_one():
    expected = {
        f"backend-performance-{s.stem}": f"backend_performance.commands.{s.stem}:main"
        for s in SCRIPTS
    }
    assert PROJECT["scripts"] == expected


def test_version_stands_in_the_skill_and_the_library():
    frontmatter = (ROOT / "SKILL.md").read_text(encoding="utf-8").split("\n---\n", 1)[0]
    metadata = yaml.safe_load(frontmatter.removeprefix("---\n"))["metadata"]
    assert metadata["version"] == backend_performance.__version__


def _run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_help_has_examples_and_exit_codes(script, tmp_path):
    done = _run(str(script), "--help", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "example" in done.stdout.lower()
    assert "exit codes" in done.stdout.lower()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_missing_dependencies_are_one_line_and_exit_2(script, tmp_path):
    """``-S -E`` is a Python without any installed package."""
    done = _run("-S", "-E", str(script), cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: not installed: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["probe", "walk"])
def test_parsers_that_are_missing_are_named_together(command, tmp_path):
    """The packages are optional, so nothing may import them before this is said."""
    arguments = {"probe": ["code", "."], "walk": ["start", "--code", "."]}[command]
    done = _run(
        "-c",
        "import sys; sys.modules.update(pathspec=None, tree_sitter=None, tree_sitter_go=None)\n"
        f"from backend_performance.commands.{command} import main; sys.exit(main({arguments}))",
        cwd=tmp_path,
        PYTHONPATH=str(ROOT / "scripts"),
    )
    assert done.returncode == 2, done.stderr
    assert "pip install pathspec tree-sitter tree-sitter-go " in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.install
def test_installed_wheel_finds_the_skills_knowledge(tmp_path):
    done = _run(
        "-c",
        f"from hatchling.build import build_wheel; print(build_wheel({str(tmp_path)!r}))",
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    installed = tmp_path / "site"
    with zipfile.ZipFile(tmp_path / done.stdout.split()[-1]) as wheel:
        wheel.extractall(installed)
    code = (
        "import sys; from backend_performance.commands.checklists import main; "
        "from backend_performance.skill_root import default_root; "
        "sys.exit(main([str(default_root()), '--format', 'json']))"
    )
    # -P keeps this checkout's own scripts folder out of the way.
    listed = _run("-P", "-c", code, cwd=tmp_path, PYTHONPATH=str(installed))
    from_checkout = _run(
        str(ROOT / "scripts" / "checklists.py"), str(ROOT), "--format", "json", cwd=tmp_path
    )
    assert listed.returncode == 0, listed.stderr
    assert listed.stdout == from_checkout.stdout
    probes = sorted(p.name for p in (ROOT / "scripts/probes").rglob("*.sql"))
    carried = installed / "backend_performance/_skill/backend-performance/scripts/probes"
    assert sorted(p.name for p in carried.rglob("*.sql")) == probes


def test_the_extra_all_names_every_extra_that_the_scripts_can_use():
    extras = dict(PROJECT["optional-dependencies"])
    ((named),) = re.findall(r"\[([\w,]+)\]", " ".join(extras.pop("all")))
    assert set(named.split(",")) == set(extras) - {"server", "majors", "measure", "test"}
