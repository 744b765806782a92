"""Reading a log, or a part of one, into a digest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from ..trouble import CannotRun
from .digest import Digest, Digester
from .files import json_stream, source
from .files.compression import Damaged
from .groups import MIN_ALONE, MIN_ALONE_IN_APPLICATION
from .recognition import HEAD, HEAD_CHARACTERS, Format, recognised

#: Called with the bytes read and the total number of bytes, 0 if that is unknown.
Progress = Callable[[int, int], None]
Blocks = Iterable[list[str]]


#: A line without an end is not read to its end to see what the log is.
_HEAD_BYTES = 64 << 20


def nowhere(read: int, size: int) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Part:
    """A piece of a file that begins and ends between two records."""

    path: Path
    format: Format
    start: int = 0
    end: int | None = None
    deadline: float = float("inf")  #: as ``time.monotonic`` counts


@dataclass
class _Watch:
    """Passes lines on until time is up, or the file is at its end or damaged."""

    raw: BinaryIO
    size: int
    start: int = 0
    deadline: float = float("inf")
    progress: Progress = nowhere
    stopped: bool = False
    damage: str = ""
    _done: int = field(default=0, repr=False)

    def lines(self, blocks: Blocks) -> Iterator[str]:
        """Return the lines of some blocks, one by one."""
        return chain.from_iterable(self._blocks(blocks))

    def _blocks(self, blocks: Blocks) -> Iterator[list[str]]:
        try:
            for block in blocks:
                yield block
                if time.monotonic() > self.deadline:
                    self.stopped = True
                    return
                self._done += sum(map(len, block)) + len(block)
                self.progress(self.position() if self.size else self._done, self.size)
        except Damaged as error:
            self.damage = str(error)

    def position(self) -> int:
        """Return how many bytes of the part were read, as stored on disk."""
        return min(self.raw.tell() - self.start, self.size) if self.size else 0


def read_stream(
    deadline: float, recognise: Callable[[list[str]], Format], progress: Progress = nowhere
) -> tuple[Format, Digest]:
    """Read standard input in one go, as it cannot be read twice.

    Raises:
        CannotRun: its format is unknown.
    """
    with source.opened(source.STDIN) as (stream, raw):
        watch = _Watch(raw, 0, deadline=deadline, progress=progress)
        document, blocks = _blocks(stream)
        texts = watch.lines(blocks)
        head = _head(texts)
        format_ = replace(recognise(head), document=document)
        return format_, _digest(format_, chain(head, texts), watch, "standard input")


def format_of(path: Path, settings: Mapping[str, Any]) -> Format:
    """Return the format of a file, told from its beginning.

    Raises:
        CannotRun: it is unknown.
    """
    try:
        with source.opened(path) as (stream, raw):
            watch = _Watch(raw, path.stat().st_size)
            document, blocks = _blocks(stream, _HEAD_BYTES)
            head = _head(watch.lines(blocks))
    except Damaged as error:
        raise CannotRun(f"{path.name} cannot be read: {error}") from None
    if watch.damage and not head:
        raise CannotRun(f"{path.name} cannot be read: {watch.damage}")
    return replace(recognised(head, **settings), document=document)


def _head(texts: Iterator[str]) -> list[str]:
    """Take the lines that the format is recognised from, fewer if they are long."""
    head: list[str] = []
    size = 0
    for text in islice(texts, HEAD):
        head.append(text)
        size += len(text)
        if size > HEAD_CHARACTERS:
            break
    return head


def read_part(part: Part, progress: Progress = nowhere) -> Digest:
    """Read one part of a file."""
    with source.opened(part.path) as (stream, raw):
        size = (part.end or part.path.stat().st_size) - part.start
        watch = _Watch(raw, size, part.start, part.deadline, progress)
        if part.start:
            stream.seek(part.start)
        _, blocks = _blocks(stream, part.end and size, part.format.document)
        return _digest(part.format, watch.lines(blocks), watch, part.path.name)


def _blocks(
    stream: BinaryIO, size: int | None = None, document: bool | None = None
) -> tuple[bool, Blocks]:
    """Return whether a stream is a JSON document, and its lines."""
    if document is None:
        document = json_stream.is_document(source.beginning(stream))
    if document:
        return True, ([line] for line in json_stream.lines(stream))
    return False, source.blocks(stream, float("inf") if size is None else size)


def _digest(format_: Format, texts: Iterable[str], watch: _Watch, name: str) -> Digest:
    reader = format_.read_by()
    min_alone = MIN_ALONE_IN_APPLICATION if reader.application else MIN_ALONE
    digester = Digester(format_.dialect, min_alone)
    for item in reader.read(format_.lines(texts), digester.digest.count):
        digester.take(item)
    digest = digester.close()
    cut_short = watch.stopped or watch.damage
    digest.sizes = (watch.position() if cut_short else watch.size, watch.size)
    if watch.damage:
        digest.damaged.append(f"{name}: {watch.damage}")
    return digest
