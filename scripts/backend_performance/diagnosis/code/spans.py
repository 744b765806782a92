"""What a statement opens and a later one ends: locks and transactions without a block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .facts import Call, Function
from .source.paths import root
from .words import names

_LOCKS, _UNLOCKS = names("locks"), names("unlocks")
_BEGINS, _ENDS = names("begins"), names("ends")


@dataclass(frozen=True)
class Span:
    """The lines on which something is held, with the call that began it."""

    kind: str  #: lock or transaction
    began: Call
    end: int  #: the line of the call that ends it, or the last one of the function
    ended: Call

    @property
    def always(self) -> bool:
        """Whether it ends on every path."""
        return self.ended.guard in ("finally", "with") or self.ended.later

    def holds(self, call: Call) -> bool:
        """Whether a call is made while it is held."""
        return self.began.end_line <= call.line <= self.end and call not in (self.began, self.ended)


def spans(function: Function) -> tuple[Span, ...]:
    """Return what the statements of a function hold."""
    return tuple(_spans(function))


def _spans(function: Function) -> Iterator[Span]:
    for number, call in enumerate(function.calls):
        if call.later or (call.guard == "with" and not call.target):
            continue
        if call.name in _LOCKS and call.receiver:
            yield from _until(function, call, number, "lock")
        elif call.name in _BEGINS and call.receiver:
            yield from _until(function, call, number, "transaction")


def _until(function: Function, began: Call, number: int, kind: str) -> Iterator[Span]:
    """Yield the span that a call begins, if something in the function ends it."""
    target = began.target.split(",")[0].strip().lstrip("@$")
    for other in function.calls[number + 1 :]:
        if kind == "lock":
            ends = other.name in _UNLOCKS and other.receiver == began.receiver
        else:
            own = other.receiver == began.receiver or root(other.receiver) == (target or None)
            ends = other.name in _ENDS and own
        if ends:
            deferred = other.guard == "finally" and other.line <= began.end_line + 3
            yield Span(kind, began, function.end_line if deferred else other.line, other)
            return
