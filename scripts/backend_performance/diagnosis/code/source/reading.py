"""The state of one pass over a file, with what every handler needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from ..facts import MAX_TEXT, Call, Class, File, Function, Loop
from ..words import names
from .frames import MAX_DEPTH, Context, Frame, context, loops
from .grammar import Grammar
from .paths import path

if TYPE_CHECKING:
    from tree_sitter import Node

#: The nodes that one match of a query captured, by name.
Captures: TypeAlias = "dict[str, list[Node]]"
MAX_ARGUMENTS = 10
_MAX_CALLS, _MAX_VALUES = 5000, 20
_TYPE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_WRAPPERS = names("wrappers")


class Reading:
    """What one pass has found so far, and the constructs that are open."""

    def __init__(self, relative: str, source: bytes, grammar: Grammar) -> None:
        self.source, self.grammar, self.relative = source, grammar, relative
        self.top = Function("", "", 1, source.count(b"\n") + 1)
        self.functions: list[Function] = [self.top]
        self.classes: list[Class] = []
        self.loops: list[Loop] = []
        self.imports: list[str] = []
        self.stack: list[Frame] = []
        #: (end, function or class), innermost last
        self.holders: list[tuple[int, Function | Class]] = []
        self.decorators: list[str] = []
        #: Where functions were seen: one node may match two patterns.
        self.bodies: set[tuple[int, int]] = set()

    def leave(self, start: int) -> None:
        """Close what ends before a place."""
        while self.stack and self.stack[-1].end <= start:
            self.stack.pop()
        while self.holders and self.holders[-1][0] <= start:
            self.holders.pop()

    def open(self, kind: str, start: int, end: int, text: str = "") -> Frame:
        """Open a construct."""
        frame = Frame(kind, start, end, text)
        self.stack.append(frame)
        return frame

    def file(self, damaged: bool) -> File:
        """Return the facts that were found."""
        return File(
            self.relative,
            self.grammar.name,
            self.top.end_line,
            " ".join(self.imports)[:4000],
            self.functions,
            self.classes,
            self.loops,
            damaged,
        )

    # What is around.

    def context(self, start: int, end: int) -> Context:
        """Return what the open constructs say of a call."""
        return context(self.stack, start, end)

    def loops_around(self, start: int) -> tuple[int, ...]:
        """Return the numbers of the loops around a place, outermost first."""
        return loops(self.stack, start)

    def call_around(self, start: int) -> Frame | None:
        """Return the call that a function literal is given to."""
        for frame in reversed(self.stack[-6:]):
            if frame.kind == "call" and frame.index <= start:
                return frame
            if frame.kind in ("lambda", "callback", "loop", "function", "assign"):
                return None
        return None

    def holder(self) -> Function | Class:
        """Return the innermost function or class."""
        return self.holders[-1][1] if self.holders else self.top

    def function(self) -> Function:
        """Return the innermost function."""
        for _, holder in reversed(self.holders[-MAX_DEPTH:]):
            if isinstance(holder, Function):
                return holder
        return self.top

    def owner(self) -> Class | None:
        """Return the innermost class."""
        for _, holder in reversed(self.holders[-MAX_DEPTH:]):
            if isinstance(holder, Class):
                return holder
        return None

    # What is kept.

    def add(self, call: Call) -> None:
        """Keep a call where it stands."""
        holder = self.holder()
        if len(holder.calls) < _MAX_CALLS:
            holder.calls.append(call)
        if isinstance(holder, Class) and self.grammar.fields and len(self.top.calls) < _MAX_CALLS:
            self.top.calls.append(call)

    def give(self, name: str, value: str, line: int) -> None:
        """Keep the value that a name gets."""
        holder = self.holder()
        holder.assigned[name] = value
        if isinstance(holder, Function):
            values = holder.values.setdefault(name, [])
            if len(values) < _MAX_VALUES:
                values.append((line, value))

    def loop(self, found: Loop, start: int, end: int, outside: Node | None = None) -> int:
        """Keep a loop and open it; ``outside`` is the part that runs once. Return its number."""
        if found.kind == "each" and found.variable.isidentifier() and found.over:
            self.give(found.variable, f"{found.over}[]", found.line)
        self.loops.append(found)
        frame = self.open("loop", start, end, found.over)
        frame.index = len(self.loops) - 1
        if outside is not None:
            frame.outside = (outside.start_byte, outside.end_byte)
        return frame.index

    def taken_decorators(self) -> tuple[str, ...]:
        """Return the decorators of the definition that begins here, and forget them."""
        taken, self.decorators = tuple(self.decorators[-12:]), []
        return taken

    # Reading the text.

    def text(self, node: Node) -> str:
        """Return the text of a node, bounded."""
        end = min(node.end_byte, node.start_byte + 2000)
        return self.source[node.start_byte : end].decode("utf-8", "replace")

    def path(self, captures: Captures, name: str) -> str:
        """Return the path of what was captured under a name, or ""."""
        return path(self.text(captures[name][0])) if name in captures else ""

    def arguments(self, captures: Captures) -> tuple[str, ...]:
        """Return the texts of a call's arguments, bounded."""
        if "arguments" not in captures:
            return ()
        node = captures["arguments"][0]
        if node.end_byte - node.start_byte <= 2:
            return ()
        return tuple(
            " ".join(self.text(child)[:MAX_TEXT].split())
            for child in node.named_children[:MAX_ARGUMENTS]
        )


def lines(node: Node) -> tuple[int, int]:
    """Return the first and the last line of a node."""
    return node.start_point[0] + 1, node.end_point[0] + 1


def type_name(text: str) -> str:
    """Return the last name in a type that is no wrapper: ``Promise<Order>``, ``*sql.DB``."""
    known: list[str] = [
        name for name in _TYPE.findall(text.partition("|")[0]) if name not in _WRAPPERS
    ]
    if not known:
        return ""
    return known[0] if "<" in text else known[-1]
