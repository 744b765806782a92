"""A walk that begins with every kind of system at once, and with systems that cannot be asked."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest
from backend_performance import skill_root
from backend_performance.commands import walk
from backend_performance.diagnosis.guards import sent
from backend_performance.walk.starting import collect

from harness.servers.redis import redis_server
from tests.diagnosis.asked_systems import SECRET, Page

psycopg = pytest.importorskip("psycopg")
pymysql = pytest.importorskip("pymysql")
redis = pytest.importorskip("redis.client", reason="the driver is not installed")
pytest.importorskip("aiohttp")


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
