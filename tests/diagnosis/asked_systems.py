"""One system of each kind, asked through the command lines."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from harness.servers.engines import require_or_skip
from harness.servers.mariadb import mariadb_server
from harness.servers.postgres import postgres_server
from harness.servers.redis import redis_server

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
    import psycopg
    import pymysql
    import redis

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
