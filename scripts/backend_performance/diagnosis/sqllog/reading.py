"""Reading a log into a digest: whole, or cut into parts that several processes read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, BinaryIO

from . import json_stream, source
from .digest import Digest
from .event import Line
from .recognition import HEAD, Format, recognised

#: A file is cut where its parts are worth a process each.
PART = 48 << 20
MAX_PROCESSES = 8
#: Lines after which the clock is looked at, and in which a record must begin.
_EVERY, _SEARCHED = 4_096, 20_000

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Part:
    """A piece of a file that begins and ends between two records."""

    path: Path
    format: Format
    start: int = 0
    end: int | None = None
    deadline: float = float("inf")  #: as ``time.monotonic`` counts


class _Watch:
    """Passes lines on until time is up."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self.stopped = False

    def lines(self, texts: Iterable[str]) -> Iterator[str]:
        """Yield lines; looks at the clock now and then."""
        for number, text in enumerate(texts):
            if number and number % _EVERY == 0 and time.monotonic() > self._deadline:
                self.stopped = True
                return
            yield text


def read_stream(
    deadline: float, recognise: Callable[[list[str]], Format], path: Path
) -> tuple[Format, Digest]:
    """Read a log in one go, for what cannot be read twice.

    Raises:
        CannotRun: nobody knows its format.
    """
    with source.opened(path) as (stream, raw):
        document = json_stream.is_document(source.beginning(stream))
        texts = json_stream.lines(stream) if document else source.lines(stream)
        head = list(islice(texts, HEAD))
        format_ = replace(recognise(head), document=document)
        digest = _digest(format_, chain(head, texts), deadline, lambda: _position(path, raw))
    return format_, digest


def format_of(path: Path, settings: Mapping[str, Any]) -> Format:
    """Return the format of a file, told from its beginning.

    Raises:
        CannotRun: nobody knows it.
    """
    with source.opened(path) as (stream, _):
        document = json_stream.is_document(source.beginning(stream))
        texts = json_stream.lines(stream) if document else source.lines(stream)
        found = recognised(list(islice(texts, HEAD)), **settings)
    return replace(found, document=document)


def read_part(part: Part) -> Digest:
    """Read one part of a file."""
    with source.opened(part.path) as (stream, raw):
        if part.start:
            stream.seek(part.start)
        if part.format.document:
            texts = json_stream.lines(stream)
        else:
            texts = source.lines(stream, part.end)
        size = (part.end or part.path.stat().st_size) - part.start
        return _digest(
            part.format, texts, part.deadline, lambda: (min(raw.tell() - part.start, size), size)
        )


def read_parts(parts: list[Part], progress: Progress | None = None) -> Digest:
    """Read parts of files side by side and add them up in their order."""
    processes = min(len(parts), MAX_PROCESSES, len(os.sched_getaffinity(0)))
    whole: Digest | None = None
    if processes <= 1:
        found: Iterator[Digest] = map(read_part, parts)
        return _added(found, whole, progress)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return _added(pool.map(read_part, parts), whole, progress)


def cut(path: Path, format_: Format, deadline: float) -> list[Part]:
    """Return the parts of a file; one where it is small or cannot be cut."""
    size = path.stat().st_size if path != source.STDIN else 0
    if size < 2 * PART or format_.document or not source.is_plain(path):
        return [Part(path, format_, deadline=deadline)]
    wanted = [size * number // (size // PART) for number in range(1, size // PART)]
    with path.open("rb") as stream:
        places = [place for at in wanted if (place := _record(stream, at, format_)) is not None]
    places = sorted(set(places))
    ends: list[int | None] = [*places, None]
    return [
        Part(path, format_, start, end, deadline)
        for start, end in zip([0, *places], ends, strict=True)
    ]


def _added(found: Iterator[Digest], whole: Digest | None, progress: Progress | None) -> Digest:
    for digest in found:
        if progress is not None:
            progress(digest.sizes[0])
        if whole is None:
            whole = digest
        else:
            whole.add(digest)
    if whole is None:
        raise ValueError("a log has at least one part")
    return whole


def _digest(
    format_: Format, texts: Iterable[str], deadline: float, position: Callable[[], tuple[int, int]]
) -> Digest:
    digest, watch = Digest(format_.dialect), _Watch(deadline)
    reader = format_.read_by()
    for item in reader.read(format_.lines(watch.lines(texts)), digest.count):
        digest.take(item)
    digest.close()
    read, size = position()
    digest.sizes = (read if watch.stopped else size, size)
    return digest


def _position(path: Path, raw: BinaryIO) -> tuple[int, int]:
    if path == source.STDIN:
        return 0, 0
    size = path.stat().st_size
    return min(raw.tell(), size), size


def _record(stream: BinaryIO, at: int, format_: Format) -> int | None:
    """Return where the first record behind a position begins."""
    stream.seek(at)
    stream.readline(source.MAX_LINE)
    reader = format_.read_by()
    for _ in range(_SEARCHED):
        place = stream.tell()
        raw = stream.readline(source.MAX_LINE)
        if not raw:
            return None
        text = raw.rstrip(b"\r\n").decode("utf-8", "replace")
        first = next(iter(format_.lines([text])), Line(""))
        if reader.is_start(first):
            return place
    return None
