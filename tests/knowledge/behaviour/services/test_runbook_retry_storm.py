"""A retry storm outlives its trigger; the runbook's limit at the edge ends it."""

from __future__ import annotations

import http.client
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from harness.servers.child import free_port
from tests.knowledge.behaviour.sessions import until
from tests.knowledge.block_parsers import TEMPORARY, installed
from tests.knowledge.code_blocks import blocks_of

pytestmark = [pytest.mark.server, pytest.mark.slow]
RUNBOOK = "references/runbooks-overload.md#retry-storm"
#: A worker that carries 20 requests a second, users who send 10, four tries of 0.4 s each.
WORK_S, USERS_PER_S, TRIES, TIMEOUT_S = 0.05, 10, 4, 0.4
BEFORE = """
server {
  listen 127.0.0.1:8080;
  location / { proxy_pass http://127.0.0.1:8000; }
}
"""


class Service(HTTPServer):
    """One worker; it also works for callers who have left."""

    request_queue_size = 1024
    frozen = threading.Event()


class Work(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        while Service.frozen.is_set():
            time.sleep(0.02)
        time.sleep(WORK_S)
        with suppress(OSError):
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Proxy:
    """nginx with the servers of a text; its ports replaced by free ones."""

    def __init__(self, folder: Path, service: int) -> None:
        self.program, self.folder = installed("nginx"), folder
        self.service, self.port = service, free_port()

    def write(self, servers: str) -> None:
        servers = servers.replace(":8080", f":{self.port}").replace(":8000", f":{self.service}")
        places = "".join(f"{name}_temp_path {self.folder}/{name};" for name in TEMPORARY)
        log = "log_format tries '$remote_addr upstream=$upstream_addr';"
        log += f"access_log {self.folder}/access.log tries;"
        main = f"error_log {self.folder}/error.log; pid {self.folder}/pid; worker_processes 1;"
        text = f"{main} events {{}} http {{ {places} {log} {servers} }}"
        (self.folder / "nginx.conf").write_text(text, encoding="utf-8")

    def run(self, *arguments: str) -> None:
        file = str(self.folder / "nginx.conf")
        command = [self.program, "-p", str(self.folder), "-c", file, *arguments]
        subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    Service.frozen.clear()
    with Service(("127.0.0.1", 0), Work) as service:
        threading.Thread(target=service.serve_forever, daemon=True).start()
        made = Proxy(tmp_path, service.server_address[1])
        made.write(BEFORE)
        made.run()
        try:
            until(lambda: _answers(made.port))
            yield made
        finally:
            made.run("-s", "stop")
            service.shutdown()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def users(port: int) -> Iterator[Callable[[float], float]]:
    """Send at a constant rate; yield a function: the share of good answers over seconds."""
    good: list[bool] = []
    stop = threading.Event()

    def one() -> None:
        good.append(any(_answers(port) for _ in range(TRIES)))  # at once: no backoff

    def send() -> None:
        with ThreadPoolExecutor(200) as pool:
            while not stop.wait(1 / USERS_PER_S):
                pool.submit(one)

    def share(seconds: float) -> float:
        start = len(good)
        time.sleep(seconds)
        answers = good[start:]
        return sum(answers) / max(1, len(answers))

    sending = threading.Thread(target=send)
    sending.start()
    try:
        yield share
    finally:
        stop.set()
        sending.join()


def test_the_limit_at_the_edge_ends_a_storm_that_outlives_its_trigger(proxy: Proxy) -> None:
    """Four commands: attempts, who sends, the limit, the limit raised."""
    with users(proxy.port) as share_of_good:
        healthy = share_of_good(3)
        Service.frozen.set()  # the trigger: two seconds without an answer
        time.sleep(2)
        Service.frozen.clear()
        share_of_good(2)
        storm = share_of_good(3)
        if healthy < 0.9 or storm > 0.3:
            pytest.skip(f"this machine is too busy: {healthy:.0%} before, {storm:.0%} in the storm")
        see = blocks_of(RUNBOOK, "sh")[0].code
        seen = subprocess.run(
            ["bash", "-c", see], cwd=proxy.folder, capture_output=True, text=True, check=True
        ).stdout
        assert "attempts per request" in seen and "127.0.0.1" in seen

        limit = blocks_of(RUNBOOK, "nginx")[0].code
        proxy.write(limit)
        proxy.run("-s", "reload")
        until(lambda: all(_answers(proxy.service) for _ in range(5)), seconds=60)
        proxy.write(limit.replace("2r/s", "15r/s"))
        proxy.run("-s", "reload")
        until(lambda: share_of_good(2) > 0.9, seconds=60)
