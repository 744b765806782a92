"""A server that is no Prometheus, or answers oddly, and calls that cannot run."""

from __future__ import annotations

import asyncio
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from backend_performance.commands import probe
from backend_performance.diagnosis import CannotRun
from backend_performance.diagnosis.prometheus import run as prometheus_run
from backend_performance.diagnosis.prometheus.client import Server
from backend_performance.diagnosis.web import client as http_client
from backend_performance.diagnosis.web.target import targets

from tests.diagnosis.this_skills_metrics import METRICS

pytest.importorskip("aiohttp")


@contextmanager
def stub(status: int, body: bytes, **headers: str) -> Iterator[tuple[str, list[str]]]:
    """A server that is no Prometheus; gives its address and the requests it saw."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(f"{self.command} {self.headers.get('Authorization')}")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", seen
        finally:
            server.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "body", "headers", "says"),
    [
        (200, b"<html>hello</html>", {}, "not as Prometheus does"),
        (200, b'{"status":"success","data":' + b"[" * 100_000, {}, "not as Prometheus does"),
        (401, b"", {}, "refuses with 401"),
        (302, b"", {"Location": "http://192.0.2.1/"}, "not as Prometheus does"),
        (200, b'{"status":"success","data":{"resultType":"matrix","result":[]}}', {}, "a matrix"),
        (422, b'{"status":"error","errorType":"execution","error":"s3cr3t"}', {}, "(execution)"),
    ],
)
def test_another_server_is_recognised(capsys, monkeypatch, status, body, headers, says):
    with stub(status, body, **headers) as (address, seen):
        monkeypatch.setenv("PROMETHEUS_URL", address)
        monkeypatch.setenv("TOKEN", "Bearer hunter2-secret")
        code = probe.main(["prometheus", "--url-env", "PROMETHEUS_URL", "--header-env", "TOKEN"])
    out, err = capsys.readouterr()
    assert code == 2 and out == "" and says in err and "Traceback" not in err
    assert "hunter2" not in err and "s3cr3t" not in err
    assert all(each.startswith("GET Bearer") for each in seen)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("value", "options", "says"),
    [
        ("http://127.0.0.1:9", [], "connection was refused"),
        ("http://user:hunter2@127.0.0.1:9", [], "carries credentials"),
        ("not an address", [], "not of the form"),
        (None, [], "PROMETHEUS_URL is not set"),
        ("http://127.0.0.1:9", ["--only", "nonsense"], "no probe 'prometheus/nonsense'"),
    ],
)
def test_a_call_that_cannot_run_says_why_and_exits_2(capsys, monkeypatch, value, options, says):
    monkeypatch.delenv("PROMETHEUS_URL", raising=False)
    if value is not None:
        monkeypatch.setenv("PROMETHEUS_URL", value)
    assert probe.main(["prometheus", "--url-env", "PROMETHEUS_URL", *options]) == 2
    out, err = capsys.readouterr()
    assert out == "" and says in err and "hunter2" not in err


def test_a_server_that_goes_away_is_said():
    with stub(200, b"") as (address, _):
        pass
    with pytest.raises(CannotRun, match="refused|without an answer"):
        prometheus_run.run_prometheus(targets([address])[0], metrics=METRICS)


@pytest.mark.parametrize("text", ["+Inf", "-Inf", "NaN"])
def test_what_is_no_finite_figure_is_none(text):
    """JSON has no word for it, and a ratio over nothing is not a large ratio."""
    vector = {"resultType": "vector", "result": [{"metric": {}, "value": [1, text]}]}
    body = json.dumps({"status": "success", "data": vector}).encode()
    with stub(200, body) as (address, _):
        assert asyncio.run(one_value(address)) is None


async def one_value(address: str) -> float | None:
    async with http_client.session({}, connections=1) as client:
        (point,) = await Server(client, targets([address])[0]).query("1 / 0")
    return point.value
