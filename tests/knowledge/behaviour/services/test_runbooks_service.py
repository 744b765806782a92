"""The service's runbooks end their incidents: each fault is planted, then the blocks are pasted."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from harness.servers.engines import require_or_skip
from harness.servers.redis import redis_server
from tests.knowledge.behaviour.page_code import block
from tests.knowledge.behaviour.sessions import in_background, until, value
from tests.knowledge.code_blocks import blocks_of

psycopg = pytest.importorskip("psycopg")
pytestmark = [pytest.mark.server, pytest.mark.slow]
SERVICE = "references/runbooks-service.md"
OVERLOAD = "references/runbooks-overload.md"
REPORT = "SELECT expensive_report()"


def paste(code: str, **environment: str) -> str:
    """Run a block in the shell that a pod has, as a person would; return what it prints."""
    variables = os.environ | environment
    done = subprocess.run(
        ["sh", "-c", code], env=variables, capture_output=True, text=True, timeout=60
    )
    return done.stdout + done.stderr


@pytest.fixture
def cache() -> Iterator[Any]:
    redis = pytest.importorskip("redis", reason="the driver is not installed")
    with (
        redis_server(installation=require_or_skip("redis")) as server,
        redis.Redis(port=server.port) as client,
    ):
        yield client


def test_a_cache_stampede(connect: Any, cache: Any) -> None:
    """The copies are seen, query and key are found, the key is filled, the copies are ended."""
    require_or_skip("postgres")
    if not shutil.which("psql"):
        pytest.skip("psql is not here")
    owner = connect(
        "CREATE FUNCTION expensive_report() RETURNS int LANGUAGE sql"
        " AS 'SELECT 42 FROM pg_sleep(2.5)'"
    )
    # Under the load of all copies no load fits its timeout any more, so nobody fills the key.
    sessions = [connect("SET statement_timeout = '1500ms'") for _ in range(12)]

    def client(session: Any) -> int:
        while (found := cache.get("report")) is None:
            try:
                cache.set("report", value(session, REPORT), ex=300)
            except psycopg.errors.QueryCanceled:
                continue
        return int(found)

    def running() -> int:
        return int(value(owner, _COPIES))

    clients = [in_background(client, session) for session in sessions]
    until(lambda: running() == 12)
    at = owner.info
    known = {
        "DATABASE_URL": f"host={at.host} port={at.port} user={at.user} dbname={at.dbname}",
        "REDIS_PORT": str(cache.connection_pool.connection_kwargs["port"]),
    }
    see, find, end = (b.code for b in blocks_of(f"{OVERLOAD}#cache-stampede", "sh"))
    seen = paste(_redis(see), **known)
    assert "keyspace_misses" in seen
    assert re.search(r"^ +1?\d \| .*expensive_report", seen, re.M), seen
    assert not any(each.done() for each in clients)
    found = paste(_redis(find), **known)
    assert found.splitlines()[0] == REPORT
    names = re.findall(r'^ +\d+ .*"get" "([^"]+)"', found, re.M | re.I)
    assert names == ["report"], found
    paste(_redis(end), **known, QUERY=found.splitlines()[0], KEY=names[0])
    assert [each.result(20) for each in clients] == [42] * 12
    assert running() == 0
    assert cache.ttl("report") > 3000


_COPIES = f"SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = '{REPORT}'"


def _redis(code: str) -> str:
    return code.replace("redis-cli", "redis-cli -p $REDIS_PORT")


def test_a_full_pool(connect: Any) -> None:
    """Two statements: who holds the connections, and their end."""
    pooled = pytest.importorskip("psycopg_pool", reason="the pool is not installed")
    owner = connect()
    dsn = psycopg.conninfo.make_conninfo(owner.info.dsn, application_name="api")

    def held(pool: Any) -> None:
        with pool.connection() as connection:
            connection.execute("SELECT 1")
            time.sleep(60)  # a remote call inside of the transaction

    with pooled.ConnectionPool(dsn, min_size=3, max_size=3, timeout=0.5) as pool:
        pool.wait()
        for _ in range(3):
            in_background(held, pool)
        see, end = (b.code for b in blocks_of(f"{OVERLOAD}#full-pool"))
        first = until(lambda: _most(owner.execute(see).fetchall()))
        assert first[:4] == ("api", "idle in transaction", "Client", 3)
        with pytest.raises(pooled.PoolTimeout):
            pool.getconn()
        ended = value(owner, end.replace("10 s", "0 s"))
        assert ended == 3
        assert value(connect(), "SELECT 1") == 1
        until(lambda: not _most(owner.execute(see).fetchall()))


def _most(rows: list[tuple[Any, ...]]) -> tuple[Any, ...] | None:
    held = [row for row in rows if row[0] == "api" and row[1] == "idle in transaction"]
    return next((row for row in held if row[3] == 3), None)


BURNS = """
import re, sys
print("up", flush=True)
re.match(r"(a+)+$", "a" * 60 + "!")
"""


def test_a_core_is_full_of_a_regular_expression() -> None:
    """One command: three dumps name the line."""
    spy = Path(sys.executable).with_name("py-spy")
    if not spy.exists():
        pytest.skip("py-spy is not here")
    code = next(
        line
        for line in block(f"{SERVICE}#cpu-full", "py-spy dump").splitlines()
        if line.startswith("py-spy")
    )
    with subprocess.Popen([sys.executable, "-c", BURNS], stdout=subprocess.PIPE) as service:
        try:
            assert service.stdout and service.stdout.readline() == b"up\n"
            path = f"{spy.parent}:{os.environ['PATH']}"
            dumps = [paste(code, PID=str(service.pid), PATH=path) for _ in range(3)]
        finally:
            service.kill()
    if any("Permission denied" in dump for dump in dumps):
        pytest.skip("this account may not trace")
    assert all("match (re" in dump and "active" in dump for dump in dumps), dumps[0]


def test_the_card_of_a_pod_fits_between_single_quotes(tmp_path: Path) -> None:
    """The page has it pasted into `sh -c '…'`; its last line finds the kernel's message."""
    kernel = tmp_path / "dmesg"
    kernel.write_text("#!/bin/sh\necho idle\necho 'Out of memory: OOM killed process 7'\n")
    kernel.chmod(0o755)
    card = block(f"{SERVICE}#host-or-pod", "dmesg").replace("vmstat 1 5", "vmstat")
    seen = paste(f"sh -c '{card}'", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert "Out of memory: OOM killed process 7" in seen.splitlines(), seen


def test_names_with_and_without_the_final_dot() -> None:
    """Two lines of times, one for each form of the name."""
    if not shutil.which("curl"):
        pytest.skip("curl is not here")
    seen = paste(block(f"{SERVICE}#dns", "time_namelookup"), HOST="localhost")
    times = re.findall(r"^dns [\d.]+ tcp [\d.]+ total [\d.]+ http://(\S+)/$", seen, re.M)
    assert times == ["localhost", "localhost."], seen


def test_a_full_accept_queue() -> None:
    """Two lines: the queue at its limit, the drops; accepting again empties it."""
    if not Path("/proc/net/tcp").exists():
        pytest.skip("needs Linux")
    code = block(f"{SERVICE}#ports-backlog-files", "ss -ltn")
    with socket.create_server(("127.0.0.1", 0), backlog=2) as wedged:
        port = wedged.getsockname()[1]
        waiting = [_connecting(port) for _ in range(12)]
        line = until(lambda: _listening(paste(code, PID=str(os.getpid())), port, above=2))
        assert line
        assert "TcpExtListenOverflows" in paste(code, PID=str(os.getpid()))
        wedged.settimeout(1)
        with ThreadPoolExecutor(1) as worker:
            accepted = worker.submit(_accept_all, wedged)
            # Asked while it accepts: a client whose first packet was dropped comes seconds later.
            until(lambda: _listening(paste(code, PID=str(os.getpid())), port, above=0) is None)
            assert accepted.result(20) >= 3
        for each in waiting:
            each.close()


def _connecting(port: int) -> socket.socket:
    client = socket.socket()
    client.setblocking(False)
    client.connect_ex(("127.0.0.1", port))
    return client


def _listening(text: str, port: int, above: int) -> str | None:
    """Return the line of `ss` for a port whose accept queue is longer than this."""
    for line in text.splitlines():
        parts = line.split()
        if len(parts) > 3 and parts[0] == "LISTEN" and parts[3].endswith(f":{port}"):
            return line if int(parts[1]) > above else None
    return None


def _accept_all(server: socket.socket) -> int:
    count = 0
    try:
        while True:
            server.accept()[0].close()
            count += 1
    except TimeoutError:
        return count


GROUPS = Path("/sys/fs/cgroup/memory")
GROWS = "import time; held = [bytearray(1_000_000) for _ in range(150)]; print(len(held))"


@pytest.fixture
def group() -> Iterator[Path]:
    """A memory group of 64 MiB, on cgroup v1; deleted at the end."""
    made = GROUPS / f"runbook-{os.getpid()}"
    try:
        made.mkdir()
        (made / "memory.limit_in_bytes").write_text(str(64 << 20))
    except OSError as reason:
        pytest.skip(f"no memory group can be made here: {reason}")
    try:
        yield made
    finally:
        until(lambda: _removed(made))


def _removed(made: Path) -> bool:
    try:
        made.rmdir()
    except OSError:
        return False
    return True


def test_a_kill_for_memory(group: Path) -> None:
    """One command shows the kernel's kill; a higher limit serves the same work."""
    see = block(f"{SERVICE}#out-of-memory", "oom_kill").splitlines()[-1].partition("#")[0]
    see = see.replace("/sys/fs/cgroup/memory/", f"{group}/")
    assert re.search(r"oom_kill 0", paste(see)), paste(see)
    assert _work(group) == -9
    assert re.search(r"oom_kill [1-9]", paste(see)), paste(see)
    (group / "memory.limit_in_bytes").write_text(str(512 << 20))
    assert _work(group) == 0


def _work(group: Path) -> int:
    enter = f"echo $$ > {group}/cgroup.procs && exec {sys.executable} -c '{GROWS}'"
    return subprocess.run(["sh", "-c", enter], capture_output=True, timeout=60).returncode
