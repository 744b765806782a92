"""The walk names itself as it was started: a script, or a console command."""

import os
import subprocess
import sys

import pytest
from backend_performance.skill_root import default_root

START = (
    "import sys; sys.path.insert(0, {scripts!r}); sys.argv = [{name!r}, *sys.argv[1:]]\n"
    "from backend_performance.commands.walk import main\n"
    "raise SystemExit(main())"
)


def said(name: str, folder, *arguments: str) -> str:
    scripts = str(default_root() / "scripts")
    call = [sys.executable, "-c", START.format(scripts=scripts, name=name), *arguments]
    done = subprocess.run(
        call,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("started_as", "other"),
    [("/usr/bin/backend-performance-walk", "walk.py"), ("scripts/walk.py", "-performance-walk")],
)
def test_what_is_printed_names_the_program_that_runs(tmp_path, started_as, other):
    name = started_as.rpartition("/")[2]
    start = said(started_as, tmp_path, "start")
    assert f"{name} next 5" in start and other not in start
    card = said(started_as, tmp_path, "next", "1")
    assert f"{name} record" in card and other not in card
