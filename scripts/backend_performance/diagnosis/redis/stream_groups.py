"""What the largest streams count. No entry of a stream is read.

``XINFO STREAM`` would show the first and the last entry, so the length and the groups are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..trouble import NoAnswer
from .session import Session
from .stream_search import by_type

#: Each command counts as a lookup of the server.
_STREAMS, _GROUPS = 20, 10
#: A stream that grows or waits for acknowledgements is larger; the others need no lookup.
SMALLEST_BYTES = 4096


@dataclass(frozen=True)
class Group:
    """What a group of consumers was given, and the oldest entry that it has not acknowledged.

    Args:
        lag: Entries not delivered yet; None where the server cannot tell.
        added: Entries that the stream ever had; None likewise.
        idle_ms: Time since the oldest such entry was last delivered.
        deliveries: How often it was delivered.
    """

    name: bytes
    consumers: int
    pending: int
    lag: int | None
    added: int | None
    idle_ms: int | None
    deliveries: int | None


@dataclass(frozen=True)
class Stream:
    """One stream; its key is masked when rows are made."""

    key: bytes
    entries: int
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Streams:
    """The streams that answered, and how many did not.

    Args:
        complete: Whether every key of the server was compared, so that no other stream exists.
    """

    found: tuple[Stream, ...]
    refused: int
    complete: bool


def ask(session: Session, sampled: Sequence[bytes]) -> Streams:
    """Return what the 20 largest streams count: found by type, or among the sampled keys.

    Raises:
        NoAnswer: the role may not ask, or no stream answered.
    """
    search = by_type(session)
    typed = [key for key, n in sorted(search.sizes, key=lambda p: -p[1]) if n >= SMALLEST_BYTES]
    keys = typed if search.complete else [*dict.fromkeys([*typed, *_among(session, sampled)])]
    found: list[Stream] = []
    refused: list[NoAnswer] = []
    for key in keys[:_STREAMS]:
        try:
            found.append(_stream(session, key))
        except NoAnswer as error:
            refused.append(error)
    if refused and not found:
        raise refused[0]
    return Streams(tuple(found), len(refused), search.complete)


def _among(session: Session, keys: Sequence[bytes]) -> list[bytes]:
    encodings = session.ask_many([("OBJECT", "ENCODING", key) for key in keys]) if keys else []
    for encoding in encodings:
        if isinstance(encoding, NoAnswer):
            raise encoding
    return [key for key, each in zip(keys, encodings, strict=True) if each == b"stream"]


def _stream(session: Session, key: bytes) -> Stream:
    entries = session.ask("XLEN", key)
    groups = session.ask("XINFO", "GROUPS", key)
    if not isinstance(entries, int) or not isinstance(groups, list):
        raise NoAnswer("the reply to XINFO GROUPS has another form than expected")
    return Stream(key, entries, tuple(_group(session, key, each) for each in groups[:_GROUPS]))


def _group(session: Session, key: bytes, reply: Any) -> Group:
    if not isinstance(reply, list):
        raise NoAnswer("the reply to XINFO GROUPS has another form than expected")
    pairs = zip(reply[::2], reply[1::2], strict=False)
    told = {name: value for name, value in pairs if isinstance(name, bytes)}
    name = told.get(b"name")
    pending = _whole(told.get(b"pending")) or 0
    oldest: list[Any] = []
    if pending and isinstance(name, bytes):
        match session.ask("XPENDING", key, name, "-", "+", "1"):
            case [[_, _, _, _] as oldest, *_]:
                pass
    read, lag = _whole(told.get(b"entries-read")), _whole(told.get(b"lag"))
    return Group(
        name=name if isinstance(name, bytes) else b"",
        consumers=_whole(told.get(b"consumers")) or 0,
        pending=pending,
        lag=lag,
        added=None if read is None or lag is None else read + lag,
        idle_ms=_whole(oldest[2]) if oldest else None,
        deliveries=_whole(oldest[3]) if oldest else None,
    )


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) else None
