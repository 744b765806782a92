"""The constructs that are open around a place, and what they say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: How many enclosing constructs a call looks at; code written by people has fewer.
MAX_DEPTH = 60


@dataclass(slots=True)
class Frame:
    """A construct that is open while the pass goes on inside it."""

    kind: str
    start: int
    end: int
    text: str = ""  #: what it is, by kind: target, path, scope
    outside: tuple[int, int] = (0, 0)  #: the part that does not belong to it: the else of an ``if``
    index: int = -1  #: of a loop: its number; of a call: where its arguments begin
    names: tuple[str, ...] = ()  #: of a block: what it holds; of a call: its first argument
    later: bool = False  #: its body runs after the function, or elsewhere


@dataclass
class Context:
    """What the open constructs say of a call, under the names of its attributes."""

    loops: tuple[int, ...] = ()
    scopes: tuple[str, ...] = ()
    target: str = ""
    argument_of: str = ""
    guard: str = ""
    awaited: bool = False
    chained: bool = False
    returned: bool = False
    later: bool = False
    condition: str = ""


def context(stack: Sequence[Frame], start: int, end: int) -> Context:
    """Return what is open around a call whose name ends at ``end``, innermost first."""
    known = Context()
    around: list[int] = []
    scopes: list[str] = []
    direct = True  # nothing but marks between the call and the frame
    for frame in reversed(stack[-MAX_DEPTH:]):
        kind = frame.kind
        if kind == "function":
            break
        if kind == "call":
            if end <= frame.index and frame.text.endswith("().subscribe"):
                known.later = True  # a Uni, a Mono, an Observable: nobody waits here
            if direct and end <= frame.index:
                known.chained = True
            elif direct and not known.argument_of:
                known.argument_of = frame.text
        elif kind == "loop":
            if not frame.outside[0] <= start < frame.outside[1]:
                around.append(frame.index)
        elif kind == "callback":
            scopes.append(frame.text)
            known.later = known.later or frame.later
        elif kind == "if":
            if not around and not known.condition:
                other = frame.outside[0] <= start < frame.outside[1]
                known.condition = f"else {frame.text}" if other else frame.text
        elif kind == "lambda":
            scopes.append("lambda around a loop" if around else "lambda")
        elif kind == "assign":
            if direct or known.chained:
                known.target = known.target or frame.text
        else:
            _mark(known, scopes, frame, direct)
        direct = direct and kind not in _PARTS
    known.loops, known.scopes = tuple(reversed(around)), tuple(scopes)
    return known


def loops(stack: Sequence[Frame], start: int) -> tuple[int, ...]:
    """Return the numbers of the loops that are open around a place, outermost first."""
    found: list[int] = []
    for frame in reversed(stack[-MAX_DEPTH:]):
        if frame.kind == "function":
            break
        if frame.kind == "loop" and not frame.outside[0] <= start < frame.outside[1]:
            found.append(frame.index)
    return tuple(reversed(found))


#: Constructs whose value differs from the value of the expression inside them.
_PARTS = frozenset(("call", "loop", "lambda", "callback", "assign"))


def _mark(known: Context, scopes: list[str], frame: Frame, direct: bool) -> None:
    """Record a construct that marks the code inside it."""
    kind = frame.kind
    if kind == "await":
        # Also ``async with (call() as name):``.
        known.awaited = known.awaited or direct or known.chained or bool(known.target)
    elif kind == "return":
        known.returned = known.returned or direct
    elif kind in ("with", "finally", "catch", "select"):
        known.guard = known.guard or kind
    elif kind == "block":
        scopes.extend(frame.names)
    elif kind == "lock":
        scopes.append("synchronized")
    elif kind in ("spawn", "closure"):
        known.later = True
