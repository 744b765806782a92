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


def put(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A value that is sent on a channel."""
    around = reading.context(start, start)
    place = lines(captures["put"][0])
    call = Call("<-", reading.path(captures, "callee"), *place, (), around.loops, ())
    reading.add(call._replace(later=around.later, guard=around.guard))


def removed(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """An element that is deleted by a statement."""
    place = lines(captures["removed"][0])
    reading.add(Call("delete[]", reading.path(captures, "callee"), *place, (), (), ()))


def called(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """``receiver.name(…)`` and ``new Name(…)``.

    In Kotlin a call with a block behind its arguments is two nodes.
    """
    callee, constructs = captures["callee"][0], "new" in captures
    seen = (frame.index for frame in reading.stack[-2:] if frame.kind == "call")
    if not constructs and callee.end_byte in seen:
        return
    node = captures["new" if constructs else "call"][0]
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
            constructs=constructs,
            **vars(around),
        )
    )
    frame = reading.open("call", start, end, dotted)
    frame.index = callee.end_byte
    frame.names = arguments[:1]
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
