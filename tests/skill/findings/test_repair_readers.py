"""A repair never changes what a client reads: three YAML readers agree before and after it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from backend_performance.commands import validate

from tests.skill.findings.small_skills import skill

#: Name → (frontmatter, what readers must get for the changed field; None when nothing is changed).
FRONTS = {
    "a colon": ("name: roses\ndescription: Grows roses: red ones", "Grows roses: red ones"),
    "a colon and a quote": ('name: roses\ndescription: Say "x": y', 'Say "x": y'),
    "a backslash": ("name: roses\ndescription: In C:\\beds: dig", "In C:\\beds: dig"),
    "a number": ("name: roses\ndescription: 2024", "2024"),
    "a date": ("name: roses\ndescription: 2024-05-01", "2024-05-01"),
    "yes or no": ("name: roses\ndescription: yes", "yes"),
    "a boolean below metadata": (
        "name: roses\ndescription: Grows.\nmetadata:\n  internal: true",
        None,
    ),
    "a number below metadata": ("name: roses\ndescription: Grows.\nmetadata:\n  v: 1.0", None),
    "a list of tools": ("name: roses\ndescription: Grows.\nallowed-tools: [Read]", None),
    "a number of tools": ("name: roses\ndescription: Grows.\nallowed-tools: 7", None),
}
_READ = """
const yaml = require("js-yaml");
const text = require("fs").readFileSync(0, "utf8");
process.stdout.write(JSON.stringify(yaml.load(text)));
"""


def repaired(folder: Path, front: str) -> tuple[str, str]:
    """Return the frontmatter before and after the repair."""
    skill(folder, front=f"---\n{front}\n---\n\n")
    page = folder / "SKILL.md"
    validate.main([str(folder), "--fix"])
    return front, page.read_text("utf-8").split("---\n")[1].rstrip("\n")


@pytest.mark.parametrize("case", FRONTS)
def test_pyyaml_reads_what_was_meant(capsys, tmp_path, case):
    before, after = repaired(tmp_path / "roses", FRONTS[case][0])
    wanted = FRONTS[case][1]
    if wanted is None:
        assert after == before
    else:
        assert yaml.safe_load(after)["description"] == wanted


@pytest.fixture(scope="session")
def js_yaml() -> str:
    """Return the folder of node modules that has js-yaml."""
    places = [os.environ.get("NODE_PATH", ""), "node_modules"]
    found = [p for p in places if p and (Path(p) / "js-yaml").is_dir()]
    if not shutil.which("node") or not found:
        pytest.skip("needs node and js-yaml: npm install js-yaml, and its folder in NODE_PATH")
    return found[0]


@pytest.mark.parametrize("case", FRONTS)
def test_js_yaml_reads_the_same(capsys, tmp_path, js_yaml, case):
    _, after = repaired(tmp_path / "roses", FRONTS[case][0])
    ran = subprocess.run(
        ["node", "-e", _READ],
        input=after,
        capture_output=True,
        text=True,
        env={**os.environ, "NODE_PATH": js_yaml},
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == json.loads(json.dumps(yaml.safe_load(after), default=str))


@pytest.mark.parametrize("case", [name for name, (_, wanted) in FRONTS.items() if wanted])
def test_the_reference_validator_accepts_it(capsys, tmp_path, case):
    reference = pytest.importorskip("skills_ref", reason="skills-ref is not installed")
    folder = tmp_path / "roses"
    repaired(folder, FRONTS[case][0])
    assert reference.validate(folder) == []
    assert reference.read_properties(folder).description == FRONTS[case][1]
