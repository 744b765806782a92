"""From a syntax tree to facts: one pass over the matches of the language's query."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..facts import MAX_TEXT, Call, Class, File, Function, Loop, Read, Text
from ..words import names
from . import embedded
from .grammar import Grammar, grammars, parser
from .paths import path

if TYPE_CHECKING:
    from tree_sitter import Node

    Captures = dict[str, list[Node]]

#: How many enclosing constructs a call looks at; code written by people has fewer.
MAX_DEPTH = 60
MAX_ARGUMENTS = 10
_ORDER = (
    *("decorator", "import", "class", "function", "lock", "spawn", "block", "finally", "catch"),
    *("each", "counted", "while", "assign", "return", "await", "with", "closure", "new", "call"),
    *("lambda", "send", "put", "retry", "typed", "read", "string", "select"),
)
_RANK = {kind: rank for rank, kind in enumerate(_ORDER)}
_STATEMENT = re.compile(
    rb"^[\w$@]{0,2}[\"'`]{1,3}\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*"
    rb"(select|insert\s+into|update|delete\s+from|with\s|create\s|alter\s|drop\s)\b|"
    rb"^\s+(select|insert\s+into|update|delete\s+from|with)\b",
    re.I | re.S,
)
#: A list that stands in the code.
_LITERAL = re.compile(r"[\[({]\s*(['\"\d:\[\](){}]|$)|%[wi]|\d+\.\.")
_SELF = re.compile(r"^(?:self|this|\$this|cls)(?:\.|->)|^@{1,2}")
_TYPE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_WRAPPERS = names("wrappers")
_PARAMETER = re.compile(r"\s*(?:async\b|function\b|\{)?\s*[(|]?\s*([\w$]+(?:\s*,\s*[\w$]+)*)")
_ASYNC = re.compile(rb"\b(async|suspend)\b")
_CONSTRUCTORS = frozenset(("__init__", "constructor", "__construct", "initialize"))
_STORED = re.compile(r"[\w.@$\[\]>-]{1,80}")


@dataclass(slots=True)
class _Frame:
    """A construct that is open while the pass goes on inside it."""

    kind: str
    start: int
    end: int
    text: str = ""  #: what it is, by kind: target, path, scope
    outside: tuple[int, int] = (0, 0)  #: the part that does not belong to it
    index: int = -1
    names: list[str] = field(default_factory=list)


def extract(relative: str, source: bytes, language: str) -> File:
    """Return the facts of one file.

    Raises:
        CannotRun: the language's parser is not installed.
    """
    grammar = grammars()[language]
    reader, query = parser(language)
    text = embedded.ruby(source) if relative.endswith(".erb") else source
    tree = reader.parse(text)
    reading = _Reading(relative, text, grammar)
    from tree_sitter import QueryCursor

    matches = QueryCursor(query).matches(tree.root_node)
    events: list[tuple[int, int, int, str, Captures]] = []
    for _, captures in matches:
        for kind in captures:
            if kind in _RANK:
                node = captures[kind][0]
                events.append((node.start_byte, -node.end_byte, _RANK[kind], kind, captures))
    events.sort(key=lambda event: event[:3])
    for start, end, _, kind, captures in events:
        reading.enter(kind, start, -end, captures)
    return reading.done(tree.root_node.has_error)


class _Reading:
    """The state of one pass."""

    def __init__(self, relative: str, source: bytes, grammar: Grammar) -> None:
        self.source, self.grammar, self.relative = source, grammar, relative
        self.top = Function("", "", 1, 1)
        self.functions: list[Function] = [self.top]
        self.classes: list[Class] = []
        self.loops: list[Loop] = []
        self.imports: list[str] = []
        self.stack: list[_Frame] = []
        #: (end, function or class), innermost last
        self.holders: list[tuple[int, Function | Class]] = []
        self.decorators: list[str] = []
        self.bodies: set[tuple[int, int]] = set()

    def enter(self, kind: str, start: int, end: int, captures: Captures) -> None:
        while self.stack and self.stack[-1].end <= start:
            self.stack.pop()
        while self.holders and self.holders[-1][0] <= start:
            self.holders.pop()
        handler = getattr(self, f"_{kind}", None)
        if handler is not None:
            handler(start, end, captures)
        else:
            self.stack.append(_Frame(kind, start, end))

    def done(self, damaged: bool) -> File:
        lines = self.source.count(b"\n") + 1
        self.top.end_line = lines
        return File(
            self.relative,
            self.grammar.name,
            lines,
            " ".join(self.imports)[:4000],
            self.functions,
            self.classes,
            self.loops,
            damaged,
        )

    # What the query captured, one method for each kind that is more than a frame.

    def _decorator(self, start: int, end: int, captures: Captures) -> None:
        self.decorators.append(self._text(captures["decorator"][0])[:160])

    def _import(self, start: int, end: int, captures: Captures) -> None:
        self.imports.append(" ".join(self._text(captures["import"][0])[:300].split()))

    def _class(self, start: int, end: int, captures: Captures) -> None:
        bases = " ".join(
            self._text(captures[name][0])[:200]
            for name in ("bases", "interfaces")
            if name in captures
        )
        first, final = self._lines(captures["class"][0])
        name = self._text(captures["name"][0])[:80]
        found = Class(name, bases, first, final, self._taken())
        self.classes.append(found)
        self.holders.append((end, found))

    def _function(self, start: int, end: int, captures: Captures) -> None:
        if (start, end) in self.bodies:
            return
        self.bodies.add((start, end))
        node, name = captures["function"][0], captures["name"][0]
        owner = self._owner()
        if "owner" in captures:
            owner = self._type(self._text(captures["owner"][0]))
        head = self.source[min(start, name.start_byte) : max(start, name.start_byte) + 12]
        first, final = self._lines(node)
        found = Function(self._text(name)[:80], owner, first, final)
        found.is_async = bool(_ASYNC.search(self.source[start : start + 12] + b" " + head))
        if "parameters" in captures:
            found.parameters = self._text(captures["parameters"][0])[:MAX_TEXT]
        if "self" in captures:
            found.types[self._text(captures["self"][0])] = owner
        found.decorators = self._taken()
        self.functions.append(found)
        self.holders.append((end, found))
        self.stack.append(_Frame("function", start, end))

    def _lambda(self, start: int, end: int, captures: Captures) -> None:
        if (start, end) in self.bodies:
            return
        call = self._call_around(start)
        if call is None:
            self.stack.append(_Frame("lambda", start, end))
            return
        name = call.text.rpartition(".")[2]
        if name in self.grammar.each:
            node = captures["lambda"][0]
            parameters = self._parameters(node, captures)
            over = call.text.rpartition(".")[0] or self._first_argument(call)
            self._loop("each", start, end, node, over, parameters, call.text)
            return
        self.stack.append(_Frame("callback", start, end, call.text))

    def _send(self, start: int, end: int, captures: Captures) -> None:
        """``map(&:name)`` and ``map(this::load)``: a call per element without a body."""
        call = self._call_around(start)
        if call is None or call.text.rpartition(".")[2] not in self.grammar.each:
            return
        node, name = captures["send"][0], self._text(captures["name"][0]).lstrip(":")
        over = call.text.rpartition(".")[0]
        receiver = path(self._text(captures["object"][0])) if "object" in captures else "it"
        loop = self._loop("each", start, end, node, over, "it", call.text)
        self._add(
            Call(name, receiver, *self._lines(node), ("it",), (*self._loops(start), loop), ())
        )

    def _put(self, start: int, end: int, captures: Captures) -> None:
        """A value that is sent on a channel."""
        context = _Context(self.stack, start, start)
        channel = path(self._text(captures["callee"][0]))
        lines = self._lines(captures["put"][0])
        later, guard = context.later, context.guard
        self._add(Call("<-", channel, *lines, (), (), (), later=later, guard=guard))

    def _each(self, start: int, end: int, captures: Captures) -> None:
        over = captures["over"][0]
        text = self._text(over)
        if text.startswith("(") and text.endswith(")") and "," not in text:
            text = text[1:-1]
        variable = self._text(captures["variable"][0]) if "variable" in captures else ""
        index = self._loop("each", start, end, captures["each"][0], path(text), variable, "", over)
        if _LITERAL.match(text):
            self.loops[index] = replace(self.loops[index], literal=True)

    def _counted(self, start: int, end: int, captures: Captures) -> None:
        over = path(self._text(captures["over"][0])) if "over" in captures else ""
        self._loop("counted", start, end, captures["counted"][0], over, "", "")

    def _while(self, start: int, end: int, captures: Captures) -> None:
        condition = path(self._text(captures["condition"][0])) if "condition" in captures else ""
        rows = re.fullmatch(r"(\w+)\.Next\(\)", condition)
        kind, node = ("each" if rows else "while"), captures["while"][0]
        self._loop(kind, start, end, node, condition, rows[1] if rows else "", "")

    def _catch(self, start: int, end: int, captures: Captures) -> None:
        self.stack.append(_Frame("catch", start, end))
        for index in self._loops(start)[-1:]:
            loop = self.loops[index]
            self.loops[index] = replace(loop, retries=True)

    def _retry(self, start: int, end: int, captures: Captures) -> None:
        holder = self._function_now()
        holder.calls.append(Call("retry", "", *self._lines(captures["retry"][0]), (), (), ()))

    def _assign(self, start: int, end: int, captures: Captures) -> None:
        right = captures["right"][0]
        left = self._text(captures["left"][0])[:100].strip()
        if right.type in ("arrow_function", "function_expression", "lambda"):
            return
        target = left.split(",")[0].strip() if "," in left else left
        if _STORED.fullmatch(target):
            value = path(self._text(right))
            plain = _SELF.sub("", target).lstrip("$")
            holder = self._holder()
            if isinstance(holder, Class):
                holder.lines[plain] = right.start_point[0] + 1
            elif plain != target or not holder.name:
                owner = self._class_now()
                if owner is not None and plain not in owner.assigned:
                    owner.assigned[plain] = value
            if plain not in holder.assigned or not value.startswith(f"{plain}."):
                holder.assigned[plain] = value
        self._stored(target, start, captures)
        self.stack.append(_Frame("assign", right.start_byte, right.end_byte, target))

    def _stored(self, target: str, start: int, captures: Captures) -> None:
        """An attribute of a loop's element that gets a value: units of work write it later."""
        name, _, attribute = target.partition(".")
        loops = self._loops(start) if attribute else ()
        if loops and name == self.loops[loops[-1]].variable:
            self._add(Call("=", name, *self._lines(captures["assign"][0]), (), loops, ()))

    def _typed(self, start: int, end: int, captures: Captures) -> None:
        name = self._text(captures["name"][0]).lstrip("$")
        kind = self._type(self._text(captures["type"][0]))
        holder = self._holder()
        if kind:
            holder.types.setdefault(name, kind)
            owner = self._class_now()
            builds = isinstance(holder, Function) and (
                holder.name in _CONSTRUCTORS or (owner is not None and holder.name == owner.name)
            )
            if owner is not None and builds:
                owner.types.setdefault(name, kind)

    def _return(self, start: int, end: int, captures: Captures) -> None:
        text = self._text(captures["return"][0])[:100]
        function = self._function_now()
        if len(function.returns) < 20:
            function.returns.append(text.partition(" ")[2].strip().rstrip(";"))
        self.stack.append(_Frame("return", start, end))

    def _with(self, start: int, end: int, captures: Captures) -> None:
        value = captures["value"][0]
        for frame in reversed(self.stack[-MAX_DEPTH:]):
            if frame.kind == "block":
                frame.names.append(path(self._text(value)))
                break
        self.stack.append(_Frame("with", value.start_byte, value.end_byte))

    def _read(self, start: int, end: int, captures: Captures) -> None:
        # Only the longest read of a path: the shorter ones lie within it.
        if self.stack and self.stack[-1].kind == "read" or not self.holders:
            return
        self.stack.append(_Frame("read", start, end))
        text = path(self._text(captures["read"][0]))
        if self.source[end : end + 1] == b"(":  # the name of a call: what it is called on
            text = text.rpartition(".")[0]
        if "." not in text:
            return
        function = self._function_now()
        if len(function.reads) < 2000:
            line = captures["read"][0].start_point[0] + 1
            function.reads.append(Read(text, line, self._loops(start)))

    def _string(self, start: int, end: int, captures: Captures) -> None:
        if end - start < 18 or not _STATEMENT.match(self.source[start : start + 300]):
            return
        function = self._function_now()
        if len(function.statements) < 100:
            text = self.source[start : min(end, start + 4000)].decode("utf-8", "replace")
            function.statements.append(Text(text, captures["string"][0].start_point[0] + 1))

    def _new(self, start: int, end: int, captures: Captures) -> None:
        self._called(start, end, captures, captures["new"][0], True)

    def _call(self, start: int, end: int, captures: Captures) -> None:
        self._called(start, end, captures, captures["call"][0], False)

    def _called(self, start: int, end: int, captures: Captures, node: Node, built: bool) -> None:
        callee = captures["callee"][0]
        begin = max(callee.start_byte if built else start, callee.end_byte - 600)
        dotted = path(self.source[begin : callee.end_byte].decode("utf-8", "replace"))
        if built:
            dotted = dotted.partition("<")[0]
        receiver, _, name = dotted.rpartition(".")
        arguments = self._arguments(captures)
        context = _Context(self.stack, start, callee.end_byte)
        scopes = context.scopes
        call = Call(
            name=name,
            receiver=receiver,
            line=callee.start_point[0] + 1,
            end_line=node.end_point[0] + 1,
            arguments=arguments,
            loops=context.loops,
            scopes=scopes,
            target=context.target,
            awaited=context.awaited,
            constructs=built,
            chained=context.chained,
            returned=context.returned,
            argument_of=context.argument_of,
            guard=context.guard,
            later=context.later or any(self.grammar.later.search(scope) for scope in scopes),
        )
        self._add(call)
        frame = _Frame("call", start, end, dotted, index=callee.end_byte)
        frame.names = list(arguments[:1])
        self.stack.append(frame)

    # Helpers.

    def _add(self, call: Call) -> None:
        holder = self._holder()
        if len(holder.calls) < 5000:
            holder.calls.append(call)

    def _loop(
        self,
        kind: str,
        start: int,
        end: int,
        node: Node,
        over: str,
        variable: str,
        via: str,
        outside: Node | None = None,
    ) -> int:
        first, final = self._lines(node)
        if kind == "each" and variable.isidentifier() and over:
            self._holder().assigned[variable] = f"{over}[]"
        self.loops.append(Loop(kind, first, final, over[:MAX_TEXT], variable[:80], via))
        frame = _Frame("loop", start, end, over, index=len(self.loops) - 1)
        if outside is not None:
            frame.outside = (outside.start_byte, outside.end_byte)
        self.stack.append(frame)
        return frame.index

    def _loops(self, start: int) -> tuple[int, ...]:
        return _Context(self.stack, start, start).loops

    def _call_around(self, start: int) -> _Frame | None:
        """The call that a function literal is given to."""
        for frame in reversed(self.stack[-6:]):
            if frame.kind == "call" and frame.index <= start:
                return frame
            if frame.kind in ("lambda", "callback", "loop", "function", "assign"):
                return None
        return None

    def _first_argument(self, call: _Frame) -> str:
        return path(call.names[0]) if call.names else ""

    def _parameters(self, node: Node, captures: Captures) -> str:
        if "parameters" in captures:
            return self._text(captures["parameters"][0]).strip("|() ")[:80]
        head = self.source[node.start_byte : node.start_byte + 80].decode("utf-8", "replace")
        found = _PARAMETER.match(head)
        return found[1] if found else "it"

    def _arguments(self, captures: Captures) -> tuple[str, ...]:
        if "arguments" not in captures:
            return ()
        node = captures["arguments"][0]
        if node.end_byte - node.start_byte <= 2:
            return ()
        return tuple(
            " ".join(self._text(child)[:MAX_TEXT].split())
            for child in node.named_children[:MAX_ARGUMENTS]
        )

    def _holder(self) -> Function | Class:
        return self.holders[-1][1] if self.holders else self.top

    def _function_now(self) -> Function:
        for _, holder in reversed(self.holders[-MAX_DEPTH:]):
            if isinstance(holder, Function):
                return holder
        return self.top

    def _class_now(self) -> Class | None:
        for _, holder in reversed(self.holders[-MAX_DEPTH:]):
            if isinstance(holder, Class):
                return holder
        return None

    def _owner(self) -> str:
        owner = self._class_now()
        return owner.name if owner else ""

    def _taken(self) -> tuple[str, ...]:
        taken, self.decorators = tuple(self.decorators[-12:]), []
        return taken

    def _text(self, node: Node) -> str:
        end = min(node.end_byte, node.start_byte + 2000)
        return self.source[node.start_byte : end].decode("utf-8", "replace")

    @staticmethod
    def _lines(node: Node) -> tuple[int, int]:
        return node.start_point[0] + 1, node.end_point[0] + 1

    @staticmethod
    def _type(text: str) -> str:
        """The last name in a type that is no wrapper: ``Promise<Order>``, ``*sql.DB``."""
        names = [n for n in _TYPE.findall(text.partition("|")[0]) if n not in _WRAPPERS]
        return names[-1] if names and "<" not in text else names[0] if names else ""


