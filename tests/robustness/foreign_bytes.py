"""Every reader of bytes that strangers wrote, called as the commands call it.

Each takes the bytes and returns; the refusals that it documents count as returning. Anything else
is a bug: ``benchmarks/fuzz_readers.py`` looks for it by coverage, a test by changing the seeds.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from backend_performance.diagnosis import plan
from backend_performance.diagnosis.config.run import run_config
from backend_performance.diagnosis.prometheus import client
from backend_performance.diagnosis.sqllog.run import run_sqllog
from backend_performance.diagnosis.trouble import CannotRun, NoAnswer
from backend_performance.refusal import Refusal
from backend_performance.skill.findings import baseline, checking, codes
from backend_performance.walk import bulk
from backend_performance.walk.store import store

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
}
