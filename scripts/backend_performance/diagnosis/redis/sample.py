"""Everything one run asks of a Redis server, each command once, INFO before any sampling."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..trouble import NoAnswer, ServerGone
from . import stream_groups
from .info import Info, parse_info
from .session import Session

MAX_KEYS = 50_000
_SCAN_SECONDS = 2.0
_BATCH = 250
_SLOW_ENTRIES = 128
_MAX_CLIENTS_BYTES = 8_000_000
#: Each counts as a lookup of the server: a few keys of the largest families say enough.
_FAMILIES, _KEYS_OF_FAMILY = 20, 20
_LARGEST_OF_FAMILY = 5
_FIRST_PART = re.compile(rb"[:/|.#{}]")
#: Sent once for all probes that name them.
SAMPLES = ("SLOWLOG GET", "LATENCY LATEST", "CLIENT LIST", "MEMORY USAGE", "PTTL", "XINFO GROUPS")


@dataclass(frozen=True)
class Sample:
    """The replies, two of INFO, and for a command without a reply the reason."""

    before: Info
    after: Info
    window_s: float
    replies: Mapping[str, Any] = field(default_factory=dict)
    refused: Mapping[str, NoAnswer] = field(default_factory=dict)
    #: The server went away before everything was asked: half a sample answers nothing.
    gone: str = ""

    def reply(self, command: str) -> Any:
        """Return the reply to a command.

        Raises:
            NoAnswer: there is none.
        """
        if command in self.refused:
            raise self.refused[command]
        return self.replies[command]


@dataclass(frozen=True)
class KeySizes:
    """The sizes of a sample of keys; the keys themselves are masked when rows are made."""

    sizes: tuple[tuple[bytes, int], ...]
    refused: int
    complete: bool


def read_info(session: Session, sections: Collection[str]) -> Info:
    """Return the fields of the sections.

    Raises:
        NoAnswer: the server refuses INFO.
    """
    reply = session.ask("INFO", *sorted(sections))
    if not isinstance(reply, bytes):
        raise NoAnswer("the reply to INFO has another form than expected")
    return parse_info(reply.decode("utf-8", "replace"))


def take(session: Session, before: Info, commands: Collection[str], window_s: float) -> Sample:
    """Return what the commands tell, after a window of ``window_s`` seconds (0: none)."""
    started = time.monotonic()
    after = before
    replies: dict[str, Any] = {}
    refused: dict[str, NoAnswer] = {}
    try:
        if window_s > 0:
            time.sleep(window_s)
            after = read_info(session, sections(commands))
        passed = time.monotonic() - started if window_s > 0 else 0.0
        for command in (name for name in SAMPLES if name in commands):
            try:
                replies[command] = _ask(session, command, replies)
            except ServerGone:
                raise
            except NoAnswer as error:
                refused[command] = error
    except ServerGone as error:
        return Sample(before, before, 0.0, gone=str(error))
    return Sample(before, after, round(passed, 2), replies, refused)


def sections(commands: Collection[str]) -> set[str]:
    """Return the sections of INFO among the commands; `server` says who answers."""
    return {"server"} | {c.partition(" ")[2] for c in commands if c.startswith("INFO ")}


def _ask(session: Session, command: str, replies: Mapping[str, Any]) -> Any:
    if command == "SLOWLOG GET":
        return session.ask("SLOWLOG", "GET", str(_SLOW_ENTRIES))
    if command == "LATENCY LATEST":
        return session.ask("LATENCY", "LATEST")
    if command == "CLIENT LIST":
        reply = session.ask("CLIENT", "LIST")
        if not isinstance(reply, bytes) or b"id=" not in reply:
            raise NoAnswer("the reply to CLIENT LIST has another form than expected")
        return reply[:_MAX_CLIENTS_BYTES].decode("utf-8", "replace")
    if command == "PTTL":
        sizes = replies.get("MEMORY USAGE")
        return _expiries(session, sizes) if isinstance(sizes, KeySizes) else {}
    if command == "XINFO GROUPS":
        sizes = replies.get("MEMORY USAGE")
        return stream_groups.ask(session, _largest(sizes) if isinstance(sizes, KeySizes) else [])
    return _sizes(session)


def first_part(key: bytes) -> bytes:
    """Return the part of a key's name that names its family."""
    return _FIRST_PART.split(key.lstrip(b"{"), maxsplit=1)[0]


def _expiries(session: Session, found: KeySizes) -> dict[bytes, list[int]]:
    """Return for each of the largest families the milliseconds that some keys still live.

    ``-1`` never expires.

    Raises:
        NoAnswer: the role may not ask.
    """
    answered = {}
    for family, sizes in _families(found).items():
        keys = [key for key, _ in sizes[:: max(1, len(sizes) // _KEYS_OF_FAMILY)]]
        replies = session.ask_many([("PTTL", key) for key in keys[:_KEYS_OF_FAMILY]])
        for reply in replies:
            if isinstance(reply, NoAnswer):
                raise reply
        answered[family] = [n for n in replies if isinstance(n, int) and n != -2]  # -2: gone
    return answered


def _families(found: KeySizes) -> dict[bytes, list[tuple[bytes, int]]]:
    """Return the keys and sizes of the families that take most memory."""
    families: dict[bytes, list[tuple[bytes, int]]] = {}
    weight: Counter[bytes] = Counter()
    for key, size in found.sizes:
        families.setdefault(first_part(key), []).append((key, size))
        weight[first_part(key)] += size
    return {family: families[family] for family, _ in weight.most_common(_FAMILIES)}


def _largest(found: KeySizes) -> list[bytes]:
    """Return the largest keys of each of the largest families: what may be a stream of interest."""
    return [
        key
        for sizes in _families(found).values()
        for key, size in sorted(sizes, key=lambda pair: -pair[1])[:_LARGEST_OF_FAMILY]
        if size >= stream_groups.SMALLEST_BYTES
    ]


def _sizes(session: Session) -> KeySizes:
    """Return the sizes of up to 50,000 keys; a collection's size is an estimate of the server."""
    deadline = time.monotonic() + _SCAN_SECONDS
    sizes: list[tuple[bytes, int]] = []
    refused, cursor = 0, b"0"
    while True:
        cursor, keys = _scanned(session.ask("SCAN", cursor, "COUNT", str(_BATCH)))
        replies = session.ask_many([("MEMORY", "USAGE", key, "SAMPLES", "5") for key in keys])
        for key, size in zip(keys, replies, strict=True):
            if isinstance(size, NoAnswer):
                refused += 1
            elif isinstance(size, int):  # None: expired in between
                sizes.append((key, size))
        if cursor == b"0":
            return KeySizes(tuple(sizes), refused, True)
        if len(sizes) + refused >= MAX_KEYS or time.monotonic() > deadline:
            return KeySizes(tuple(sizes), refused, False)


def _scanned(reply: Any) -> tuple[bytes, list[bytes]]:
    if isinstance(reply, list) and len(reply) == 2:
        cursor, keys = reply
        if isinstance(cursor, bytes) and isinstance(keys, list):
            return cursor, [key for key in keys if isinstance(key, bytes)][:MAX_KEYS]
    raise NoAnswer("the reply to SCAN has another form than expected")
