"""The set-up of the Python SDK sends what the page says, to a collector that only counts."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.knowledge.code_blocks import blocks_of


@pytest.fixture
def collector() -> Iterator[tuple[str, set[str]]]:
    """An address that takes OTLP over HTTP, and the paths that were sent to."""
    paths: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            paths.add(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", paths
        server.shutdown()


TRACED = """
import sys
sys.path.insert(0, ".")
import tracing
from opentelemetry import metrics, trace

class Connection:
    def execute(self, statement): return self
    def fetchall(self): return [1]

class Pool:
    def getconn(self): return Connection()
    def putconn(self, connection): pass

tracing.start()
assert tracing.rows(Pool(), "SELECT 1") == [1]
metrics.get_meter("t").create_histogram("http.server.request.duration").record(0.2)
trace.get_tracer_provider().shutdown()
metrics.get_meter_provider().shutdown()
"""


def test_the_python_sdk_sends_spans_and_metrics(collector, tmp_path):
    pytest.importorskip("opentelemetry.sdk", reason="pip install opentelemetry-sdk")
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    address, paths = collector
    [block] = blocks_of("references/configuration-clients.md#tracing-in-python", "python")
    (tmp_path / "tracing.py").write_text(block.code)
    environment = os.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": address}
    done = subprocess.run(
        [sys.executable, "-c", TRACED],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert paths == {"/v1/traces", "/v1/metrics"}
