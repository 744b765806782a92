"""JSON documents that hold a log: an array of records, or an object around one.

Cloud consoles export logs like this, and collectors export traces. The records come out one by
one, each on a line of its own, so that a document of any size is read in little memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

MAX_RECORD = 1 << 20
_CHUNK = 1 << 18
_ARRAY = re.compile(r"\s*\[\s*\{\s*\"")
_PRETTY = re.compile(r"\s*\{\s*\n\s*\"")
#: ``{"records": [{…``: the records of an export, with short fields before them.
_AROUND = re.compile(
    r'\s*\{(?:\s*"[^"]{1,80}"\s*:\s*(?:"[^"]*"|[\w.-]+)\s*,)*\s*'
    r'"(?:records|events|entries|data|hits|logEvents|value|results?|items|logs)"\s*:\s*\[\s*(?=\{)'
)
_SPANS = re.compile(r'"spans"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,\[\]}]*")


def is_document(head: str) -> bool:
    """Return whether a text begins a JSON document rather than lines."""
    if _ARRAY.match(head) or _PRETTY.match(head) or _AROUND.match(head):
        return True
    return head.lstrip().startswith("{") and _SPANS.search(head) is not None


def lines(stream: BinaryIO) -> Iterator[str]:
    """Yield each record of a document as one line of JSON; one above 1 MiB is passed over."""
    buffer = _Buffer(stream)
    buffer.fill()
    spans = _SPANS.search(buffer.text)
    if spans is None and (around := _AROUND.match(buffer.text)):
        buffer.drop(around.end())
    while True:
        if spans is not None and not buffer.skip_to_spans():
            return
        found = False
        while (record := buffer.record()) is not None:
            found = True
            yield record
        if spans is None or not (found or buffer.text):
            return


class _Buffer:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.text = ""

    def fill(self) -> bool:
        more = self._stream.read(_CHUNK)
        self.text += more.decode("utf-8", "replace")
        return bool(more)

    def drop(self, count: int) -> None:
        self.text = self.text[count:]

    def skip_to_spans(self) -> bool:
        """Go behind the next ``"spans": [``."""
        while not (match := _SPANS.search(self.text)):
            self.text = self.text[-20:]
            if not self.fill():
                return False
        self.drop(match.end())
        return True

    def record(self) -> str | None:
        """Return the next record; ``None`` at the end of the array."""
        while True:
            gap = _BETWEEN.match(self.text)
            start = gap.end() if gap else 0
            if start == len(self.text):
                if not self.fill():
                    return None
                continue
            if self.text[start] != "{" or "]" in self.text[:start]:
                self.drop(start)
                return None
            self.drop(start)
            end = self._end()
            if end is None:
                return None
            record, self.text = self.text[:end], self.text[end:]
            if end <= MAX_RECORD:
                return record.replace("\n", " ").replace("\r", " ")

    def _end(self) -> int | None:
        """Return where the record at the start of the buffer ends."""
        decoder = json.JSONDecoder()
        wanted = 0
        while True:
            if len(self.text) >= wanted:
                try:
                    return decoder.raw_decode(self.text)[1]
                except (ValueError, RecursionError):
                    wanted = len(self.text) * 2
            if len(self.text) > MAX_RECORD * 2 or not self.fill():
                return None
