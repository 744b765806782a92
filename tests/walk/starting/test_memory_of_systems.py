"""The guard of memory counts the process: an innocent system is not lost beside one that lies."""

from __future__ import annotations

import socket
import threading

import pytest
from backend_performance.diagnosis import engines
from backend_performance.diagnosis.engine import Call
from backend_performance.diagnosis.guards import patience
from backend_performance.walk.starting.systems import Asked, ask_all

from tests.diagnosis.guards import wire
from tests.diagnosis.guards.lying_server import floods, lying

INFO = wire.bulk(b"# Server\r\nredis_version:7.2.4\r\nuptime_in_seconds:99\r\n")
#: An innocent answer is awaited for so long, while the other one fills the memory.
SLOW_S = 2.0


def slow(connection: socket.socket, over: threading.Event) -> None:
    """A Redis that only answers INFO, the first time slowly."""
    connection.recv(65_536)
    connection.sendall(b"+OK\r\n")
    connection.recv(65_536)
    over.wait(SLOW_S)
    connection.sendall(INFO)
    while connection.recv(65_536):
        connection.sendall(b"-ERR unknown command\r\n")


def redis(port: int) -> Asked:
    return Asked(
        engines.load("redis"),
        Call(
            told={"url-env": f"redis://127.0.0.1:{port}", "window": 0.0},
            variables={"url-env": f"REDIS_{port}"},
        ),
    )


@pytest.mark.slow
def test_a_system_beside_one_that_fills_the_memory_is_asked_again(monkeypatch):
    pytest.importorskip("redis")
    monkeypatch.setattr(patience, "MAX_GROWTH", 64 * 2**20)
    endless = floods(b"$100000000000\r\n", b"x" * 2**20)
    with lying(endless) as evil, lying(slow) as innocent:
        found = ask_all([redis(evil), redis(innocent)])
    assert [target.env for target in found.targets] == [f"REDIS_{innocent}"]
    (trouble,) = found.troubles
    assert f"REDIS_{evil}" in trouble and patience.OUT_OF_MEMORY in trouble
