"""The command line of probe.py: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from backend_performance.commands.probe import main

SCRIPT = Path(__file__).parents[2] / "scripts" / "probe.py"


def run(capsys, *argv: str) -> tuple[int, str, str]:
    try:
        code = main(argv)
    except SystemExit as leave:
        code = leave.code
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        ((), "SYSTEM"),
        (("postgres",), "--dsn-env"),
        (("postgres", "--dsn-env", "NO_SUCH_VARIABLE"), "NO_SUCH_VARIABLE is not set"),
        (("postgres", "--dsn-env", "postgresql://u:hunter2@h/d"), "the name of an environment"),
        (("postgres", "postgresql://u:hunter2@h/d"), "not understood"),
        (("postgres", "--dsn-env", "DSN", "--pool-size", "0"), "from 1"),
        (("postgres", "--dsn-env", "DSN", "--pool-size", "ten"), "whole number"),
        (("postgres", "--dsn-env", "DSN", "--instances", "3"), "--pool-size"),
        (("postgres", "--dsn-env", "DSN", "--only", "unindexed-keys"), "unindexed-foreign-keys"),
        (("postgres", "--dsn-env", "DSN", "--timeout", "0"), "from 1"),
        (("postgres", "--dsn-env", "DSN", "--rows", "99"), "0 to 20"),
        (("postgres", "--dsn-env", "DSN"), "127.0.0.1"),
        (("postgres", "--service", "no_such_service"), "no_such_service"),
        (("postgres", "--dsn-env", "BROKEN"), "connection string"),
    ],
)
def test_a_call_that_cannot_run_says_why_and_exits_2(capsys, monkeypatch, argv, says):
    pytest.importorskip("psycopg")
    monkeypatch.setenv("DSN", "postgresql://u:hunter2@127.0.0.1:1/d")
    monkeypatch.setenv("BROKEN", "postgres//u:hunter2@h")
    code, out, err = run(capsys, *argv)
    assert (code, out) == (2, "")
    assert says in err and "hunter2" not in err and "Traceback" not in err


def test_without_the_driver_it_says_how_to_get_it(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setenv("DSN", "postgresql://u@127.0.0.1:1/d")
    code, _, err = run(capsys, "postgres", "--dsn-env", "DSN")
    assert code == 2 and "pip install" in err and len(err.splitlines()) == 1


def test_help_has_examples_and_exit_codes(capsys):
    for argv in (("--help",), ("postgres", "--help")):
        code, out, _ = run(capsys, *argv)
        assert code == 0 and "exit codes" in out and "examples" in out


def test_the_list_names_every_probe(capsys):
    code, out, _ = run(capsys, "postgres", "--list")
    assert code == 0 and len(out.splitlines()) >= 25
    assert all(line.startswith("postgres/") and line.endswith("?") for line in out.splitlines())


@pytest.mark.slow
def test_the_script_runs_from_anywhere(tmp_path):
    done = subprocess.run(
        [sys.executable, SCRIPT, "postgres", "--list"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0 and "postgres/unindexed-foreign-keys" in done.stdout


@pytest.fixture(scope="module")
def shop():
    pytest.importorskip("psycopg")
    import psycopg

    from harness.servers.engines import require_or_skip
    from harness.servers.postgres import postgres_server

    require_or_skip("postgres")
    with postgres_server() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("create role probe login in role pg_monitor")
        yield server


def test_evidence_goes_to_standard_output_and_the_exit_code(capsys, monkeypatch, shop):
    monkeypatch.setenv("DSN", shop.url("probe"))
    argv = ("postgres", "--dsn-env", "DSN", "--only", "connection-budget", "wraparound")
    pools = ("--instances", "5", "--processes", "4", "--pool-size", "10")
    code, out, err = run(capsys, *argv, *pools, "--format", "json")
    document = json.loads(out)
    assert (code, err) == (1, "")
    assert document["schema"] == "evidence/1" and document["summary"]["fail"] == 1
    assert document["evidence"][0]["observed"]["pool_total"] == 200
    small = ("--instances", "1", "--processes", "1", "--pool-size", "10")
    code, out, _ = run(capsys, *argv, *small, "--format", "json")
    assert code == 0 and json.loads(out)["summary"]["pass"] == 2
    code, out, _ = run(capsys, *argv, *small)
    assert code == 0 and "✓ pass" in out


def test_a_superuser_is_refused_unless_forced(capsys, monkeypatch, shop):
    monkeypatch.setenv("DSN", shop.url())
    assert run(capsys, "postgres", "--dsn-env", "DSN", "--only", "wraparound")[0] == 2
    code, _, _ = run(
        capsys, "postgres", "--dsn-env", "DSN", "--only", "wraparound", "--allow-superuser"
    )
    assert code == 0


def test_a_service_file_names_the_server(capsys, monkeypatch, shop, tmp_path):
    file = tmp_path / "services"
    file.write_text(f"[shop]\nhost={shop.host}\nport={shop.port}\nuser=probe\ndbname=postgres\n")
    monkeypatch.setenv("PGSERVICEFILE", str(file))
    assert run(capsys, "postgres", "--service", "shop", "--only", "wraparound")[0] == 0