class _Context:
    """What the open constructs say of a place."""

    __slots__ = (
        "argument_of",
        "awaited",
        "chained",
        "guard",
        "later",
        "loops",
        "returned",
        "scopes",
        "target",
    )

    def __init__(self, stack: list[_Frame], start: int, end: int) -> None:
        loops: list[int] = []
        scopes: list[str] = []
        self.target = self.argument_of = self.guard = ""
        self.awaited = self.chained = self.returned = self.later = False
        direct = True  # nothing but marks between the call and the frame
        for frame in reversed(stack[-MAX_DEPTH:]):
            kind = frame.kind
            if kind == "function":
                break
            if kind == "call":
                if direct and end <= frame.index:
                    self.chained = True
                elif direct and not self.argument_of:
                    self.argument_of = frame.text
                direct = False
            elif kind == "loop":
                if not frame.outside[0] <= start < frame.outside[1]:
                    loops.append(frame.index)
                direct = False
            elif kind in ("lambda", "callback"):
                direct = False
                if kind == "callback":
                    scopes.append(frame.text)
            elif kind == "await":
                self.awaited = self.awaited or direct or self.chained
            elif kind == "assign":
                if direct or self.chained:
                    self.target = self.target or frame.text
                direct = False
            elif kind == "return":
                self.returned = self.returned or direct
            elif kind in ("with", "finally", "catch", "select"):
                self.guard = self.guard or kind
            elif kind == "block":
                scopes.extend(frame.names)
            elif kind == "lock":
                scopes.append("synchronized")
            elif kind in ("spawn", "closure"):
                self.later = True
        self.loops, self.scopes = tuple(reversed(loops)), tuple(scopes)
