"""From a syntax tree to facts: one pass over the matches of the language's query."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..facts import File
from . import embedded
from .grammar import grammars, parser
from .handlers import HANDLERS
from .reading import Captures, Reading

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Query

_LAST = 1 << 62
#: Seconds for parsing one file. Real ones of the largest size that is read take less than one.
_MAX_PARSE_S = 5.0
#: Bytes that the parser gets at a time: it looks at the clock only where it is given pieces.
#: It also gets one for every text that a query compares.
_PIECE = 1 << 10
#: Ten times what the largest files of public back ends have.
_MAX_PARTS = 3_000
_RANK = {kind: rank for rank, kind in enumerate(HANDLERS)}


class TooCostlyError(Exception):
    """The text makes the parser work for longer than any program does."""


def extract(relative: str, source: bytes, language: str) -> File:
    """Return the facts of one file.

    Raises:
        TooCostlyError: the file takes too long to parse, or has more parts than people write.
    """
    reader, query = parser(language)
    template = embedded.CODE_IN.get(relative[relative.rfind(".") :])
    text = template(source) if template else source
    root = _root(reader, text)
    reading = Reading(relative, text, grammars()[language])
    for kind, start, end, captures in _events(query, root):
        reading.leave(start)
        handler = HANDLERS[kind]
        if handler is not None:
            handler(reading, start, end, captures)
        else:
            reading.open(kind, start, end)
    file = reading.file(root.has_error)
    _check_parts(file)
    return file


def _check_parts(file: File) -> None:
    """Refuse a file whose parts take too long to compare with each other."""
    parts = len(file.functions) + len(file.classes) + len(file.loops)
    if parts > _MAX_PARTS:
        raise TooCostlyError("more functions and loops than people write")


def _root(reader: Parser, text: bytes) -> Node:
    end = time.monotonic() + _MAX_PARSE_S
    try:
        tree = reader.parse(
            lambda offset, _: text[offset : offset + _PIECE],
            progress_callback=lambda *_: time.monotonic() > end,
        )
    except ValueError:
        reader.reset()  # it would go on with this text when given the next one
        raise TooCostlyError("it takes too long to parse") from None
    return tree.root_node


def _decorated(decorator: Node) -> Node | None:
    """The declaration that a decorator is a part of, or itself; of a parameter nothing."""
    parent = decorator.parent
    if parent is not None and parent.type in ("modifiers", "attribute_list"):
        parent = parent.parent
    if parent is None:
        return decorator
    if parent.type.endswith("parameter"):
        return None
    return parent if parent.type.endswith(("_declaration", "method_definition")) else decorator


def _events(query: Query, root: Node) -> Iterator[tuple[str, int, int, Captures]]:
    """Yield what the query captured, as a reader meets it: the outer before the inner."""
    from tree_sitter import QueryCursor

    events: list[tuple[int, int, int, int, str, Captures]] = []
    for _, captures in QueryCursor(query).matches(root):
        for kind in captures:
            if kind in _RANK:
                node: Node | None = captures[kind][0]
                if kind == "decorator" and node is not None:
                    node = _decorated(node)
                if node is None:
                    continue
                # A decorator inside of what it decorates is known before that begins.
                end = _LAST if kind == "decorator" else node.end_byte
                place = (node.start_byte, -end, _RANK[kind], len(events))
                events.append((*place, kind, captures))
    events.sort()
    for start, end, *_, kind, captures in events:
        yield kind, start, -end, captures
