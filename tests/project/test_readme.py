"""The README does what it says: each command of it runs, and its links and names lead somewhere."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from harness.publishing import archive, readme
from tests.prose import paragraphs, sections

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"(?m)^scripts/\S+\.py .+$", TEXT)
#: Systems that are not here: the call must be understood, and say what is missing.
ABSENT = ("DATABASE_URL", "REDIS_URL")


def test_there_is_an_example_of_each_script():
    named = {shlex.split(example)[0] for example in EXAMPLES}
    assert named == {f"scripts/{path.name}" for path in (ROOT / "scripts").glob("*.py")}


@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_runs(example, tmp_path):
    script, *arguments = shlex.split(example.replace("path/to/skill", shlex.quote(str(ROOT))))
    environment = {k: v for k, v in os.environ.items() if k not in ABSENT} | {"PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, ROOT / script, *arguments],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert "usage:" not in done.stderr and "Traceback" not in done.stderr
    if done.returncode == 2:
        assert any(f"{name} is not set" in done.stderr for name in ABSENT), done.stderr
    else:
        assert done.stdout.strip()


def test_make_targets_exist():
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    named = set(re.findall(r"(?:`|^|\$ )make ([a-z-]+)", TEXT, re.M))
    assert {"demo", "demo-fix", "test", "archive", "measure"} <= named <= targets


def test_each_way_of_installing_takes_at_most_three_lines():
    section = TEXT.partition("## Install")[2].partition("\n## ")[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.S)
    assert len(blocks) == 5
    for block in blocks:
        assert block.count("\n") <= 3
        assert "rm -rf" in block or "remove" in block or "uninstall" in block
        assert "update" in block or "git pull" in block


def test_the_archive_has_the_name_that_is_written():
    assert f" {archive.NAME}-{archive.__version__}.tar.xz " in TEXT


def test_a_newcomer_reads_short_sections_of_short_paragraphs():
    assert {h: tokens for h, tokens in sections(TEXT) if tokens > 600} == {}
    assert [each for each in paragraphs(TEXT) if len(each) > 300] == []


def test_the_extras_of_the_pip_line_exist():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (extras,) = set(re.findall(r"pip install '\.\[([a-z,]+)\]'", TEXT))
    assert all(re.search(rf"(?m)^{extra} = \[", project) for extra in extras.split(","))


def test_the_demo_is_on_the_first_screen():
    assert TEXT.splitlines().index(readme.BEGIN) < 10


def test_the_block_is_replaced_and_read_back():
    changed = readme.replaced(TEXT, "$ make demo\nnew")
    assert readme.block(changed) == "$ make demo\nnew"
    assert readme.replaced(changed, readme.block(TEXT)) == TEXT
    with pytest.raises(ValueError, match="lacks"):
        readme.replaced("no markers", "x")
