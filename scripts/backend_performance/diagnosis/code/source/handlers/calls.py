"""Calls, objects that are built, and values that are sent on a channel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...facts import Call, Loop
from ..frames import Context
from ..paths import path
from ..reading import Captures, Reading, lines

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_CALLEE = 600
#: The name of a function, perhaps bound to its object; a lower-case name is no type.
_NAMED = re.compile(r"(?:::)?((?:(?:this|self|cls)\.)?_?[a-z]\w{3,60})(?:\.bind\(this\))?")


def built(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """``new Name(…)``."""
    _called(reading, start, end, captures, captures["new"][0], constructs=True)


def called(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """``receiver.name(…)``; in Kotlin a call with a block behind its arguments is two nodes."""
    end_of_name = captures["callee"][0].end_byte
    if any(frame.kind == "call" and frame.index == end_of_name for frame in reading.stack[-2:]):
        return
    _called(reading, start, end, captures, captures["call"][0], constructs=False)


def put(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A value that is sent on a channel."""
    around = reading.context(start, start)
    channel = reading.path(captures, "callee")
    place = lines(captures["put"][0])
    reading.add(
        Call(
            *("<-", channel, *place, (), around.loops, ()),
            later=around.later,
            guard=around.guard,
        )
    )


def removed(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """An element that is deleted by a statement."""
    place = lines(captures["removed"][0])
    reading.add(Call("delete", reading.path(captures, "callee"), *place, (), (), ()))


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
    own = receiver in reading.grammar.selves
    if name in reading.grammar.by_name and not constructs and not own:
        _given_by_name(reading, node, dotted, arguments[:2], around)


def _given_by_name(
    reading: Reading, node: Node, dotted: str, arguments: Sequence[str], around: Context
) -> None:
    """A function that is given to ``map`` by its name: a call of it per element."""
    for number, text in enumerate(arguments):
        found = _NAMED.fullmatch(text)
        if found is None:
            continue
        over = arguments[1 - number] if len(arguments) > 1 else dotted.rpartition(".")[0]
        loop = Loop("each", *lines(node), path(over)[:80], "it", dotted)
        reading.loops.append(loop)
        receiver, _, name = found[1].rpartition(".")
        inside = (*around.loops, len(reading.loops) - 1)
        reading.add(
            Call(name, receiver, *lines(node), ("it",), inside, around.scopes, later=around.later)
        )
        return
