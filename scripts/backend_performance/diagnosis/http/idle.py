"""Holding one idle connection open: how long the server keeps it, which no header has to say.

The bytes of the answer are of no interest, only when the last one came and when the server closed.
So the connection is a plain stream, not one of a client's pool, which would close it itself.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..guards import sent
from ..web import client as http_client
from ..web.target import Target

#: No caller may hold a connection longer: a proxy in front usually closes after 60 s.
MOST_SECONDS = 90.0
_LOOK_S = 0.25
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Held:
    """How long a connection was silent, and when the server closed it, if it did."""

    held_s: float
    closed_after_s: float | None


async def hold(
    target: Target,
    credentials: Mapping[str, str],
    seconds: float,
    tick: Callable[[str], None] = lambda _: None,
) -> Held | None:
    """Ask once, then keep the connection silent until the server closes it.

    Args:
        seconds: At most so long, and never longer than ``MOST_SECONDS``.

    Returns:
        None where the address did not answer, or closed its connection with the answer.
    """
    scheme, host, port = target.origin
    writer: asyncio.StreamWriter | None = None
    sent.record("http", f"GET {target.shown()}, then its connection is held idle")
    try:
        async with asyncio.timeout(http_client.REQUEST_SECONDS):
            secure = ssl.create_default_context() if scheme == "https" else None
            reader, writer = await asyncio.open_connection(host, port, ssl=secure)
            writer.write(_request(target, credentials))
            await writer.drain()
            if not await reader.read(_CHUNK):
                return None
        return await _silent(reader, min(seconds, MOST_SECONDS), tick)
    except (TimeoutError, OSError, ValueError):
        return None
    finally:
        if writer is not None:
            writer.close()


async def _silent(
    reader: asyncio.StreamReader, limit: float, tick: Callable[[str], None]
) -> Held | None:
    """Wait for the end of the stream; each further byte restarts the silence."""
    began = last = time.monotonic()
    size = 0
    while time.monotonic() - began < limit:
        try:
            chunk = await asyncio.wait_for(reader.read(_CHUNK), _LOOK_S)
        except TimeoutError:
            tick(f"holding one idle connection, {time.monotonic() - began:.0f} of {limit:.0f} s")
            continue
        silence = time.monotonic() - last
        if not chunk:
            return Held(round(silence, 1), round(silence, 1)) if silence >= _LOOK_S else None
        last = time.monotonic()
        size += len(chunk)
        if size > http_client.MAX_BODY:
            return None
    return Held(round(time.monotonic() - last, 1), None)


def _request(target: Target, credentials: Mapping[str, str]) -> bytes:
    parts = urlsplit(target.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Host": parts.netloc.rpartition("@")[2],
        "User-Agent": http_client.USER_AGENT,
        "Accept": "*/*",
        **credentials,
    }
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a line of the request holds a line end")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
