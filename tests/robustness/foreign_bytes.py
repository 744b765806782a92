"""Every reader of bytes that strangers wrote, called as the commands call it.

Each takes the bytes and returns; the refusals that it documents count as returning. Anything else
is a bug: ``benchmarks/fuzz_readers.py`` looks for it by coverage, a test by changing the seeds.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from backend_performance.diagnosis import plan
from backend_performance.diagnosis.code.run import run_code
from backend_performance.diagnosis.config.run import run_config
from backend_performance.diagnosis.http.run import run_http
from backend_performance.diagnosis.mysql.run import run_mysql
from backend_performance.diagnosis.postgres import capabilities
from backend_performance.diagnosis.postgres.run import run_postgres
from backend_performance.diagnosis.prometheus import client
from backend_performance.diagnosis.redis.run import run_redis
from backend_performance.diagnosis.sqllog.run import run_sqllog
from backend_performance.diagnosis.trouble import CannotRun, NoAnswer
from backend_performance.diagnosis.web.target import targets
from backend_performance.refusal import Refusal
from backend_performance.skill.findings import baseline, checking, codes
from backend_performance.walk import bulk
from backend_performance.walk.store import store

from tests.diagnosis.guards import wire
from tests.robustness import spoken

REFUSALS = (Refusal, CannotRun, NoAnswer, plan.PlanError, baseline.BaselineError)
_FOLDER = Path(tempfile.mkdtemp(prefix="bp-foreign-"))


def _file(name: str, data: bytes) -> Path:
    path = _FOLDER / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def _session(data: bytes) -> None:
    """With a checksum that fits, where the bytes are JSON at all: the deeper checks are asked."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        content = None
    if isinstance(content, dict):
        data = json.dumps(store.sealed(content)).encode()
    path = _file("session.json", data)
    for foreign in (True, False):
        with suppress(Refusal):
            store.load(path, None, foreign=foreign)


def _compose(data: bytes) -> None:
    run_config(_file("config/compose.yaml", data).parent)


def _skill(data: bytes) -> None:
    checking.check(_file("demo/SKILL.md", data).parent, codes.choose([], []))


def _code(data: bytes) -> None:
    """The first byte chooses the language."""
    folder = _FOLDER / "code"
    shutil.rmtree(folder, ignore_errors=True)
    suffix = SUFFIXES[data[0] % len(SUFFIXES)] if data else "py"
    _file(f"code/a.{suffix}", data[1:])
    run_code(folder, timeout=5)


def _redis(data: bytes) -> None:
    with spoken.replying(data) as port:
        run_redis(f"redis://127.0.0.1:{port}", window_s=0, timeout=2)


def _mysql(data: bytes) -> None:
    with spoken.replying(data, greeting=spoken.MYSQL_GREETING) as port:
        run_mysql(f"mysql://u@127.0.0.1:{port}/d", timeout=2)


def _postgres(data: bytes) -> None:
    """A piece ends where the server is ready again: what comes unasked is thrown away unread."""
    with spoken.replying(*re.findall(rb"(?s).*?Z\x00\x00\x00\x05.|.+", data)) as port:
        run_postgres(f"postgresql://u@127.0.0.1:{port}/d?sslmode=disable", timeout=2)


def _http(data: bytes) -> None:
    with spoken.replying(data) as port:
        run_http(targets([f"http://127.0.0.1:{port}/"]), metrics=(), timeout=2)


READERS: Mapping[str, Callable[[bytes], object]] = {
    "session": _session,
    "baseline": lambda data: baseline.read(_file("baseline.json", data)),
    "decisions": lambda data: bulk.decisions(data.decode("utf-8", "replace"), "2026-01-01"),
    "plan": lambda data: plan.examine(plan.read(data)),
    "log": lambda data: run_sqllog(_file("a.log", data), timeout=5),
    "response": lambda data: client._points(200, data),
    "names": lambda data: client._names(200, data),
    "configuration": _compose,
    "skill": _skill,
    "code": _code,
    "redis": _redis,
    "mysql": _mysql,
    "postgres": _postgres,
    "http": _http,
}


def read(reader: str, data: bytes) -> None:
    """Let one reader read the bytes; a documented refusal is an answer."""
    with suppress(*REFUSALS):
        READERS[reader](data)


