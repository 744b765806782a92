"""Single requests, bounded in size and time, with what the connection did.

`aiohttp` asks: it shows bytes as they travelled (`auto_decompress` off), says whether a connection
was reused, and costs little enough of the machine for a steady rate.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from ..guards import sent
from ..guards.patience import OUT_OF_TIME
from ..trouble import CannotRun
from .target import Target, redirected

REQUEST_SECONDS = 10.0
MAX_BODY = 8 * 1024 * 1024
MAX_REDIRECTS = 1
USER_AGENT = "backend-performance-probe"


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; ``trouble`` says why there is none."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: int = 0
    body: bytes = b""
    size: int = 0
    cut: bool = False
    took_ms: float = 0.0
    reused: bool = False
    http_version: str = ""
    trouble: str = ""

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300


def aiohttp() -> Any:
    """Return the client library.

    Raises:
        CannotRun: it is not installed.
    """
    try:
        import aiohttp
    except ImportError:
        raise CannotRun(
            "aiohttp is not installed; run: pip install 'aiohttp>=3.10,<4' "
            "(or run the script with `uv run`)"
        ) from None
    return aiohttp


def session(
    headers: Mapping[str, str], connections: int = 4, seconds: float = REQUEST_SECONDS
) -> Any:
    """Return a client session: no cookies kept, no proxy or netrc of the environment used."""
    library = aiohttp()

    async def reused(_: Any, context: SimpleNamespace, __: Any) -> None:
        if context.trace_request_ctx is not None:
            context.trace_request_ctx["reused"] = True

    trace = library.TraceConfig()
    trace.on_connection_reuseconn.append(reused)
    return library.ClientSession(
        headers={"User-Agent": USER_AGENT, "Accept": "*/*", **headers},
        connector=library.TCPConnector(limit=connections),
        timeout=library.ClientTimeout(total=seconds),
        cookie_jar=library.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=("Accept-Encoding",),
        trace_configs=[trace],
    )


async def get(
    client: Any, target: Target, headers: Mapping[str, str], deadline: float = math.inf
) -> Exchange:
    """Ask once, following at most one redirect on the same host.

    Args:
        deadline: Of the run, on the clock of ``time.monotonic``.
    """
    left_s = max(deadline - time.monotonic(), 0.0)
    try:
        async with asyncio.timeout(left_s if math.isfinite(left_s) else None):
            return await _followed(client, target, headers)
    except TimeoutError:
        return Exchange(trouble=OUT_OF_TIME, took_ms=left_s * 1000)


async def _followed(client: Any, target: Target, headers: Mapping[str, str]) -> Exchange:
    exchange = await _once(client, target, headers)
    for _ in range(MAX_REDIRECTS):
        if exchange.status not in (301, 302, 303, 307, 308):
            break
        there = redirected(target, exchange.headers.get("location", ""))
        if there is None:
            break
        exchange = await _once(client, there, headers)
    return exchange


async def _once(client: Any, target: Target, headers: Mapping[str, str]) -> Exchange:
    context: dict[str, bool] = {}
    sent.record("http", f"GET {target.shown()}")
    started = time.monotonic()
    try:
        async with client.get(
            target.url, headers=headers, allow_redirects=False, trace_request_ctx=context
        ) as response:
            body, size, cut = await _body(response)
            return Exchange(
                status=response.status,
                headers={
                    k.lower(): ", ".join(response.headers.getall(k))[:4000]
                    for k in response.headers
                },
                cookies=len(response.headers.getall("Set-Cookie", ())),
                body=body,
                size=size,
                cut=cut,
                took_ms=(time.monotonic() - started) * 1000,
                reused="reused" in context,
                http_version=f"{response.version.major}.{response.version.minor}"
                if response.version
                else "",
            )
    except (aiohttp().ClientError, TimeoutError, OSError, ValueError) as error:
        return Exchange(trouble=trouble(error), took_ms=(time.monotonic() - started) * 1000)


async def _body(response: Any) -> tuple[bytes, int, bool]:
    """At most ``MAX_BODY`` bytes as they travelled, and whether there was more."""
    chunks, size = [], 0
    async for chunk in response.content.iter_chunked(64 * 1024):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_BODY:
            response.close()
            return b"".join(chunks), size, True
    return b"".join(chunks), size, False


def trouble(error: BaseException) -> str:
    """Return in fixed words what an error means: its own message may carry an address."""
    library = aiohttp()
    if isinstance(error, TimeoutError):
        return f"no answer within {REQUEST_SECONDS:.0f} s"
    if isinstance(error, library.ClientConnectorDNSError):
        return "the host has no address"
    if isinstance(error, library.ClientSSLError):
        return "the certificate is not accepted"
    if isinstance(error, library.ClientConnectorError):
        return "the connection was refused"
    if isinstance(error, library.ServerDisconnectedError | library.ClientOSError):
        return "the server closed the connection without an answer"
    return "the answer is not valid HTTP"
