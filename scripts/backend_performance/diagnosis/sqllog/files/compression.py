"""Compressed files, read as they grow: what can be read of a damaged one is read."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from ...trouble import CannotRun

#: Compressed bytes taken at once; zstd makes at most 32,768 times as many of them.
_STEP = 512


class Damaged(Exception):
    """The rest of a compressed file cannot be read."""


def unpacked(raw: io.BufferedReader, head: bytes) -> BinaryIO:
    """Return the content of a file that begins with these bytes; itself if it is not compressed.

    Raises:
        CannotRun: it is compressed in a way that cannot be read here.
    """
    opener = next((how for mark, how in _PACKED.items() if head.startswith(mark)), None)
    if opener is None:
        return cast(BinaryIO, raw)
    return cast(BinaryIO, io.BufferedReader(_Checked(opener(raw)), 1 << 20))


def is_packed(head: bytes) -> bool:
    """Return whether a file that begins with these bytes is compressed."""
    return head.startswith(tuple(_PACKED))


class _Checked(io.RawIOBase):
    """A compressed stream whose errors have one type."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self._stream.read1(len(buffer))
        except EOFError:
            raise Damaged("it is cut off") from None
        except (zlib.error, lzma.LZMAError, OSError) as error:
            raise Damaged(str(error) or "it is damaged") from None
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Zstandard:
    """A file of zstd; the library's own stream ends a file that was cut off without a word."""

    def __init__(self, raw: BinaryIO) -> None:
        try:
            import zstandard
        except ImportError:
            raise CannotRun(
                "the log is compressed with zstd, which needs one more package: pip install "
                "'backend-performance[zstd]' (or pip install zstandard), or pipe it: "
                "zstdcat FILE | probe.py sqllog -"
            ) from None
        self._raw = raw
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        self._error: type[Exception] = zstandard.ZstdError
        self._frame = self._decompressor.decompressobj()
        self._in_frame = False
        self._packed, self._ready = b"", b""

    def read1(self, size: int) -> bytes:
        """Return some bytes, at most ``size``; none at the end.

        Raises:
            EOFError: the file ends in the middle of a frame.
        """
        while not self._ready:
            if self._frame.eof:
                self._packed = self._frame.unused_data
                self._frame, self._in_frame = self._decompressor.decompressobj(), False
            packed = self._packed or self._raw.read(_STEP)
            if not packed:
                if self._in_frame:
                    raise EOFError
                return b""
            self._packed, self._in_frame = b"", True
            try:
                self._ready = self._frame.decompress(packed)
            except self._error as error:
                raise OSError(str(error)) from None
        given, self._ready = self._ready[:size], self._ready[size:]
        return given


_PACKED: dict[bytes, Callable[[BinaryIO], Any]] = {
    b"\x1f\x8b": lambda raw: gzip.GzipFile(fileobj=raw),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    b"\x28\xb5\x2f\xfd": _Zstandard,
}
