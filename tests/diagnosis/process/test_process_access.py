"""A process that is somebody else's, gone or never there, and what is never read of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from backend_performance.commands import probe
from backend_performance.diagnosis import CannotRun
from backend_performance.diagnosis.probes import catalog
from backend_performance.diagnosis.process import run as process_run
from backend_performance.diagnosis.process import sample

from tests import privileges
from tests.diagnosis.process.children import child

pytest.importorskip("psutil")

pytestmark = pytest.mark.slow


def test_a_process_of_somebody_else_is_unknown():
    """Root looks at everything unless it gives up that capability; others look at process 1."""
    script = str(Path(__file__).parents[3] / "scripts" / "probe.py")
    command = [sys.executable, script, "process", "--window", "0.2"]
    command += ["--only", "file-descriptors", "--format", "json"]
    if os.geteuid() != 0:
        ran = subprocess.run([*command, "--pid", "1"], capture_output=True, text=True)
    else:
        mine = [*privileges.bound("sys_ptrace"), *command]
        with subprocess.Popen(["sleep", "60"], user=65534) as other:
            ran = subprocess.run([*mine, "--pid", str(other.pid)], capture_output=True, text=True)
            other.kill()
    [found] = json.loads(ran.stdout)["evidence"]
    assert found["verdict"] == "unknown", ran.stderr
    assert "run as the owner of the process" in found["reason"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "name what to watch"),
        (["--pid", "4194303"], "there is no process 4194303"),
        (["--cgroup", "/no/such/group"], "not the folder of a control group"),
        (["--pid", "1", "--only", "nonsense"], "there is no probe 'process/nonsense'"),
    ],
)
def test_a_call_that_cannot_run_says_why_and_exits_2(capsys, options, says):
    assert probe.main(["process", *options]) == 2
    out, err = capsys.readouterr()
    assert out == "" and says in err


def test_arguments_of_the_process_are_never_read(capsys):
    with child("steady") as pid:
        assert probe.main(
            [
                "process",
                "--pid",
                str(pid),
                "--window",
                "0.3",
                "--interval",
                "0.1",
                "--format",
                "json",
            ]
        ) in (0, 1)
    out, err = capsys.readouterr()
    assert "hunter2" not in out + err
    document = json.loads(out)
    assert {each["probe"] for each in document["evidence"]} == {
        probe.id for probe in catalog.load("process")
    }


def test_watching_neither_stops_nor_changes_the_process():
    with child("steady") as pid:

        def state():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            return fields[0], Path(f"/proc/{pid}/status").read_text().split("TracerPid:")[1][:3]

        time.sleep(0.1)
        before = state()
        process_run.run_process(pid=pid, window_s=0.3, interval_s=0.1)
        assert state() == before


def test_another_process_with_the_same_number_is_not_taken_for_the_first(monkeypatch):
    real = sample.psutil().Process.is_running
    looks = iter([True])  # alive once; then its number belongs to a process born later
    monkeypatch.setattr(
        sample.psutil().Process,
        "is_running",
        lambda self: real(self) and next(looks, False),
    )
    with child("steady") as pid:
        seen = sample.watch(pid, 0.3, 0.1)
    assert seen.ended and len(seen.samples) == 1


def test_nothing_to_watch_is_said():
    with pytest.raises(CannotRun, match="/no/such"):
        process_run.run_process(cgroup=Path("/no/such"), window_s=0)
