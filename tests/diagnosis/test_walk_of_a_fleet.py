"""A walk that begins with the monitoring of a fleet and with a process."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest
from backend_performance.commands import walk

from harness.servers.engines import require_or_skip
from harness.servers.prometheus import prometheus_server

pytest.importorskip("aiohttp")
pytest.importorskip("psutil")


def _past():
    """The builders of samples that the probes' own tests use."""
    path = Path(__file__).parent / "prometheus" / "past.py"
    spec = importlib.util.spec_from_file_location("past_of_a_fleet", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.server
def test_a_fleet_and_a_process_give_evidence(capsys, tmp_path, monkeypatch):
    require_or_skip("prometheus")
    past = _past()
    slow = [("0.2", 0.1), ("1", 0.2), ("2", 1.0), ("+Inf", 1.0)]
    samples = past.past(
        past.histogram("http_server_request_duration_seconds", {"http_route": "/a"}, slow, 20)
    )
    monkeypatch.chdir(tmp_path)
    with prometheus_server(samples) as address:
        monkeypatch.setenv("PROMETHEUS_URL", address)
        from os import getpid

        code = walk.main(
            [
                "start",
                "--prometheus-env",
                "PROMETHEUS_URL",
                "--process",
                str(getpid()),
                "--process-seconds",
                "1",
            ]
        )
    assert code == 0, capsys.readouterr().err
    session = json.loads(Path(".backend-performance/session.json").read_text())
    assert [target["engine"] for target in session["targets"]] == ["process", "prometheus"]
    verdicts = {each["probe"]: each["verdict"] for each in session["evidence"]}
    assert verdicts["prometheus/latency-p95"] == "fail"
    assert verdicts["prometheus/error-rate"] == "unknown"
    assert "process/memory-trend" in verdicts
    assert session["engines"] is None, "a process says nothing of the databases behind it"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--prometheus-env", "PROMETHEUS_URL"], "PROMETHEUS_URL is not set"),
        (["--prometheus-env", "http://x:y@z"], "takes the name"),
        (["--process", "4194303"], "there is no process 4194303"),
        (["--process", "zero"], "expected a whole number"),
    ],
)
def test_what_cannot_be_asked_is_a_sentence_and_exit_2(
    capsys, tmp_path, monkeypatch, options, says
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PROMETHEUS_URL", raising=False)
    try:
        code = walk.main(["start", *options])
    except SystemExit as exc:
        code = exc.code
    assert code == 2 and says in capsys.readouterr().err
    assert not Path(".backend-performance").exists()


@pytest.mark.slow
def test_psutil_is_not_imported_without_a_process(tmp_path):
    import subprocess

    script = Path(__file__).parents[2] / "scripts"
    code = (
        f"import sys; sys.path.insert(0, {str(script)!r})\n"
        "from backend_performance.commands import walk\n"
        "walk.main(['start', '--engines', 'python'])\n"
        "print(sorted({'psutil', 'aiohttp', 'psycopg'} & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert ran.stderr.splitlines()[-1] == "[]", ran.stderr