_READING = {
    "probe": "postgres/x",
    "items": ["a/b/c"],
    "verdict": "fail",
    "reason": "r",
    "observed": {"p95_ms": 1.5},
    "rows": [{"table_name": "t"}],
}
_SESSION = {
    "schema": "session/3",
    "skill": {"name": "s", "version": "1", "digest": "sha256:" + "0" * 64},
    "started": "2026-01-01T00:00:00Z",
    "engines": ["postgres"],
    "targets": [{"engine": "postgres", "env": "DB", "server": {"version": "17"}}],
    "parameters": {"instances": 2},
    "items": ["a/b/c"],
    "evidence": [_READING],
    "decisions": [{"item": "a/b/c", "verdict": "pass", "at": "2026-01-01T00:00:00Z"}],
}
_PLAN = [
    {
        "Plan": {
            "Node Type": "Seq Scan",
            "Relation Name": "t",
            "Plan Rows": 10,
            "Actual Rows": 9000,
            "Actual Loops": 1,
            "Actual Total Time": 12.5,
            "Rows Removed by Filter": 100000,
            "Filter": "(a = 1)",
            "Plans": [{"Node Type": "Sort", "Plan Rows": 1, "Sort Method": "external merge"}],
        },
        "Execution Time": 13.0,
        "JIT": {"Timing": {"Total": 5.0}},
    }
]
_MYSQL_PLAN = {
    "query_block": {
        "select_id": 1,
        "cost_info": {"query_cost": "10.5"},
        "table": {"table_name": "t", "access_type": "ALL", "rows_examined_per_scan": 9},
    }
}
_SLOW = (
    "# Time: 2026-01-01T00:00:00.000000Z\n# User@Host: a[a] @ h []  Id: 3\n"
    "# Query_time: 1.5  Lock_time: 0.1 Rows_sent: 1  Rows_examined: 100000\n"
    "SET timestamp=1767225600;\nselect * from t where a = 'x';\n"
)
_STDERR = (
    "2026-01-01 00:00:00.000 UTC [7] LOG:  duration: 1500.5 ms  statement: select a\n"
    "\tfrom t where b = 'c'\n"
) * 3
_COMPOSE = (
    "services:\n  web:\n    image: shop:1\n    environment:\n      DATABASE_URL: postgres://db/shop\n"
    "      WEB_CONCURRENCY: '4'\n    deploy:\n      resources:\n        limits: {memory: 512M}\n"
    "  db:\n    image: postgres:16\n    command: -c max_connections=20\n"
)
_ANSWER = {
    "status": "success",
    "data": {"resultType": "vector", "result": [{"metric": {"a": "b"}, "value": [1, "2.5"]}]},
}
#: What each reader expects; every change of it is what it may get.
_NATIVE = {
    "status": "success",
    "data": {
        "resultType": "vector",
        "result": [
            {
                "metric": {"job": "shop"},
                "histogram": [1, {"count": "2", "sum": "3", "buckets": [[0, "1", "2", "2"]]}],
            }
        ],
    },
}
_INFO = (
    b"# Server\r\nredis_version:7.2.4\r\nredis_mode:standalone\r\nuptime_in_seconds:99\r\n"
    b"# Clients\r\nconnected_clients:3\r\nmaxclients:10000\r\n# Memory\r\nused_memory:1000\r\n"
    b"maxmemory:0\r\nmaxmemory_policy:noeviction\r\n# Stats\r\nkeyspace_hits:5\r\n"
    b"keyspace_misses:7\r\nevicted_keys:0\r\n# Commandstats\r\n"
    b"cmdstat_keys:calls=3,usec=40,usec_per_call=13.3\r\n# Keyspace\r\ndb0:keys=5,expires=0\r\n"
)
#: In the order of a run: the name, INFO, then what the samples ask.
_REDIS = (
    b"+OK\r\n"
    + wire.bulk(_INFO)
    + b"*1\r\n*6\r\n:1\r\n:1700000000\r\n:20000\r\n*2\r\n$4\r\nKEYS\r\n$1\r\n*\r\n"
    + wire.bulk(b"127.0.0.1:5000")
    + wire.bulk(b"app")
    + b"*1\r\n*4\r\n$7\r\ncommand\r\n:1700000000\r\n:250\r\n:900\r\n"
    + wire.bulk(b"id=3 addr=127.0.0.1:5000 name= db=0 cmd=get omem=0 tot-mem=2000\n")
    + b"*2\r\n$1\r\n0\r\n*2\r\n$3\r\na:1\r\n$3\r\na:2\r\n:56\r\n:64\r\n:-1\r\n:5\r\n"
)
_MYSQL_FACTS = {b"version": b"8.0.36", b"performance_schema": b"1", b"uptime_s": b"9"}
_MYSQL_FACTS |= {b"current_schema_name": b"d", b"role_name": b"u", b"read_only_server": b"0"}
_OK = wire.packet(1, wire.MYSQL_OK[4:])
_MYSQL = (
    wire.MYSQL_OK
    + _OK
    + wire.mysql_rows([b"version"], [b"8.0.36"])
    + 3 * _OK
    + wire.mysql_rows([b"lock_limit"], [b"1"])
    + 3 * wire.mysql_rows(list(_MYSQL_FACTS), list(_MYSQL_FACTS.values()))
)
_GREETED = {b"path": b"pg_catalog,pg_temp", b"read_only": b"on", b"statement_timeout": b"0ms"}
_GREETED |= {b"lock_timeout": b"0ms", b"idle_in_transaction_session_timeout": b"0ms"}
_GATE = {b"server_version_num": b"160002", b"superuser": b"f", b"primary": b"t"}
_GATE |= {b"read_all_stats": b"t", b"database": b"d", b"role": b"u", b"started": b"2026-01-01"}
_GATE |= {b"connections_used_pct": b"5"}
_FIELDS = ("activities_tracked", "counts_tracked", "track_io_timing", "statistics_since")
_GATE |= {name.encode(): b"t" for name in (*capabilities.FORM, *_FIELDS)} | _GATE


