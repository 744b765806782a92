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

from tests.robustness import spoken

REFUSALS = (Refusal, CannotRun, NoAnswer, plan.PlanError, baseline.BaselineError)
_FOLDER = Path(tempfile.mkdtemp(prefix="bp-foreign-"))
#: One for each language, of which the first byte of the input chooses.
SUFFIXES = (
    *("py", "js", "ts", "tsx", "rb", "java", "go", "kt", "php", "cs", "sql", "prisma"),
    *("html", "erb", "vue"),
)


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
