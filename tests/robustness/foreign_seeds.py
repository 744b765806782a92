"""What each reader of foreign bytes expects; every change of it is what it may get."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.diagnosis.guards import wire
from tests.robustness import replies
from tests.robustness.foreign_bytes import SUFFIXES

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
    "redis": (replies.REDIS,),
    "mysql": (replies.MYSQL,),
    "postgres": (replies.POSTGRES,),
    "http": (
        replies.PAGE,
        b"HTTP/1.1 301 Moved\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n" + replies.PAGE,
    ),
}
#: What once ended in a traceback.
FOUND: Mapping[str, tuple[bytes, ...]] = {
    "redis": (
        replies.REDIS.replace(b"redis_version:7.2.4", b"redis_version:7,u.4"),
        replies.REDIS.replace(b"+OK", b"?OK"),
    ),
    "mysql": (
        replies.MYSQL.replace(b"\x0c\x21\0", b"\x3b\x21\0"),
        replies.MYSQL.replace(b"read_only_server", b"read_only_servez"),
    ),
    "postgres": (
        wire.AUTHENTICATED[:-1] + b"C",
        wire.AUTHENTICATED + replies.transaction(wire.postgres_rows([b"path"], [b"pg_catalog"])),
    ),
    "http": (b"HTTP/1.1 301 Moved\r\nLocation: /\xff\r\nContent-Length: 0\r\n\r\n" + replies.PAGE,),
}
