"""A web server whose addresses behave well or badly, each in one way."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any

TOKEN = "Bearer s3cr3t-token-of-the-test"


@dataclass
class Reply:
    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    compress: bool = True


@dataclass
class Site:
    """A running server and every request it has seen."""

    port: int
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def requests(self, path: str) -> list[dict[str, str]]:
        return [headers for _, seen, headers in self.seen if seen.partition("?")[0] == path]


def as_json(value: Any, **headers: str) -> Reply:
    names = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(json.dumps(value).encode(), headers={"Content-Type": "application/json"} | names)


def orders(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"id": n, "state": "paid", "total": "12.50"} | more for n in range(count)]


def healthy(headers: dict[str, str]) -> Reply:
    body = {"data": orders(50), "next_cursor": "abc"}
    reply = as_json(body, Cache_Control="private, max-age=60", Vary="Accept-Encoding")
    reply.headers["ETag"] = f'W/"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
    if headers.get("if-none-match") == reply.headers["ETag"]:
        return Reply(b"", 304, reply.headers)
    return reply


@contextmanager
def website(
    pages: dict[str, Callable[[dict[str, str]], Reply]],
    threads: bool = True,
    protocol="HTTP/1.1",
    idle_s=None,
) -> Iterator[Site]:
    """Serve ``pages``; without threads a page that sleeps stops them all."""
    site = Site(0)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = protocol
        timeout = idle_s
        disable_nagle_algorithm = True

        def do_GET(self) -> None:  # noqa: N802 - the name is the library's
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.seen.append((self.command, self.path, headers))
            page = pages.get(self.path.partition("?")[0])
            reply = page(headers) if page else Reply(b"{}", 404)
            body = reply.body
            if reply.compress and "gzip" in headers.get("accept-encoding", "") and body:
                body = gzip.compress(body, 6)
                reply.headers = reply.headers | {"Content-Encoding": "gzip"}
            self.send_response_only(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_HEAD(self) -> None:  # noqa: N802
            self.do_GET()

        do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 - seen, and so found out

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer if threads else HTTPServer):
        daemon_threads = True
        request_queue_size = 512

        def handle_error(self, *_: Any) -> None:
            pass  # a client that left early

    server = Server(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Stalling:
    """Stands still for a moment now and then, as a garbage collection or a lock does."""

    def __init__(self, every_s: float, for_s: float) -> None:
        self.every_s, self.for_s, self.next = every_s, for_s, time.monotonic() + every_s

    def __call__(self, _: dict[str, str]) -> Reply:
        if time.monotonic() >= self.next:
            time.sleep(self.for_s)
            self.next = time.monotonic() + self.every_s
        return as_json({"ok": True})
