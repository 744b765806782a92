"""What would be sent, and what was: --print-statements and --audit-log."""

from __future__ import annotations

import json
import os
import stat

import pytest
from backend_performance.commands import walk
from backend_performance.commands.probe import main
from backend_performance.diagnosis import engines
from backend_performance.diagnosis.probes import catalog

from harness.servers.engines import require_or_skip
from tests.diagnosis.guards.lying_server import lying


@pytest.mark.parametrize("system", engines.NAMES)
def test_the_plan_names_every_probe_and_sends_nothing(capsys, system, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", None)
    assert main([system, "--print-statements"]) == 0
    out = capsys.readouterr().out
    sends = [p for p in catalog.load(system) if p.sql or p.commands or p.sources]
    for probe in sends:
        assert f"-- {probe.id}\n" in out
    if not sends and not engines.load(system).opening():
        assert out.startswith("nothing is sent")


def test_the_plan_is_of_the_probes_that_were_chosen(capsys):
    assert main(["postgres", "--print-statements", "--only", "wraparound"]) == 0
    out = capsys.readouterr().out
    assert "-- postgres/wraparound" in out and "-- postgres/dead-rows" not in out
    assert main(["postgres", "--print-statements", "--only", "wraparoun"]) == 2


@pytest.mark.server
def test_the_log_holds_what_was_planned_and_no_credential(capsys, tmp_path, monkeypatch):
    psycopg = pytest.importorskip("psycopg")
    require_or_skip("postgres")
    from harness.servers.postgres import postgres_server

    file = tmp_path / "sent.jsonl"
    with postgres_server() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as admin:
            admin.execute("create role probe login password 'hunter2secret' in role pg_monitor")
        monkeypatch.setenv("DSN", server.url("probe").replace("probe@", "probe:hunter2secret@"))
        argv = ["postgres", "--dsn-env", "DSN", "--only", "wraparound", "--audit-log", str(file)]
        assert main(argv) == 0
        assert main(argv) == 0
        more = ["--audit-log", str(file)]
        (tmp_path / "a.sql").write_text("select relname from pg_class where relname = 'x'")
        argv = ["explain", "--run", "--dsn-env", "DSN", str(tmp_path / "a.sql"), *more]
        assert main(argv) == 0
        before = len(file.read_text().splitlines())
        session = ["--session", str(tmp_path / "s" / "session.json")]
        assert walk.main(["start", "--postgres-env", "DSN", *session, *more]) == 0
        assert len(file.read_text().splitlines()) > before + 20
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert {line["system"] for line in lines} == {"postgres"}
    assert sum("datfrozenxid" in line["sent"] for line in lines) == 3
    assert any("explain (" in line["sent"] for line in lines)
    assert "hunter2secret" not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_what_cannot_be_written_down_is_not_sent(capsys):
    def listens(connection, over):
        asked.append(connection.recv(10))

    asked = []
    with lying(listens) as port:
        argv = ["http", f"http://127.0.0.1:{port}/", "--audit-log", "/dev/full"]
        assert main(argv) == 2
    err = capsys.readouterr().err
    assert "audit log cannot be written" in err and "Traceback" not in err and asked == []


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_that_nobody_reads_keeps_nobody_waiting(capsys, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    log = ["--audit-log", str(tmp_path / "pipe")]
    assert main(["http", "http://127.0.0.1:9/", *log]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_log_that_cannot_be_written_stops_the_run_before_anything_is_sent(capsys, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("kept")
    link = tmp_path / "link"
    link.symlink_to(precious)
    for file in (link, tmp_path):
        assert main(["http", "http://127.0.0.1:9/", "--audit-log", str(file)]) == 2
        assert "audit log" in capsys.readouterr().err
    assert precious.read_text() == "kept"
