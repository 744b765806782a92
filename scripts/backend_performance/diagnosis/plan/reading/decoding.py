"""From bytes to text: plans are saved by shells, editors and drivers of every kind."""

from __future__ import annotations

import codecs

from ..tree import PlanError

MAX_BYTES = 20_000_000

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(raw: bytes) -> str:
    """Return the text: UTF-8 or UTF-16 with or without a mark, otherwise Windows-1252.

    Raises:
        PlanError: it is longer than ``MAX_BYTES``.
    """
    if len(raw) > MAX_BYTES:
        raise PlanError(f"it is longer than {MAX_BYTES} bytes; give the plan alone")
    return with_line_ends(_text(raw))


def with_line_ends(text: str) -> str:
    """Return the text with a line feed at the end of each line, whatever was there."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _text(raw: bytes) -> str:
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace")
    # ASCII in UTF-16 without a mark has a zero in every second byte.
    head = raw[:400]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) >= 4 and head[start::2].count(0) > len(head) * 0.4:
            return raw.decode(encoding, errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
