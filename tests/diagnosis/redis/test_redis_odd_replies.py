"""Replies about streams in a form that no server has are unknown, never a traceback."""

from __future__ import annotations

import re
import socket
import threading

import pytest
from backend_performance.diagnosis.redis.run import run_redis
from backend_performance.verdict import Verdict

from tests.diagnosis.guards.lying_server import Behaviour, lying

_COMMAND = re.compile(rb"\*\d+\r\n\$\d+\r\n(\w+)\r\n")
INFO = b"# Server\r\nredis_version:7.2.4\r\n# Stats\r\nkeyspace_hits:1\r\n"
SANE = {
    b"CLIENT": b"+OK\r\n",
    b"INFO": b"$%d\r\n%s\r\n" % (len(INFO), INFO),
    b"SCAN": b"*2\r\n$1\r\n0\r\n*1\r\n$6\r\nevents\r\n",
    b"MEMORY": b":9000\r\n",
    b"XLEN": b":300\r\n",
    b"XINFO": b"*1\r\n*4\r\n$4\r\nname\r\n$1\r\ng\r\n$7\r\npending\r\n:200\r\n",
    b"XPENDING": b"*1\r\n*4\r\n$3\r\n1-1\r\n$1\r\nc\r\n:60000\r\n:12\r\n",
}


def replies(odd: dict[bytes, bytes]) -> Behaviour:
    known = SANE | odd

    def behaviour(connection: socket.socket, _: threading.Event) -> None:
        while heard := connection.recv(65_536):
            for name in _COMMAND.findall(heard):
                connection.sendall(known.get(name, b"-ERR\r\n"))

    return behaviour


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {b"XINFO": b"*1\r\n*2\r\n*0\r\n:1\r\n"},
        {b"XINFO": b"*1\r\n*1\r\n$4\r\nname\r\n"},
        {b"XINFO": b"*1\r\n:1\r\n"},
        {b"XPENDING": b":5\r\n"},
        {b"XPENDING": b"*1\r\n:5\r\n"},
        {b"XPENDING": b"*0\r\n"},
    ],
)
def test_an_odd_reply_about_a_stream_is_no_traceback(odd):
    pytest.importorskip("redis")
    with lying(replies(odd)) as port:
        run = run_redis(f"redis://127.0.0.1:{port}", window_s=0, only=["streams"])
    (found,) = run.evidence
    assert (found.verdict in (Verdict.FAIL, Verdict.JUDGE)) is (not odd), found.reason
