"""Calls, objects that are built, and values that are sent on a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...facts import Call
from ..paths import path
from ..reading import Captures, Reading, lines

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_CALLEE = 600


def built(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """``new Name(…)``."""
    _called(reading, start, end, captures, captures["new"][0], constructs=True)


def called(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """``receiver.name(…)``."""
    _called(reading, start, end, captures, captures["call"][0], constructs=False)


def put(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A value that is sent on a channel."""
    around = reading.context(start, start)
    channel = reading.path(captures, "callee")
    place = lines(captures["put"][0])
    reading.add(Call("<-", channel, *place, (), (), (), later=around.later, guard=around.guard))


def _called(
    reading: Reading, start: int, end: int, captures: Captures, node: Node, *, constructs: bool
) -> None:
    callee = captures["callee"][0]
    begin = max(callee.start_byte if constructs else start, callee.end_byte - _MAX_CALLEE)
    dotted = path(reading.source[begin : callee.end_byte].decode("utf-8", "replace"))
    if constructs:
        dotted = dotted.partition("<")[0]
    receiver, _, name = dotted.rpartition(".")
    arguments = reading.arguments(captures)
    around = reading.context(start, callee.end_byte)
    reading.add(
        Call(
            name=name,
            receiver=receiver,
            line=callee.start_point[0] + 1,
            end_line=node.end_point[0] + 1,
            arguments=arguments,
            loops=around.loops,
            scopes=around.scopes,
            target=around.target,
            awaited=around.awaited,
            constructs=constructs,
            chained=around.chained,
            returned=around.returned,
            argument_of=around.argument_of,
            guard=around.guard,
            later=around.later,
            condition=around.condition,
        )
    )
    frame = reading.open("call", start, end, dotted)
    frame.index = callee.end_byte
    frame.names = list(arguments[:1])
