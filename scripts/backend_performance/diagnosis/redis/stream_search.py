"""Finding streams by their type, on servers where that counts no lookup.

Redis 7.0 counts a lookup for each key that ``SCAN … TYPE`` compares, Valkey 9 none. So each batch
stands between two readings of the counter, which no other client's command can come between; the
search ends with the first batch that was counted.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from ..trouble import NoAnswer
from .info import parse_info
from .session import Session

#: The first batch is small, because it may be counted.
_FIRST, _BATCH = 10, 1000
_SECONDS = 1.0
_MAX_STREAMS = 1000


@dataclass(frozen=True)
class Search:
    """The keys of streams and their sizes in bytes, and whether every key was compared."""

    sizes: tuple[tuple[bytes, int], ...]
    complete: bool


def by_type(session: Session) -> Search:
    """Return the streams that were found within a second, 1,000 at most."""
    deadline = time.monotonic() + _SECONDS
    found: list[bytes] = []
    cursor, count = b"0", _FIRST
    complete = False
    while not complete and len(found) < _MAX_STREAMS and time.monotonic() < deadline:
        before, reply, after = session.ask_many(
            [
                ("INFO", "stats"),
                ("SCAN", cursor, "COUNT", str(count), "TYPE", "stream"),
                ("INFO", "stats"),
            ]
        )
        if not isinstance(reply, list) or len(reply) != 2 or not isinstance(reply[1], list):
            break
        found += [key for key in reply[1] if isinstance(key, bytes)]
        cursor, count, complete = reply[0], _BATCH, reply[0] == b"0"
        hits = _hits(before)
        if hits is None or hits != _hits(after):
            break
    keys = list(dict.fromkeys(found))[:_MAX_STREAMS]
    sizes = session.ask_many([("MEMORY", "USAGE", key, "SAMPLES", "5") for key in keys])
    known = [(key, n) for key, n in zip(keys, sizes, strict=True) if isinstance(n, int)]
    refused = any(isinstance(size, NoAnswer) for size in sizes)
    return Search(tuple(known), complete and not refused)


def _hits(reply: Any) -> int | None:
    if not isinstance(reply, bytes):
        return None
    hits = parse_info(reply.decode("utf-8", "replace")).get("keyspace_hits")
    return hits if isinstance(hits, int) else None
