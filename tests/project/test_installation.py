"""Every way to install it, as a user does it, in a clean folder and without a network."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
from pathlib import Path

import pytest
import yaml

from harness.publishing import archive

pytestmark = pytest.mark.install

ROOT = Path(__file__).parents[2]
NAME = archive.NAME
#: Folders in which clients look for skills, below a project or the home directory.
SKILL_FOLDERS = (".claude/skills", ".agents/skills")
#: SKILL stands for the folder of the installed skill.
FIRST_COMMANDS = (
    ("validate.py", ["SKILL"], "0 errors"),
    ("checklists.py", ["SKILL", "--area", "database", "--format", "json"], '"checklists/1"'),
    ("walk.py", ["start", "--engines", "postgres"], "checklist items"),
    ("walk.py", ["next"], "Check:"),
)


def run(*command, cwd, **environment):
    environment = {**os.environ, "PYTHONUTF8": "1", **environment}
    for name in ("PYTHONPATH", "PYTHONHOME"):
        environment.pop(name, None)
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


@pytest.fixture
def unpacked(packed, tmp_path):
    return archive.unpack(packed, tmp_path)


def test_the_archive_is_the_same_bytes_from_another_copy(packed, unpacked, tmp_path):
    """Neither times, rights nor the order of the file system may show."""
    copy = tmp_path / "elsewhere"
    for member in reversed(archive.members(unpacked)):
        target = copy / member
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((unpacked / member).read_bytes())
        target.chmod(0o600)
        os.utime(target, (1, 1))
    assert hashlib.sha256(archive.build(copy)).digest() == hashlib.sha256(packed).digest()


def test_the_archive_is_small_and_free_of_findings(packed):
    assert list(archive.findings(packed)) == []
    assert len(packed) < archive.MAX_BYTES == 800_000


def test_the_archive_holds_only_what_an_agent_needs(unpacked):
    assert sorted(path.name for path in unpacked.iterdir()) == [
        "LICENSE",
        "SKILL.md",
        "examples",
        "references",
        "scripts",
    ]
    assert not list(unpacked.rglob("__pycache__")) and not list(unpacked.rglob("test_*"))
    scripts = sorted((unpacked / "scripts").glob("*.py"))
    assert len(scripts) == 5 and all(os.access(script, os.X_OK) for script in scripts)


def test_the_archive_has_no_owner_and_no_date(packed, tmp_path):
    file = tmp_path / "archive"
    file.write_bytes(packed)
    with tarfile.open(file) as opened:
        entries = opened.getmembers()
    assert {(e.uid, e.gid, e.uname, e.gname, e.mtime) for e in entries} == {(0, 0, "", "", 0)}
    assert all(e.isfile() and e.name.startswith(f"{NAME}/") for e in entries)


def test_a_skill_with_findings_is_not_written(tmp_path, monkeypatch, capsys):
    broken = tmp_path / "copy"
    pages = (member for member in archive.members(ROOT) if member.suffix == ".md")
    for member in pages:
        (broken / member).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / member, broken / member)
    (broken / "references/memory-management.md").unlink()
    monkeypatch.setattr(archive, "ROOT", broken)
    target = tmp_path / "archive.tar.xz"
    assert archive.main(["--output", str(target)]) == 1
    assert not target.exists()
    assert "memory-management.md" in capsys.readouterr().err


def test_the_command_says_size_and_budget(packed, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(archive, "build", lambda root: packed)
    monkeypatch.setattr(archive, "findings", lambda data: [])
    target = tmp_path / "new" / "archive.tar.xz"
    assert archive.main(["--output", str(target)]) == 0
    out = capsys.readouterr().out
    assert f"{target.stat().st_size:,} bytes" in out and "SKILL.md " in out and " tokens" in out
    assert hashlib.sha256(target.read_bytes()).hexdigest() in out


def test_the_budget_of_the_entry_page_is_said_alone(capsys):
    """`make check` ends with it."""
    assert archive.main(["--budget"]) == 0
    assert re.fullmatch(r"SKILL\.md \d+ lines, [\d,]+ tokens\n", capsys.readouterr().out)


def test_the_reference_validator_accepts_the_archive(unpacked):
    skills_ref = pytest.importorskip("skills_ref")
    assert skills_ref.validate(unpacked) == []


@pytest.mark.parametrize(
    ("folder", "commands"),
    [*zip(SKILL_FOLDERS, (FIRST_COMMANDS, FIRST_COMMANDS[2:]), strict=True)],
)
def test_a_copy_in_a_clients_folder_works_from_the_project(folder, commands, packed, tmp_path):
    place = tmp_path / folder
    place.mkdir(parents=True)
    archive.unpack(packed, place)
    for script, arguments, expected in commands:
        arguments = [str(place / NAME) if each == "SKILL" else each for each in arguments]
        done = run(sys.executable, place / NAME / "scripts" / script, *arguments, cwd=tmp_path)
        assert (done.returncode, done.stderr.startswith("error")) == (0, False), done.stderr
        assert expected in done.stdout
    assert (tmp_path / ".backend-performance" / "session.json").is_file(), "beside the project"


def test_a_clone_is_the_skill(tmp_path):
    """What `git clone` brings holds all that the archive brings, under the same paths."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    done = run("git", "ls-files", cwd=ROOT)
    tracked = set(done.stdout.splitlines())
    assert {member.as_posix() for member in archive.members(ROOT)} <= tracked | set(
        run("git", "ls-files", "--others", "--exclude-standard", cwd=ROOT).stdout.splitlines()
    )


