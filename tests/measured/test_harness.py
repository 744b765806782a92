"""The servers of the harness start, answer, and leave no process and no directory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from harness.servers.child import ServerFailed
from harness.servers.engines import require_or_skip
from harness.servers.lookup import VARIABLE
from harness.servers.mariadb import mariadb_server
from harness.servers.postgres import BIN_VARIABLE, find_postgres, postgres_server
from harness.servers.redis import redis_server

SERVERS = {"postgres": postgres_server, "mariadb": mariadb_server, "redis": redis_server}
ROOT = Path(__file__).parents[2]


def ask_postgres(server: Any) -> object:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(server.superuser_dsn) as socket, psycopg.connect(server.url()) as tcp:
        assert socket.execute("select 1").fetchone() == (1,)
        return tcp.execute("select 41 + 1").fetchone()[0]


def ask_mariadb(server: Any) -> object:
    pymysql = pytest.importorskip("pymysql")
    with pymysql.connect(**server.parameters()) as connection, connection.cursor() as cursor:
        cursor.execute("select 41 + 1")
        return cursor.fetchone()[0]


def ask_redis(server: Any) -> object:
    redis = pytest.importorskip("redis")
    with redis.Redis.from_url(server.socket_url) as client:
        client.set("answer", 42)
    with redis.Redis.from_url(server.url) as client:
        return int(client.get("answer"))


ASK: dict[str, Callable[[Any], object]] = {
    "postgres": ask_postgres,
    "mariadb": ask_mariadb,
    "redis": ask_redis,
}


@pytest.fixture(params=list(SERVERS))
def engine(request: pytest.FixtureRequest) -> str:
    require_or_skip(request.param)
    return str(request.param)


def serve(engine: str) -> AbstractContextManager[Any]:
    return SERVERS[engine]()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def test_a_server_answers_and_leaves_nothing(engine: str) -> None:
    with serve(engine) as server:
        assert ASK[engine](server) == 42
        assert server.directory.is_dir() and is_running(server.pid)
    assert not server.directory.exists() and not is_running(server.pid)


def test_nothing_is_left_when_the_body_raises(engine: str) -> None:
    with pytest.raises(KeyboardInterrupt), serve(engine) as server:
        raise KeyboardInterrupt
    assert not server.directory.exists() and not is_running(server.pid)


def test_nothing_is_left_after_sigterm(engine: str) -> None:
    program = (
        f"import time\nfrom harness.servers.{engine} import {engine}_server\n"
        f"with {engine}_server() as s:\n"
        "    print(s.pid, s.directory, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        pid, directory = child.stdout.readline().split()  # type: ignore[union-attr]
        assert is_running(int(pid))
        child.send_signal(signal.SIGTERM)
        assert child.wait(30) == 128 + signal.SIGTERM
    assert not Path(directory).exists() and not is_running(int(pid))


@pytest.mark.server
def test_a_wrong_setting_is_shown_with_the_log() -> None:
    require_or_skip("postgres")
    started = time.monotonic()
    with (
        pytest.raises(ServerFailed, match="no_such_setting"),
        postgres_server({"no_such_setting": "1"}),
    ):
        pass
    assert time.monotonic() - started < 30


@pytest.mark.server
def test_statement_statistics_work_where_the_installation_has_them() -> None:
    require_or_skip("pg_stat_statements")
    psycopg = pytest.importorskip("psycopg")
    with postgres_server() as server, psycopg.connect(server.superuser_dsn) as connection:
        connection.execute("create extension pg_stat_statements")
        assert connection.execute("select count(*) from pg_stat_statements").fetchone()


def test_a_wrong_folder_in_the_environment_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "all")
    monkeypatch.setenv(BIN_VARIABLE, "/nowhere")
    with pytest.raises(ServerFailed, match="/nowhere"):
        find_postgres()
