"""The lines that PostgreSQL writes to stderr or syslog, whatever the prefix of each message."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain, islice

from ...event import MAX_MESSAGE, MAX_SESSIONS, Clock, Count, Item, Line, Lines, paired
from .. import Reader
from . import prefix as prefixes
from .message import Record, is_foreign, items
from .prefix import MAX_PREFIX, Prefix
from .words import ENDINGS, MEANING

#: Lines from which the prefix is found out.
_SAMPLE = 2_000
_FURTHER = {"DETAIL", "STATEMENT", "CONTEXT", "HINT"}


def split(text: str) -> tuple[str, str, str] | None:
    """Return prefix, kind and message of a line, or ``None`` where it begins none."""
    before, mark, message = text.partition("LOG:  ")
    if mark and len(before) < MAX_PREFIX and ":  " not in before:
        return before, "LOG", message  # most lines
    position = text.find(":  ", 0, MAX_PREFIX)
    while position >= 0:
        if text.endswith(ENDINGS, 0, position):
            head = text[:position].rstrip()
            word = next(word for word in _LONGEST if head.endswith(word))
            before = head[-len(word) - 1 : -len(word)]
            if not before.isalpha():
                return head[: -len(word)], MEANING[word], text[position + 3 :]
        position = text.find(":  ", position + 3, MAX_PREFIX)
    narrow = _NARROW.search(text, 0, MAX_PREFIX) if ": " in text else None
    if narrow is None:
        return None
    return text[: narrow.start()], narrow[1], text[narrow.end() :]


#: Where something made one space of two, only messages about statements are certain.
_NARROW = re.compile(
    r"\b(LOG|DETAIL|STATEMENT): (?=duration: |statement: |execute |parameters: |process \d"
    r"|temporary file: |checkpoint |automatic |(?<=STATEMENT: )\S)"
)
_LONGEST = sorted(MEANING, key=len, reverse=True)


def reader(given: Prefix | None = None) -> Callable[[Lines, Count], Iterator[Item]]:
    """Return a function that reads such lines, with the prefix given or found out."""

    def read(lines: Lines, count: Count) -> Iterator[Item]:
        """Yield what the messages report."""
        lines = iter(lines)
        head = list(islice(lines, _SAMPLE))
        prefix = given
        if prefix is None:
            found = (split(line.text) for line in head)
            prefix = prefixes.found([one[0] for one in found if one and one[1] == "LOG"])
        return paired(_items(chain(head, lines), count, prefix))

    return read


def _items(lines: Lines, count: Count, prefix: Prefix) -> Iterator[Item]:
    clock = Clock()
    #: The message that each process has begun; without envelopes there is one for all.
    begun: dict[str, tuple[Record, str]] = {}
    for line in lines:
        count.lines += 1
        text = line.text
        found = None if text[:1] == "\t" else split(text)
        if found is None:
            if line.process in begun:
                _continue(*begun[line.process], text)
            elif text.strip():
                count.miss(text)
            continue
        before, kind, message = found
        if kind in _FURTHER:
            if line.process in begun:
                record, _ = begun[line.process]
                begun[line.process] = (record, kind)
                _set(record, kind, message)
            continue
        if (before_it := begun.pop(line.process, None)) is not None:
            yield from items(before_it[0])
        if not message.isascii() and kind == "LOG" and is_foreign(message):
            count.miss(text)
            continue
        if len(begun) >= MAX_SESSIONS:
            yield from items(begun.pop(next(iter(begun)))[0])
        session, transaction = prefix.identify(before)
        at = clock.read(before)
        at = line.at if at is None else at
        record = Record(kind, message, session or line.process, at, transaction)
        begun[line.process] = (record, kind)
    for record, _ in begun.values():
        yield from items(record)


def _set(record: Record, kind: str, text: str) -> None:
    if kind == "DETAIL":
        record.detail = text
    elif kind == "STATEMENT":
        record.statement = text
    elif kind == "CONTEXT":
        record.context = text


def _continue(record: Record, kind: str, text: str) -> None:
    """Take in a further line of the message, or of what was said about it."""
    text = "\n" + text.removeprefix("\t")
    if kind == "DETAIL":
        record.detail = (record.detail + text)[:MAX_MESSAGE]
    elif kind == "STATEMENT":
        record.statement = (record.statement + text)[:MAX_MESSAGE]
    elif kind not in _FURTHER and len(record.message) < MAX_MESSAGE:
        record.message += text


def _recognises(line: Line) -> bool:
    found = split(line.text)
    return found is not None and found[1] in ("LOG", "ERROR")


def _begins(line: Line) -> bool:
    found = split(line.text)
    return found is not None and found[1] not in _FURTHER


READER = Reader("stderr", "PostgreSQL's log in lines", "postgres", _recognises, reader(), _begins)
