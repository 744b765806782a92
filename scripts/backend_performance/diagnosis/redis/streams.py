"""Rows out of streams: one for each stream, and one for each group that reads it."""

from __future__ import annotations

from typing import Any

from ..trouble import NoAnswer
from .keys import family, measured, plain_word
from .sample import KeySizes, Sample
from .stream_groups import Group, Stream, Streams

_TOP = 50

Row = dict[str, Any]


def streams(sample: Sample) -> list[Row]:
    """The largest streams; names of keys and groups are masked.

    Raises:
        NoAnswer: no stream was found, and not every key could be looked at.
    """
    keys = measured(sample)
    found: Streams = sample.reply("XINFO GROUPS")
    complete = found.complete or (keys.complete and not keys.refused)
    if not found.found and (not keys.sizes or not complete):
        raise NoAnswer(_unseen(keys))
    rows = [row for each in found.found for row in (_length(each), *_readers(each))]
    rows.sort(key=lambda row: (-row["pending"], -row["entries"], row["key_family"]))
    told = {"streams_refused": found.refused, "all_keys_seen": complete}
    return [row | told | {"examined": len(rows)} for row in rows[:_TOP]]


def _unseen(keys: KeySizes) -> str:
    """Return why a stream may exist although none was seen."""
    if not keys.sizes:
        return "the instance holds no key. To find out: ask it where the usual data is stored"
    if keys.refused:
        return "some keys could not be measured. To find out: grant the key permission %R~*"
    return (
        "no stream is among the keys of the sample, which is a part of all. To find out: "
        "redis-cli --scan --type stream (on a replica; Redis 7.0 counts a lookup for each key)"
    )


def _length(stream: Stream) -> Row:
    """The row of the stream itself, which waits for nothing."""
    return _row(stream, None, dict.fromkeys(("pending", "pending_per_consumer", "lag"), 0))


def _readers(stream: Stream) -> list[Row]:
    return [_row(stream, plain_word(each.name), _reader(each)) for each in stream.groups]


def _reader(group: Group) -> Row:
    told: Row = {
        "consumers": group.consumers,
        "pending": group.pending,
        "pending_per_consumer": round(group.pending / max(1, group.consumers), 1),
        "lag": group.lag,
    }
    if group.pending:
        idle = None if group.idle_ms is None else round(group.idle_ms / 1000)
        told |= {"oldest_idle_s": idle, "oldest_deliveries": group.deliveries}
    return told


def _row(stream: Stream, group: str | None, told: Row) -> Row:
    """``removed``: how many entries ever left the stream; None where no group knows."""
    added = max((each.added for each in stream.groups if each.added is not None), default=None)
    return {
        "key_family": family(stream.key),
        "group": group,
        "entries": stream.entries,
        "removed": None if added is None else max(0, added - stream.entries),
        "oldest_idle_s": 0,
        "oldest_deliveries": 0,
        **told,
    }