PLUGIN = ROOT / ".claude-plugin" / "plugin"


def read(name):
    (found,) = (ROOT / ".claude-plugin").rglob(name)
    return json.loads(found.read_text(encoding="utf-8"))


def skill_metadata():
    front = (ROOT / "SKILL.md").read_text(encoding="utf-8").split("\n---\n", 1)[0]
    return yaml.safe_load(front.removeprefix("---\n"))


def test_the_plugin_manifest_has_the_documented_fields_and_leads_to_the_skill():
    plugin = read("plugin.json")
    known = {
        "name": str,
        "description": str,
        "version": str,
        "author": dict,
        "license": str,
        "keywords": list,
        "skills": list,
    }
    assert {name: type(value) for name, value in plugin.items()} == known
    assert plugin["author"]["name"]
    for path in plugin["skills"]:
        assert path.startswith("./"), "paths of components are relative to the plugin"
        assert (PLUGIN / path / "SKILL.md").is_file()


def test_the_plugin_holds_what_the_archive_holds_and_no_fixture():
    """Its entries are links; an installer copies what they lead to within the repository."""
    held = {path.name for path in PLUGIN.iterdir()} - {".claude-plugin"}
    assert held == {member.parts[0] for member in archive.members(ROOT)}
    for name in held:
        assert (PLUGIN / name).resolve() == (ROOT / name).resolve()


def test_the_marketplace_offers_this_plugin():
    market, plugin = read("marketplace.json"), read("plugin.json")
    assert market["name"] and market["description"] and market["owner"]["name"]
    (offered,) = market["plugins"]
    assert offered["name"] == plugin["name"] == skill_metadata()["name"] == NAME
    assert offered["source"].startswith("./")
    assert (ROOT / offered["source"] / ".claude-plugin" / "plugin.json").is_file()
    assert "version" not in offered, "the manifest owns the version"


def test_every_version_and_licence_is_the_same():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    plugin, skill = read("plugin.json"), skill_metadata()
    assert plugin["version"] == skill["metadata"]["version"] == archive.__version__
    assert plugin["license"] == skill["license"] == project["license"]


@pytest.fixture(scope="module")
def console(tmp_path_factory):
    """Return the commands of an installed wheel; only its dependencies come from here."""
    folder = tmp_path_factory.mktemp("installed")
    built = run(
        sys.executable,
        "-c",
        f"from hatchling.build import build_wheel; print(build_wheel({str(folder)!r}))",
        cwd=ROOT,
    )
    assert built.returncode == 0, built.stderr
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    wheel = folder / built.stdout.split()[-1]
    done = run(
        python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    (site,) = environment.glob("lib/python*/site-packages")
    for name in (
        "markdown_it",
        "mdurl",
        "yaml",
        "jsonschema",
        "jsonschema_specifications",
        "referencing",
        "rpds",
        "attr",
        "attrs",
        "typing_extensions",
    ):
        found = __import__("importlib.util").util.find_spec(name)
        if found and found.origin:
            place = Path(found.origin)
            package = place.parent if place.name == "__init__.py" else place
            (site / package.name).symlink_to(package)
    return environment / "bin"


def test_console_commands_work_anywhere_and_bring_the_knowledge(console, tmp_path):
    where = "from backend_performance.skill_root import default_root; print(default_root())"
    skill = run(console / "python", "-c", where, cwd=tmp_path).stdout.strip()
    for script, arguments, expected in FIRST_COMMANDS[1:]:
        command = console / f"{NAME}-{script.removesuffix('.py')}"
        arguments = [skill if each == "SKILL" else each for each in arguments]
        done = run(command, *arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert expected in done.stdout
    knowledge = run(console / f"{NAME}-validate", skill, cwd=tmp_path)
    assert knowledge.returncode == 0, knowledge.stderr + knowledge.stdout
    listed = run(console / f"{NAME}-probe", "postgres", "--list", cwd=tmp_path)
    assert "postgres/unindexed-foreign-keys" in listed.stdout
