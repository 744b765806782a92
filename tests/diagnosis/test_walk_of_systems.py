"""A walk that begins with every kind of system at once, and with systems that cannot be asked."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from backend_performance import skill_root
from backend_performance.commands import probe, walk
from backend_performance.diagnosis.guards import sent
from backend_performance.walk.starting import collect

from harness.engines import require_or_skip
from harness.mariadb_server import mariadb_server
from harness.postgres_server import postgres_server
from harness.redis_server import redis_server
from tests import privileges

psycopg = pytest.importorskip("psycopg")
pymysql = pytest.importorskip("pymysql")
redis = pytest.importorskip("redis.client", reason="the driver is not installed")
pytest.importorskip("aiohttp")

SECRET = "S3cret/p@ss word"
LOG = "".join(
    f"[{n}] 2026-03-01 10:00:00.{n:03d} UTC [77] probe@shop LOG:  duration: 3.1 ms  "
    f"statement: SELECT name FROM item WHERE id = {n}\n"
    for n in range(40)
)


class Page(BaseHTTPRequestHandler):
    """Answers with a JSON object; without a token it refuses."""

    seen: list[str] = []

    def do_GET(self) -> None:  # noqa: N802 - the name is the library's
        self.seen.append(self.command)
        allowed = self.headers.get("Authorization") in (None, SECRET)
        body = b'{"ok": true}'
        self.send_response(200 if allowed else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 - seen, and so found out

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    for engine in ("postgres", "mariadb", "redis"):
        require_or_skip(engine)
    with ExitStack() as stack:
        postgres = stack.enter_context(postgres_server())
        mariadb = stack.enter_context(mariadb_server({"performance-schema": "ON"}))
        store = stack.enter_context(redis_server())
        web = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        threading.Thread(target=web.serve_forever, args=(0.02,), daemon=True).start()
        stack.callback(web.server_close)
        stack.callback(web.shutdown)
        with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
            connection.execute(f"create role probe login in role pg_monitor password '{SECRET}'")
        with pymysql.connect(**mariadb.parameters()) as connection:
            cursor = connection.cursor()
            cursor.execute("create user probe@localhost identified by %s", (SECRET,))
            cursor.execute("grant process on *.* to probe@localhost")
            cursor.execute("grant select on performance_schema.* to probe@localhost")
        with redis.Redis(port=store.port) as client:
            client.acl_setuser(
                "probe",
                enabled=True,
                passwords=[f"+{SECRET}"],
                categories=["-@all"],
                commands=[
                    "+info",
                    "+scan",
                    "+slowlog|get",
                    "+latency|latest",
                    "+client|setname",
                    "+client|list",
                ],
            )
        log = tmp_path_factory.mktemp("log") / "postgresql.log"
        log.write_text(LOG)
        password = quote(SECRET, safe="")
        yield SimpleNamespace(
            PG=f"postgresql://probe:{password}@127.0.0.1:{postgres.port}/postgres",
            MY=f"mysql://probe:{password}@localhost/test?unix_socket={mariadb.socket}",
            RE=f"redis://probe:{password}@127.0.0.1:{store.port}/0",
            TOKEN=SECRET,
            url=f"http://127.0.0.1:{web.server_address[1]}/orders",
            log=str(log),
        )


@pytest.fixture
def call(systems, monkeypatch, tmp_path, capsys):
    """Run a command in a folder of its own; return its code and what it printed."""
    for name in ("PG", "MY", "RE", "TOKEN"):
        monkeypatch.setenv(name, getattr(systems, name))
    monkeypatch.chdir(tmp_path)

    def run(command, *arguments):
        try:
            code = command.main(list(map(str, arguments)))
        except SystemExit as leave:
            code = leave.code
        return code, *capsys.readouterr()

    return run


def session() -> dict:
    return json.loads(Path(".backend-performance/session.json").read_text())


def kinds(document: dict) -> Counter:
    return Counter(one["probe"].partition("/")[0] for one in document["evidence"])


def test_the_evidence_of_every_system_is_in_one_session(call, systems):
    Page.seen.clear()
    code, out, err = call(
        walk,
        "start",
        "--postgres-env",
        "PG",
        "--mysql-env",
        "MY",
        "--redis-env",
        "RE",
        "--redis-role",
        "cache",
        "--http",
        systems.url,
        "--header-env",
        "TOKEN",
        "--sqllog",
        systems.log,
        "--instances",
        2,
        "--processes",
        2,
        "--pool-size",
        5,
    )
    assert code == 0, err
    kept = session()
    assert [target["engine"] for target in kept["targets"]] == [
        "postgres",
        "mysql",
        "redis",
        "sqllog",
        "http",
    ]
    databases = {"mysql", "postgres", "redis", "memcached"}
    assert databases & {*kept["engines"]} == {"mysql", "postgres", "redis"}
    found = kinds(kept)
    assert found["postgres"] >= 25 and found["mysql"] >= 15 and found["redis"] >= 14
    assert found["http"] == 13 and found["sqllog"] == 14
    verdicts = {one["probe"]: one["verdict"] for one in kept["evidence"]}
    assert verdicts["redis/memory-limit"] == "fail", "the role was told"
    assert verdicts["mysql/connection-budget"] == "pass", "the deployment was told"
    assert set(Page.seen) == {"GET"}
    written = Path(".backend-performance/session.json").read_text()
    for form in ("md", "json", "html"):
        written += call(walk, "report", "--format", form, "--full")[1]
    for hidden in (SECRET, quote(SECRET, safe=""), "@127.0.0.1"):
        assert hidden not in out + err + written


def test_only_the_other_engines_of_a_kind_are_out_of_scope(call):
    assert call(walk, "start", "--redis-env", "RE")[0] == 0
    kept = session()
    assert set(kinds(kept)) == {"redis"} and "memcached" not in kept["engines"]
    assert {"mysql", "postgres", "python", "go"} <= {*kept["engines"]}, (
        "nobody said they are not there"
    )
    waiting = json.loads(call(walk, "next", "50", "--format", "json")[1])["items"]
    steps = collect.installed(skill_root.default_root()).steps
    asked = [steps[card["item"]].engines for card in waiting]
    assert asked and ("memcached",) not in asked


def test_a_web_address_alone_excludes_no_engine_and_a_log_tells_its_own(call, systems):
    assert call(walk, "start", "--http", systems.url)[0] == 0
    assert session()["engines"] is None and set(kinds(session())) == {"http"}
    assert call(walk, "start", "--sqllog", systems.log, "--force")[0] == 0
    assert "postgres" in session()["engines"] and "mysql" not in session()["engines"]


def test_a_server_that_dies_meanwhile_leaves_unknowns_with_the_reason(call, monkeypatch):
    asked = []

    def kill(system, text):
        asked.append(text)
        if sum(each.startswith("INFO") for each in asked) == 2:
            os.kill(dying.pid, signal.SIGKILL)

    with redis_server() as dying:
        monkeypatch.setenv("DYING", dying.url)
        monkeypatch.setattr(sent, "record", kill)
        code, _, err = call(walk, "start", "--redis-env", "DYING")
    assert code == 0, err
    found = [one for one in session()["evidence"] if one["probe"].startswith("redis/")]
    assert len(found) >= 14 and {one["verdict"] for one in found} == {"unknown"}
    assert all("connection was lost" in one["reason"] for one in found)


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
    "no log": (["--sqllog", "no/such.log"], "", "no regular file"),
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
    scripts = Path(__file__).parents[2] / "scripts"
    for call in (["walk.py", "start", "--sqllog"], ["probe.py", "sqllog"]):
        ran = subprocess.run(
            [*privileges.bound(), sys.executable, str(scripts / call[0]), *call[1:], str(log)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 2 and "Permission denied" in ran.stderr
        assert "Traceback" not in ran.stderr
