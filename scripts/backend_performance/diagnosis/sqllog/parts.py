"""A log cut into parts that several processes read; their digests add up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

from ...workers import cores, pool
from .digest import Digest
from .event import Line
from .files import source
from .reading import Part, Progress, nowhere, read_part
from .recognition import Format

#: A file is cut where its parts are worth a process each.
PART = 48 << 20
MAX_PROCESSES = 8
#: Lines in which a record must begin.
_SEARCHED = 20_000
#: Bytes in which it must begin, where lines are endless.
_FARTHEST = 1 << 20


def cut(path: Path, format_: Format, deadline: float) -> list[Part]:
    """Return the parts of a file; one where it is small or cannot be cut."""
    whole = Part(path, format_, deadline=deadline)
    size = path.stat().st_size if path != source.STDIN else 0
    if size < 2 * PART or format_.document or not source.is_plain(path):
        return [whole]
    wanted = [size * number // (size // PART) for number in range(1, size // PART)]
    with path.open("rb") as stream:
        places = {place for at in wanted if (place := _record(stream, at, format_)) is not None}
    starts = sorted(places)
    return [
        replace(whole, start=start, end=end)
        for start, end in zip([0, *starts], [*starts, None], strict=True)
    ]


def read_parts(parts: list[Part], progress: Progress = nowhere) -> Digest:
    """Read parts of files side by side and add them up in their order."""
    processes = min(len(parts), MAX_PROCESSES, cores())
    total = sum(map(_size, parts))
    if processes <= 1:
        return _added(_in_a_row(parts, total, progress), total, progress)
    with pool(processes, get_context("spawn")) as readers:
        return _added(readers.map(read_part, parts), total, progress)


def _size(part: Part) -> int:
    return (part.end or part.path.stat().st_size) - part.start


def _in_a_row(parts: list[Part], total: int, progress: Progress) -> Iterator[Digest]:
    before = 0
    for part in parts:
        yield read_part(part, partial(_further, progress, before, total))
        before += _size(part)


def _further(progress: Progress, before: int, total: int, read: int, _: int) -> None:
    progress(before + read, total)


def _added(found: Iterator[Digest], total: int, progress: Progress) -> Digest:
    whole = next(found)
    progress(whole.sizes[0], total)
    for digest in found:
        whole.add(digest)
        progress(whole.sizes[0], total)
    return whole


def _record(stream: BinaryIO, at: int, format_: Format) -> int | None:
    """Return where the first record behind a position begins."""
    stream.seek(at)
    stream.readline(source.MAX_LINE)
    reader = format_.read_by()
    for _ in range(_SEARCHED):
        place = stream.tell()
        if place - at > _FARTHEST:
            return None
        raw = stream.readline(source.MAX_LINE)
        if not raw:
            return None
        text = raw.rstrip(b"\r\n").decode("utf-8", "replace")
        first = next(iter(format_.lines([text])), Line(""))
        if reader.is_start(first):
            return place
    return None