def _transaction(*answers: bytes) -> bytes:
    """What a server says to one transaction of ours."""
    begin, commit = wire.message(b"C", b"BEGIN\0"), wire.message(b"C", b"COMMIT\0")
    return begin + wire.IN_TRANSACTION + b"".join(answers) + commit + wire.READY


_LIMITED = wire.postgres_rows([b"set_config"], [b"5s"])
_POSTGRES = (
    wire.AUTHENTICATED
    + _transaction(wire.postgres_rows(list(_GREETED), list(_GREETED.values())))
    + _transaction(_LIMITED, wire.postgres_rows(list(_GATE), list(_GATE.values())))
    + 3 * _transaction(_LIMITED, wire.postgres_rows([b"table_name", b"pct"], [b"t", b"95"]))
)
_PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
    b'Cache-Control: max-age=60, public\r\nETag: "a"\r\nContent-Length: 16\r\n'
    b'Set-Cookie: a=b\r\nServer-Timing: db;dur=53.2\r\nVary: Accept\r\n\r\n[{"id":1,"b":2}]'
)
#: One for each language, of which the first byte of the input chooses.
SUFFIXES = (
    *("py", "js", "ts", "tsx", "rb", "java", "go", "kt", "php", "cs", "sql", "prisma"),
    *("html", "erb", "vue"),
)
_SOURCES = {
    "py": b"def f(ids):\n    for i in ids:\n        User.objects.get(pk=i)\n",
    "js": b"async function f(ids) { for (const i of ids) { await db.query(`select ${i}`) } }\n",
    "rb": b"class A < ApplicationRecord\n def f\n  ids.each { |i| User.find(i) }\n end\nend\n",
    "java": b"class A { void f() { for (int i : ids) { repository.findById(i); } } }\n",
    "go": b"package a\nfunc f() { for _, i := range ids { db.Query(`select 1`, i) } }\n",
    "php": b"<?php function f($ids) { foreach ($ids as $i) { User::find($i); } }\n",
    "sql": b"-- a\nselect * from t where a = 'b;c' /* d */;\nupdate t set a = $$x$$;\n",
    "prisma": b"model A {\n  id Int @id\n  b B[] @relation(fields: [x], references: [id])\n}\n",
}
SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "session": (json.dumps(_SESSION).encode(),),
    "baseline": (
        b'{"schema": "baseline/1",'
        b' "findings": [{"file": "a", "code": "b", "line": "c", "count": 1}]}',
    ),
    "decisions": (b'[{"item": "a/b/c", "verdict": "pass", "note": "seen"}]',),
    "plan": (json.dumps(_PLAN).encode(), json.dumps(_MYSQL_PLAN).encode()),
    "log": (_SLOW.encode(), _STDERR.encode()),
    "response": (json.dumps(_ANSWER).encode(), json.dumps(_NATIVE).encode()),
    "names": (b'{"status":"success","data":["up","http_requests_total"]}',),
    "configuration": (
        _COMPOSE.encode(),
        _COMPOSE.replace(
            "max_connections=20", f"max_connections={'9' * 400} -c work_mem=4MB"
        ).encode(),
    ),
    "skill": (
        b"---\nname: demo\ndescription: Shows one thing. Use it when asked.\n---\n# Demo\n\n"
        b"- [ ] **Do it.** Why. [x](gone.md#a) `scripts/x.py`\n  - Check: `ls`\n\n"
        b"| a | b |\n| - | - |\n",
    ),
    "code": tuple(bytes([SUFFIXES.index(suffix)]) + source for suffix, source in _SOURCES.items()),
    "redis": (_REDIS,),
    "mysql": (_MYSQL,),
    "postgres": (_POSTGRES,),
    "http": (_PAGE, b"HTTP/1.1 301 Moved\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n" + _PAGE),
}
#: What once ended in a traceback.
FOUND: Mapping[str, tuple[bytes, ...]] = {
    "redis": (
        _REDIS.replace(b"redis_version:7.2.4", b"redis_version:7,u.4"),
        _REDIS.replace(b"+OK", b"?OK"),
    ),
    "mysql": (
        _MYSQL.replace(b"\x0c\x21\0", b"\x3b\x21\0"),
        _MYSQL.replace(b"read_only_server", b"read_only_servez"),
    ),
    "postgres": (
        wire.AUTHENTICATED[:-1] + b"C",
        wire.AUTHENTICATED + _transaction(wire.postgres_rows([b"path"], [b"pg_catalog"])),
    ),
    "http": (b"HTTP/1.1 301 Moved\r\nLocation: /\xff\r\nContent-Length: 0\r\n\r\n" + _PAGE,),
}
