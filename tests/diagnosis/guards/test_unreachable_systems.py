"""Systems that cannot be asked: a sentence, never a credential."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from backend_performance.commands import probe, walk

from tests import privileges
from tests.diagnosis.asked_systems import LOG, SECRET

psycopg = pytest.importorskip("psycopg")
pymysql = pytest.importorskip("pymysql")
redis = pytest.importorskip("redis.client", reason="the driver is not installed")
pytest.importorskip("aiohttp")


GONE = "127.0.0.1:1"


CANNOT = {
    "postgres down": (["--postgres-env", "X"], f"postgresql://u:hunter2@{GONE}/d", "refused"),
    "mysql down": (["--mysql-env", "X"], f"mysql://u:hunter2@{GONE}/d", "refused"),
    "redis down": (["--redis-env", "X"], f"redis://u:hunter2@{GONE}/0", "refused"),
    "mysql no address": (["--mysql-env", "X"], "u:hunter2@h", "expected mysql://"),
    "redis no address": (["--redis-env", "X"], "u:hunter2@h", "expected redis://"),
    "mysql address as argument": (["--mysql-env", "mysql://u:hunter2@h/d"], "", "the name"),
    "redis variable not set": (["--redis-env", "NO_SUCH"], "", "NO_SUCH is not set"),
    "http down": (["--http", f"http://{GONE}/a"], "", "refused"),
    "http with credentials": (["--http", "http://u:hunter2@h/a"], "", "--header-env"),
    "header without variable": (
        ["--http", "http://h/", "--header-env", "A: hunter2"],
        "",
        "the name of",
    ),
    "no log": (["--sqllog", "no/such.log"], "", "neither a regular file nor"),
    "log of nothing": (["--sqllog", "notes.txt"], "", "no known log"),
}


@pytest.mark.parametrize(("arguments", "value", "says"), CANNOT.values(), ids=CANNOT)
def test_a_system_that_cannot_be_asked_ends_with_2(call, monkeypatch, arguments, value, says):
    Path("notes.txt").write_text("buy milk\n" * 50)
    if value:
        monkeypatch.setenv("X", value)
    code, out, err = call(walk, "start", *arguments)
    assert (code, out) == (2, "")
    assert says in err and "hunter2" not in err and "Traceback" not in err
    assert not Path(".backend-performance").exists()


@pytest.mark.parametrize("name", ["PG", "MY", "RE"])
@pytest.mark.parametrize("command", ["walk", "probe"])
def test_a_wrong_password_is_never_repeated(call, monkeypatch, systems, name, command):
    wrong = "Wr0ng-hunter2"
    address = getattr(systems, name).replace(quote(SECRET, safe=""), wrong)
    if name == "PG":  # trusts everybody who comes in this way
        address = address.replace("/postgres", "/no_such_database")
    monkeypatch.setenv(name, address)
    engine = {"PG": "postgres", "MY": "mysql", "RE": "redis"}[name]
    if command == "walk":
        code, out, err = call(walk, "start", f"--{engine}-env", name)
    else:
        option = "--url-env" if engine == "redis" else "--dsn-env"
        code, out, err = call(probe, engine, option, name)
    assert (code, out) == (2, "")
    assert wrong not in err and "Traceback" not in err and len(err) < 500


def test_a_log_that_may_not_be_read_is_refused(systems, tmp_path):
    import subprocess
    import sys

    log = tmp_path / "closed.log"
    log.write_text(LOG)
    log.chmod(0)
    scripts = Path(__file__).parents[3] / "scripts"
    for call in (["walk.py", "start", "--sqllog"], ["probe.py", "sqllog"]):
        ran = subprocess.run(
            [*privileges.bound(), sys.executable, str(scripts / call[0]), *call[1:], str(log)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 2 and "Permission denied" in ran.stderr
        assert "Traceback" not in ran.stderr
