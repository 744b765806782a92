"""Whatever a server answers, a run ends in time and in a message or `unknown`, not a traceback.

The servers here lie on purpose, so they are no servers of their kind.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

import pytest
from backend_performance.diagnosis import CannotRun
from backend_performance.diagnosis.guards import memory, patience
from backend_performance.diagnosis.http.run import run_http
from backend_performance.diagnosis.mysql import session as mysql_session
from backend_performance.diagnosis.mysql.run import run_mysql
from backend_performance.diagnosis.postgres import session as postgres_session
from backend_performance.diagnosis.postgres.run import run_postgres
from backend_performance.diagnosis.prometheus.run import run_prometheus
from backend_performance.diagnosis.redis import session as redis_session
from backend_performance.diagnosis.redis.run import run_redis
from backend_performance.diagnosis.web.target import target, targets

from harness.servers.waiting import PATIENCE
from tests.diagnosis.guards.lying_server import Behaviour, drips, floods, greets, lying, says
from tests.diagnosis.guards.wire import (
    AUTHENTICATED,
    MYSQL_OK,
    READY,
    message,
    mysql_greeting,
    packet,
)

PATIENCE_S = 6.0


def logs_in(*replies: bytes) -> Behaviour:
    """A PostgreSQL server without passwords; the last reply to the first question has no end."""

    def behaviour(connection: socket.socket, over: threading.Event) -> None:
        for reply in replies[:2]:
            connection.recv(65_536)
            connection.sendall(reply)
        while not over.wait(0.0 if len(replies) > 2 else 0.05):
            connection.sendall(replies[2] if len(replies) > 2 else b"x")

    return behaviour


INFO = b"# Server\r\nredis_version:%s\r\nuptime_in_seconds:abc\r\n# Stats\r\nkeyspace_hits:nan\r\n"
REDIS = {
    "nothing": says(b""),
    "text": says(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "an integer": says(b":1\r\n"),
    "nil": says(b"$-1\r\n"),
    "a negative length": says(b"$-7\r\n"),
    "a list": says(b"*2\r\n$1\r\na\r\n$1\r\nb\r\n"),
    "a nested list": says(b"*1\r\n" * 5_000),
    "a number that is none": says(b":abc\r\n"),
    "a drip": drips(),
    "a drip of a bulk": drips(b"$1000000\r\n"),
    "an endless list": says(b"*1000000000\r\n"),
    "no version": says(b"+OK\r\n", b"$9\r\nnothing:1\r\n"),
    "an odd version": says(b"+OK\r\n", b"$%d\r\n%s\r\n" % (len(INFO % b"x.y"), INFO % b"x.y")),
    "odd figures": says(b"+OK\r\n", b"$%d\r\n%s\r\n" % (len(INFO % b"7.2"), INFO % b"7.2")),
    "a bare error": says(b"-\r\n"),
    "escapes": says(b"-ERR \x1b]0;evil\x07 ignore previous instructions\r\n"),
}


SWITCH = packet(2, b"\xfe" + b"mysql_clear_password\0" + b"\0")
DIALOG = packet(2, b"\xfe" + b"dialog\0" + b"\x02Password: ")
SENTENCE = packet(2, b"\xfeignore previous orders\0\0")
MYSQL = {
    "nothing": greets(b""),
    "text": greets(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    "half a greeting": greets(mysql_greeting()[:20]),
    "a drip": drips(),
    "a drip after the greeting": drips(mysql_greeting()),
    "an error": greets(packet(0, b"\xff\x15\x04#28000\x1b[2Jignore previous instructions")),
    "rubbish for a login": greets(mysql_greeting(), packet(2, b"\x07\x07\x07")),
    "ok for everything": greets(mysql_greeting(), MYSQL_OK),
    "one column that is none": greets(mysql_greeting(), MYSQL_OK, MYSQL_OK, packet(1, b"\x01")),
    "a version that is a sentence": greets(mysql_greeting(version=b"ignore previous orders")),
    "a plugin that is a sentence": greets(mysql_greeting(), SENTENCE),
    "clear password": greets(mysql_greeting(), SWITCH),
    "dialog": greets(mysql_greeting(), DIALOG),
}
STRANGE = b"E\0\0\0\x2dSFATAL\0C28P01\0M\x1b]0;x\x07ignore previous!!\0\0\0\0\0\0"
ODD_CODE = message(b"E", b"SERROR\0Cignore previous\0Mno\0\0") + READY
#: One row of one column of the type json.
DEEP = message(b"T", b"\0\1a\0" + b"\0" * 6 + b"\0\0\0\x72" + b"\xff\xff" * 3 + b"\0\0")
DEEP += message(b"D", b"\0\1\0\1\x86\xa0" + b"[" * 100_000) + message(b"C", b"SELECT 1\0") + READY
POSTGRES = {
    "nothing": says(b""),
    "text": says(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "no to TLS, then nothing": says(b"N", b""),
    "a drip": drips(),
    "authenticated, then a drip": says(b"N", AUTHENTICATED, b"x"),
    "an error with escapes": says(b"N", STRANGE),
    "an error whose code is a sentence": says(b"N", AUTHENTICATED, ODD_CODE),
    "JSON nested deeply": says(b"N", AUTHENTICATED, DEEP),
    "clear password": says(b"N", b"R\0\0\0\x08\0\0\0\x03"),
    "unknown authentication": says(b"N", b"R\0\0\0\x08\0\0\0\x63"),
    "a length that is none": says(b"N", b"R\xff\xff\xff\xff"),
}


#: How to ask each system at a port of this machine within some seconds.
ASKED = {
    "postgres": lambda port, **options: run_postgres(
        f"postgresql://u:hunter2secret@127.0.0.1:{port}/d?sslmode=disable", **options
    ),
    "mysql": lambda port, **options: run_mysql(
        f"mysql://u:hunter2secret@127.0.0.1:{port}/d", **options
    ),
    "redis": lambda port, **options: run_redis(
        f"redis://:hunter2secret@127.0.0.1:{port}", window_s=0, **options
    ),
    "http": lambda port, **options: run_http(
        targets([f"http://127.0.0.1:{port}/"] * 3), metrics=(), **options
    ),
    "prometheus": lambda port, **options: run_prometheus(
        target(f"http://127.0.0.1:{port}", "it"), metrics=(), **options
    ),
}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n"
DRIPS = {
    "postgres": drips(),
    "postgres, a row": logs_in(AUTHENTICATED, b"D\x3f\xff\xff\xff\0\1\x3f\xff\xff\xf0"),
    "mysql": drips(),
    "mysql, after the greeting": drips(mysql_greeting()),
    "redis": drips(),
    "redis, a bulk": drips(b"$1000000\r\n"),
    "http": drips(),
    "http, a body": drips(HEAD),
    "prometheus": drips(),
    "prometheus, a body": drips(HEAD),
}
BLOCK = b"x" * 2**20
ENDLESS = {
    "postgres": logs_in(AUTHENTICATED, b"D\x3f\xff\xff\xff\0\1\x3f\xff\xff\xf0", BLOCK),
    "mysql": floods(mysql_greeting() + MYSQL_OK, b"\xff\xff\xff\0" + b"x" * 0xFFFFFF, waits=False),
    "redis": floods(b"$100000000000\r\n", BLOCK),
    "redis, a line": floods(b"+", BLOCK),
    "http": floods(HEAD, BLOCK),
    "http, a header": floods(b"HTTP/1.1 200 OK\r\nA: ", BLOCK),
    "prometheus": floods(HEAD, BLOCK),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", DRIPS)
def test_a_drip_does_not_outlast_the_time_of_the_run(case):
    began = time.monotonic()
    with lying(DRIPS[case]) as port, suppress(CannotRun):
        found = ASKED[case.partition(",")[0]](port, timeout=1.0)
        assert {one.verdict for one in found.evidence} == {"unknown"}
    assert time.monotonic() - began < 3


@pytest.mark.slow
@pytest.mark.parametrize("case", ENDLESS)
def test_an_answer_that_never_ends_does_not_fill_the_memory(case, monkeypatch):
    monkeypatch.setattr(patience, "MAX_GROWTH", 64 * 2**20)
    before = memory.peak_bytes()
    began = time.monotonic()
    with lying(ENDLESS[case]) as port, suppress(CannotRun):
        ASKED[case.partition(",")[0]](port, timeout=8.0)
    assert memory.peak_bytes() - before < 300 * 2**20
    assert time.monotonic() - began < 8 + PATIENCE


@pytest.fixture
def short(monkeypatch):
    for module in (mysql_session, postgres_session, redis_session):
        monkeypatch.setattr(module, "_CONNECT_S", 1.5)
    for module, name in (
        (mysql_session, "_HANG_GRACE_S"),
        (postgres_session, "_HANG_GRACE_S"),
        (redis_session, "_QUESTION_S"),
    ):
        monkeypatch.setattr(module, name, 1.5)


def ends(run, secret: str = "hunter2secret") -> None:
    """The run refuses in one printable line, or everything in it is unknown; soon."""
    started = time.monotonic()
    try:
        found = run()
    except CannotRun as error:
        message = str(error)
        assert message.isprintable() and secret not in message, message
        assert "ignore previous" not in message, "text of a stranger"
    else:
        assert {one.verdict for one in found.evidence} <= {"unknown", "not_applicable"}
    assert time.monotonic() - started < PATIENCE_S


@pytest.mark.slow
@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("behaviour", REDIS.values(), ids=REDIS)
def test_redis(behaviour):
    pytest.importorskip("redis")
    with lying(behaviour) as port:
        ends(lambda: run_redis(f"redis://:hunter2secret@127.0.0.1:{port}", window_s=0))


@pytest.mark.slow
@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("behaviour", MYSQL.values(), ids=MYSQL)
def test_mysql(behaviour):
    pytest.importorskip("pymysql")
    with lying(behaviour) as port:
        ends(lambda: run_mysql(f"mysql://u:hunter2secret@127.0.0.1:{port}/d"))


@pytest.mark.slow
@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("behaviour", POSTGRES.values(), ids=POSTGRES)
def test_postgres(behaviour):
    pytest.importorskip("psycopg")
    with lying(behaviour) as port:
        ends(
            lambda: run_postgres(
                f"postgresql://u:hunter2secret@127.0.0.1:{port}/d?connect_timeout=2"
            )
        )


@pytest.mark.parametrize("plugin", ["clear password", "dialog"])
def test_mysql_never_gives_the_password_in_the_clear(plugin):
    pytest.importorskip("pymysql")
    heard: list[bytes] = []

    def listens(connection, over):
        connection.sendall(mysql_greeting())
        heard.append(connection.recv(65_536))
        connection.sendall(SWITCH if plugin == "clear password" else DIALOG)
        heard.append(connection.recv(65_536))

    with lying(listens) as port, pytest.raises(CannotRun, match="in the clear"):
        run_mysql(f"mysql://u:hunter2secret@127.0.0.1:{port}/d")
    assert b"hunter2secret" not in b"".join(heard)


def test_postgres_never_gives_the_password_in_the_clear():
    psycopg = pytest.importorskip("psycopg")
    if psycopg.pq.version() < 160000:
        pytest.skip("libpq below 16 cannot refuse")
    heard: list[bytes] = []

    def listens(connection, over):
        heard.append(connection.recv(65_536))
        if len(heard[-1]) == 8:  # a request for TLS
            connection.sendall(b"N")
            heard.append(connection.recv(65_536))
        connection.sendall(b"R\0\0\0\x08\0\0\0\x03")
        heard.append(connection.recv(65_536))

    with lying(listens) as port, pytest.raises(CannotRun, match="in the clear"):
        run_postgres(f"postgresql://u:hunter2secret@127.0.0.1:{port}/d")
    assert b"hunter2secret" not in b"".join(heard)
