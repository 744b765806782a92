"""The Redis probes do no harm: twelve commands, no counter moved, no name and no value shown."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from backend_performance.diagnosis import CannotRun
from backend_performance.diagnosis.probes import catalog
from backend_performance.diagnosis.redis import session as redis_session
from backend_performance.diagnosis.trouble import NoAnswer

from harness.servers.waiting import PATIENCE
from tests.diagnosis.redis.redis_servers import ACL, Server, redis
from tests.diagnosis.redis.safety import WHOLE

SENT = {
    *("info", "scan", "memory|usage", "pttl", "slowlog|get", "latency|latest"),
    *("client|setname", "client|list"),
    *("object|encoding", "xlen", "xinfo|groups", "xpending"),
}


def calls(client: redis.Redis) -> dict[str, int]:
    found = client.execute_command("INFO", "commandstats")
    return {name.removeprefix("cmdstat_"): stats["calls"] for name, stats in found.items()}


def counted(client: redis.Redis) -> dict[str, Any]:
    stats, keys = client.info("stats"), client.info("keyspace")
    names = ("keyspace_hits", "keyspace_misses", "expired_keys", "evicted_keys")
    changes = client.info("persistence")["rdb_changes_since_last_save"]
    sizes = {name: (each["keys"], each["expires"]) for name, each in keys.items()}
    return {name: stats[name] for name in names} | {"changes": changes, "keys": sizes}


def test_the_whole_catalogue_changes_nothing_and_sends_twelve_commands(start):
    server = start()
    with server.client() as client:
        client.mset({f"cart:{n}": "x" * 50 for n in range(300)})
        client.set("brief:1", "x", ex=1000)
        client.hset("report:1", mapping={f"f{n}": "y" for n in range(600)})
        for n in range(300):
            client.xadd("events", {"n": n, "body": "z" * 50})
        client.xgroup_create("events", "mailer", "0")
        client.xreadgroup("mailer", "one", {"events": ">"}, count=200)
        config = client.config_get()
        time.sleep(2.1)  # idle times count in seconds
        before, said = counted(client), calls(client)
        run = server.run(**WHOLE)
        now = calls(client)
        asked = counted(client)["keyspace_hits"] - before["keyspace_hits"]
        assert 0 < asked <= 100, "PTTL of at most twenty keys of each family, and one stream"
        assert client.xpending("events", "mailer")["pending"] == 200
        assert counted(client) | {"keyspace_hits": before["keyspace_hits"]} == before
        sent = {name for name in now if now[name] != said.get(name)}
        assert sent <= SENT | {"config|get"}, "the latter was ours"
        assert all(client.object("idletime", f"cart:{n}") >= 2 for n in range(0, 300, 50))
        assert client.ttl("brief:1") <= 998
        assert client.config_get() == config
    assert len(run.evidence) == len(catalog.load("redis"))


WRITES = [
    ("SET", "a", "1"),
    ("DEL", "a"),
    ("FLUSHALL",),
    ("EVAL", "return 1", "0"),
    ("CONFIG", "GET", "*"),
    ("CONFIG", "SET", "maxmemory", "1"),
    ("KEYS", "*"),
    ("MONITOR",),
    ("GET", "a"),
    ("TTL", "a"),
    ("OBJECT", "FREQ", "a"),
    ("XINFO", "STREAM", "a"),
    ("XRANGE", "a", "-", "+"),
    ("XACK", "a", "g", "1-0"),
    ("XTRIM", "a", "MAXLEN", "0"),
    ("SLOWLOG", "RESET"),
    ("LATENCY", "RESET"),
    ("MEMORY", "PURGE"),
    ("CLIENT", "KILL", "x"),
    ("SHUTDOWN", "NOSAVE"),
    ("DEBUG", "SLEEP", "1"),
    ("SCANX",),
    (),
]


@pytest.mark.parametrize("words", WRITES, ids=lambda words: " ".join(words) or "nothing")
def test_any_other_command_is_refused_by_the_list_and_by_the_role(start, words):
    server = start()
    with server.client() as client:
        client.set("a", "kept")
        client.acl_setuser("probe", reset=True)
        client.execute_command("ACL", "SETUSER", "probe", *ACL)
    with redis_session.connect(server.url_as("probe", "S3cret-p@ss")) as session:
        with pytest.raises(NoAnswer, match="refused before it was sent"):
            session.ask(*words)
        if words and words != ("SCANX",):  # past the list: the role is the second guard
            session._connection.send_command(*words)
            with pytest.raises(redis.ResponseError):
                session._connection.read_response()
        assert session.ask("INFO", "server")
    with server.client() as client:
        assert client.get("a") == "kept"


def test_a_line_end_in_an_argument_is_no_further_command(start):
    server = start()
    with server.client() as client:
        client.set("a", "kept")
        with redis_session.connect(server.url) as session:
            session.ask("INFO", "server\r\nFLUSHALL")
        assert client.get("a") == "kept"


def test_a_server_that_stands_still_keeps_nobody_waiting(start, monkeypatch):
    """A script or a fork stops every other client; here a pause does."""
    monkeypatch.setattr(redis_session, "_SECONDS", 0.5)
    server = start()
    with server.client() as client:
        client.execute_command("CLIENT", "PAUSE", "30000", "ALL")
        began = time.monotonic()
        with pytest.raises(CannotRun, match="did not answer"):
            server.run()
        assert time.monotonic() - began < PATIENCE


def during(action: Callable[[], Any], server: Server, **options: Any) -> Any:
    """Run the catalogue; in the middle of its window something happens."""
    timer = threading.Timer(0.3, action)
    timer.start()
    try:
        return server.run(**WHOLE | {"window_s": 0.8} | options)
    finally:
        timer.join()


def test_a_server_that_goes_away_leaves_unknowns_with_the_reason(start, monkeypatch):
    monkeypatch.setattr(redis_session, "_SECONDS", 0.5)
    server = start()
    with server.client() as client:
        paused = during(lambda: client.execute_command("CLIENT", "PAUSE", "3000", "ALL"), server)
    server = start()
    died = during(lambda: os.kill(server.running.pid, signal.SIGKILL), server)
    for run in (paused, died):
        assert len(run.evidence) == len(catalog.load("redis"))
        assert {one.verdict for one in run.evidence} == {"unknown"}
        assert all("connection was lost or did not answer" in one.reason for one in run.evidence)
