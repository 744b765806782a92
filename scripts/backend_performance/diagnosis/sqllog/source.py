"""Opening a log: a file, a directory, a compressed file or standard input; never all in memory."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from ..trouble import CannotRun

MAX_LINE = 256 * 1024
MAX_FILES = 1_000
STDIN = Path("-")
_BUFFER = 1 << 20
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_UTF8_BOM = codecs.BOM_UTF8.decode()


def files(path: Path) -> list[Path]:
    """Return the files to read: the one named, or those of a directory by name.

    Raises:
        CannotRun: there is no such file, or the directory is empty or too full.
    """
    if path == STDIN:
        return [path]
    if path.is_dir():
        found = sorted(one for one in path.iterdir() if one.is_file() and one.stat().st_size)
        if not found:
            raise CannotRun(f"{path.name or path} is a directory without files")
        if len(found) > MAX_FILES:
            raise CannotRun(
                f"{path.name} holds {len(found)} files, at most {MAX_FILES} are read: "
                "name a smaller directory, or pipe the files through standard input"
            )
        return found
    if not path.is_file():
        raise CannotRun(f"{path.name} is no regular file and no directory")
    return [path]


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a log; yield its text as UTF-8 bytes, and the file as it lies on the disk.

    Raises:
        CannotRun: it is compressed in a way that cannot be read here.
        OSError: it cannot be opened.
    """
    if path == STDIN:
        given = cast(io.BufferedReader, sys.stdin.buffer)
        stream = cast(BinaryIO, io.BufferedReader(given.raw, _BUFFER))
        yield stream, stream
        return
    with cast(io.BufferedReader, path.open("rb", buffering=_BUFFER)) as raw:
        head = raw.peek(8)[:8]
        plain = _unpacked(raw, head)
        first = plain.peek(4)[:4] if isinstance(plain, io.BufferedReader) else head
        encoding = next((name for bom, name in _UTF16.items() if first.startswith(bom)), None)
        if encoding:
            text = codecs.EncodedFile(plain, "utf-8", encoding, "replace")
            plain = cast(BinaryIO, io.BufferedReader(_Reads(text), _BUFFER))
        yield plain, raw


def beginning(stream: BinaryIO) -> str:
    """Return the first characters of a stream, which are still to be read."""
    peek = getattr(stream, "peek", None)
    return peek(_BUFFER)[:65_536].decode("utf-8", "replace") if peek else ""


class _Reads(io.RawIOBase):
    """A stream that only has ``read``, for a buffer to stand on."""

    def __init__(self, stream: codecs.StreamRecoder) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._stream.read(len(buffer) // 4)
        buffer[: len(chunk)] = chunk
        return len(chunk)


def is_plain(path: Path) -> bool:
    """Return whether a file can be read from any place in it."""
    if path == STDIN:
        return False
    with path.open("rb") as raw:
        head = raw.read(8)
    return not any(head.startswith(mark) for mark in (*_PACKED, *_UTF16))


def lines(stream: BinaryIO, end: int | None = None) -> Iterator[str]:
    """Yield lines without their end; one that is too long is cut, its rest passed over.

    Args:
        end: Stop at the first line that begins at or behind this position.
    """
    position = stream.tell() if end is not None else 0
    while chunk := stream.readline(MAX_LINE):
        position += len(chunk)
        if len(chunk) == MAX_LINE and not chunk.endswith(b"\n"):
            while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                position += len(rest)
            position += len(rest)
        yield chunk.rstrip(b"\r\n").decode("utf-8", "replace").removeprefix(_UTF8_BOM)
        if end is not None and position >= end:
            return


def _unpacked(raw: io.BufferedReader, head: bytes) -> BinaryIO:
    opener = next((how for mark, how in _PACKED.items() if head.startswith(mark)), None)
    return cast(BinaryIO, io.BufferedReader(opener(raw), _BUFFER) if opener else raw)


def _zstandard(raw: BinaryIO) -> BinaryIO:
    try:
        import zstandard
    except ImportError:
        raise CannotRun(
            "the log is compressed with zstd: pip install zstandard, or pipe it: "
            "zstdcat FILE | probe.py sqllog -"
        ) from None
    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(
        raw, read_across_frames=True
    )
    return cast(BinaryIO, reader)


_PACKED: dict[bytes, Callable[[BinaryIO], BinaryIO]] = {
    b"\x1f\x8b": lambda raw: cast(BinaryIO, gzip.GzipFile(fileobj=raw)),
    b"BZh": lambda raw: cast(BinaryIO, bz2.BZ2File(raw)),
    b"\xfd7zXZ\x00": lambda raw: cast(BinaryIO, lzma.LZMAFile(raw)),  # noqa: SIM115 - closed with the stream
    b"\x28\xb5\x2f\xfd": _zstandard,
}
