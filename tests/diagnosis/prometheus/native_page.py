"""A page of metrics with one native histogram, which only the protobuf exposition can carry.

The few fields that are needed are written by hand, by their numbers in
https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto.
"""

from __future__ import annotations

import http.server
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

_CONTENT = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily"
_HISTOGRAM = 4
_SCHEMA = 3  # eight buckets for each power of two


def _number(number: int) -> bytes:
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def _signed(number: int) -> bytes:
    return _number(number << 1 if number >= 0 else -(number << 1) - 1)


def _field(number: int, kind: int, content: bytes) -> bytes:
    return _number(number << 3 | kind) + content


def _message(number: int, content: bytes) -> bytes:
    return _field(number, 2, _number(len(content)) + content)


def _double(number: int, value: float) -> bytes:
    return _field(number, 1, struct.pack("<d", value))


def _histogram(first: int, counts: Sequence[int], total: float) -> bytes:
    """Buckets from number ``first`` on; number n ends at 2 ** (n / 8)."""
    span = _field(1, 0, _signed(first)) + _field(2, 0, _number(len(counts)))
    steps = [now - before for before, now in zip((0, *counts), counts, strict=False)]
    return b"".join(
        [
            _field(1, 0, _number(sum(counts))),
            _double(2, total),
            _field(5, 0, _signed(_SCHEMA)),
            _double(6, 1e-9),  # what lies below counts as nought
            _message(12, span),
            *(_field(13, 0, _signed(step)) for step in steps),
        ]
    )


def family(name: str, labels: dict[str, str], first: int, counts: Sequence[int]) -> bytes:
    """Return the page; ``counts`` are observations in successive buckets."""
    pairs = b"".join(
        _message(1, _message(1, key.encode()) + _message(2, text.encode()))
        for key, text in labels.items()
    )
    metric = pairs + _message(7, _histogram(first, counts, 0.3 * sum(counts)))
    whole = _message(1, name.encode()) + _field(3, 0, _number(_HISTOGRAM)) + _message(4, metric)
    return _number(len(whole)) + whole


@contextmanager
def native_page(name: str, labels: dict[str, str], first: int, mix: Sequence[int]) -> Iterator[str]:
    """Serve a histogram that grows by ``mix`` with each scrape; give host and port."""
    scrapes = iter(range(1, 1_000_000))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            count = next(scrapes)
            body = family(name, labels, first, [each * count for each in mix])
            self.send_response(200)
            self.send_header("Content-Type", f"{_CONTENT}; encoding=delimited")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
