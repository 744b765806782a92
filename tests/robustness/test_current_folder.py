"""A command is run in the folder of a stranger's repository: nothing of it is run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from backend_performance.workers import pool

SCRIPTS = Path(__file__).parents[2] / "scripts"
#: Modules that a new interpreter imports before it is told where modules are.
EARLY = ("multiprocessing", "pickle", "struct", "tempfile", "socket", "os", "site")
SHARES = """
import sys
from multiprocessing import get_context
sys.path.insert(0, sys.argv[2])
from backend_performance.workers import pool

if __name__ == "__main__":
    with pool(2, get_context(sys.argv[1])) as processes:
        print(list(processes.map(abs, [-1, -2])))
"""
needs_posix = pytest.mark.skipif(os.name == "nt", reason="needs every way to start a process")


@needs_posix
@pytest.mark.slow
@pytest.mark.parametrize("way", ["spawn", "forkserver", "fork"])
def test_a_process_that_helps_imports_nothing_from_there(way, tmp_path):
    repository, program = tmp_path / "repository", tmp_path / "program.py"
    repository.mkdir()
    program.write_text(SHARES)
    for name in EARLY:
        (repository / f"{name}.py").write_text(f"raise SystemExit({name!r} + ' was run')\n")
    command = [sys.executable, str(program), way, str(SCRIPTS)]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[1, 2]\n" and "was run" not in done.stderr


@pytest.mark.parametrize(("flags", "is_alone"), [(["-E"], True), (["-E", "-P"], False)])
def test_no_process_helps_where_it_would_ignore_what_it_is_told(flags, is_alone):
    asks = "import json, os, sys; sys.path.insert(0, sys.argv[1])\n"
    asks += "os.sched_getaffinity = lambda _: {0, 1}\n"
    asks += "from backend_performance.workers import cores; print(json.dumps(cores()))"
    command = [sys.executable, *flags, "-c", asks, str(SCRIPTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (json.loads(done.stdout) == 1) is is_alone


def test_what_is_started_later_has_the_environment_of_before(monkeypatch):
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    with pool(1):
        assert os.environ["PYTHONSAFEPATH"]
    assert "PYTHONSAFEPATH" not in os.environ
