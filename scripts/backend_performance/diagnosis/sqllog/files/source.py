"""Opening a log: a file, a directory, a compressed file or standard input; never all in memory."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from ...trouble import CannotRun
from .compression import is_packed, unpacked

MAX_LINE = 256 * 1024
MAX_FILES = 1_000
STDIN = Path("-")
_BUFFER = 1 << 20
#: Bytes read at once.
_BLOCK = 1 << 18
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
            raise CannotRun(f"{path} is a directory without files")
        if len(found) > MAX_FILES:
            raise CannotRun(
                f"{path} holds {len(found)} files, at most {MAX_FILES} are read: "
                "name a smaller directory, or pipe the files through standard input"
            )
        return found
    if not path.is_file():
        raise CannotRun(f"{path} is neither a regular file nor a directory")
    return [path]


@contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a log; yield its text as UTF-8 bytes, and the file as it is on disk.

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
        plain = unpacked(raw, head)
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
    """A stream that only has ``read``, to put a buffer on top of."""

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
    return not is_packed(head) and not head.startswith(tuple(_UTF16))


def blocks(stream: BinaryIO, size: float = float("inf")) -> Iterator[list[str]]:
    """Yield lines without their end, as many at once as one read brings.

    Of a line that is too long its beginning is kept.

    Args:
        size: Bytes to read, up to the end of a line.
    """
    read = getattr(stream, "read1", stream.read)
    begun, passing_over = b"", False
    while size > 0 and (chunk := read(int(min(_BLOCK, size)))):
        size -= len(chunk)
        if passing_over:
            _, newline, chunk = chunk.partition(b"\n")
            if not newline:
                yield []
                continue
            chunk, passing_over = newline + chunk, False
        whole, newline, begun = (begun + chunk).rpartition(b"\n")
        yield _lines(whole) if newline else []  # whoever takes the blocks looks at the clock
        if len(begun) > MAX_LINE:
            begun, passing_over = begun[:MAX_LINE], True
    if begun:
        yield _lines(begun)


def _lines(text: bytes) -> list[str]:
    decoded = text.decode("utf-8", "replace").removeprefix(_UTF8_BOM)
    if "\r" in decoded:
        decoded = decoded.replace("\r\n", "\n").removesuffix("\r")
    return decoded.split("\n")
