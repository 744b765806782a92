"""What the service pages say of tools and libraries, tried on the ones that are here."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from harness.servers.child import free_port
from tests.knowledge.behaviour.page_code import block
from tests.knowledge.behaviour.sessions import until
from tests.knowledge.block_parsers import installed

pytestmark = pytest.mark.slow


class GetOnly(BaseHTTPRequestHandler):
    """A route for GET alone, as frameworks have it; connections stay open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Cache-Control", "private, no-cache")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), GetOnly) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/orders"
        server.shutdown()


def curl(*arguments: str) -> str:
    done = subprocess.run([installed("curl"), *arguments], capture_output=True, text=True)
    return done.stdout


def test_headers_are_asked_with_get(url: str) -> None:
    assert "Cache-Control" in curl("-s", "-o", "/dev/null", "-D", "-", url)
    assert "Cache-Control" not in curl("-sI", url)


def test_the_second_request_of_one_curl_shows_a_kept_connection(url: str) -> None:
    code = block("references/api-performance.md#where-does-the-response-time-go", "num_connects")
    line = code.splitlines()[-1]
    assert "num_connects" in line
    done = subprocess.run(
        ["bash", "-c", line], env={"URL": url, "PATH": "/usr/bin:/bin"}, capture_output=True
    )
    first, second = done.stdout.decode().splitlines()
    assert first.endswith(" 1") and second == "0.000000 0"


#: What ruff finds and what it misses, by rule.
LINTED = {
    "import requests\nrequests.get('http://a')\n": ("S113", True),
    "import requests\nrequests.Session().get('http://a')\n": ("S113", False),
    "import time\nasync def f():\n    time.sleep(1)\n": ("ASYNC251", True),
    "import psycopg\nasync def f():\n    psycopg.connect('')\n": ("ASYNC", False),
    "import boto3\nasync def f():\n    boto3.client('s3').list_buckets()\n": ("ASYNC", False),
}


@pytest.mark.parametrize("code", LINTED)
def test_the_linter_sees_calls_of_a_module_only(code: str) -> None:
    rule, found = LINTED[code]
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        pytest.skip("ruff is not here")
    command = [str(ruff), "check", "--isolated", "--select", rule, "-"]
    done = subprocess.run(command, input=code, text=True, capture_output=True)
    assert bool(done.returncode) == found, done.stdout


def test_the_defaults_of_the_aws_client() -> None:
    """Standard retries from 1.44 on; a minute for each timeout; ten connections."""
    session = pytest.importorskip("botocore.session", reason="botocore is not installed")
    import botocore

    client = session.get_session().create_client(
        "s3", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="y"
    )
    config = client.meta.config
    assert (config.connect_timeout, config.read_timeout, config.max_pool_connections) == (
        60,
        60,
        10,
    )
    if tuple(map(int, botocore.__version__.split(".")[:2])) >= (1, 44):
        assert config.retries["mode"] == "standard"


LOG = """10.0.0.1 - - [27/Nov/2026:05:00:00 +0000] "GET {path} HTTP/1.1" 200 5 "-" "-" {took}
"""
PATHS = (
    "/orders/1",
    "/orders/22?x=1",
    "/u/7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "/u/550e8400-e29b-41d4-a716-446655440000",
)


def test_the_access_log_is_read_by_route(tmp_path: Path) -> None:
    text = "".join(LOG.format(path=path, took=f"0.{n}") for n, path in enumerate(PATHS, 1))
    (tmp_path / "access.log").write_text(text, encoding="utf-8")
    code = block("references/profiling-and-monitoring.md#access-log-by-route", "access.log")
    done = subprocess.run(
        ["bash", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    routes = [line.split()[-1] for line in done.stdout.splitlines()]
    assert sorted(routes) == ["/orders/N", "/u/UUID"], done.stdout


SLOW_APP = "import time\ndef app(environ, start):\n    time.sleep(4)\n    start('200 OK', [])\n    return [b'ok']\n"  # noqa: E501


@pytest.mark.parametrize(("kind", "served"), [("sync", False), ("gthread", True)])
def test_a_slow_request_ends_by_the_timeout_in_sync_workers_only(
    kind: str, served: bool, tmp_path: Path
) -> None:
    pytest.importorskip("gunicorn", reason="gunicorn is not installed")
    (tmp_path / "slow.py").write_text(SLOW_APP, encoding="utf-8")
    port = free_port()
    threads = "4" if kind == "gthread" else "1"  # more make a `sync` worker a `gthread` one
    command = [sys.executable, "-m", "gunicorn", "-k", kind, "--threads", threads, "--timeout", "2"]
    with subprocess.Popen(
        [*command, "-b", f"127.0.0.1:{port}", "slow:app"], cwd=tmp_path, stderr=subprocess.DEVNULL
    ) as service:
        try:
            until(lambda: _listens(port))
            # On a busy machine a worker may miss its heartbeat once.
            assert any(_served(port) for _ in range(3)) is served
        finally:
            service.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as client:
        time.sleep(0.1)
        return client.connect_ex(("127.0.0.1", port)) == 0


def _served(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            return bool(answer.read() == b"ok")
    except OSError:
        return False
