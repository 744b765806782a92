"""Assignments, results, managed blocks, attributes that are read, statements in strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...facts import LISTED, Call, Class, Read, Text
from ..frames import MAX_DEPTH
from ..paths import path
from ..reading import Captures, Reading, lines

if TYPE_CHECKING:
    from tree_sitter import Node

_STATEMENT = re.compile(
    rb"^[\w$@]{0,2}[\"'`]{1,3}\s*(?>--[^\n]*\n\s*|/\*.*?\*/\s*)*+"
    rb"(select|insert\s+into|update|delete\s+from|with\s|create\s|alter\s|drop\s)\b|"
    rb"^\s+(select|insert\s+into|update|delete\s+from|with|create\s|alter\s|drop\s)\b",
    re.I | re.S,
)
_SELF = re.compile(r"^(?:self|this|\$this|cls)(?:\.|->)|^@{1,2}")
_STORED = re.compile(r"[\w.@$\[\]>:\"'-]{1,80}")
#: What is written as a literal, in any of the grammars.
_LITERALS = frozenset(("dictionary", "object", "hash", "list", "tuple", "array"))
_STRINGS = frozenset(("string", "string_literal", "encapsed_string", "template_string"))
#: A collection that is written out, in any of the grammars, and where its elements stand.
_COLLECTION = re.compile(
    r"list|tuple|set|dictionary|array|object|hash|\w*array_creation_expression|array_initializer"
    r"|composite_literal|string_array|symbol_array|collection_literal"
)
_ELEMENTS = ("literal_value", "array_initializer", "initializer_expression")
_OF_MANY = ("slice_type", "array_type", "map_type", "implicit_length_array_type")
#: A string with values in it.
_FILLED = re.compile(r"(?s)f[\"'].*\{|`.*\$\{")
_AS = re.compile(r"\s+as\s+\w+$")
#: The beginning of a block of Python whose start and end are waited for.
_ASYNC = re.compile(rb"\basync\s+with\s[^:]*$")
_STORES = re.compile(rb"\s*=(?![=~>])")
#: Names whose texts are kept: what is called a key, and the order of the migrations of Alembic.
_KEY = re.compile(r"(?i)key|^(?:down_)?revision$")
_FUNCTIONS = frozenset(("arrow_function", "function_expression", "lambda"))
_MAX_RETURNS, _MAX_READS, _MAX_STATEMENTS = 20, 2000, 100
_MAX_TEXTS, _MAX_LITERAL = 200, 800


def assigned(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """The value that a name or an attribute gets."""
    right = captures["right"][0]
    if right.type in _FUNCTIONS:
        return
    target = reading.text(captures["left"][0])[:100].strip()
    if not target.startswith(("{", "[")):  # all names of a destructuring pattern count
        target = target.split(",")[0].strip()
    holder = reading.holder()
    fixed = right.type in _LITERALS or (
        right.type in _STRINGS and (isinstance(holder, Class) or _FILLED.match(reading.text(right)))
    )
    if (fixed or _KEY.search(target)) and len(holder.texts) < _MAX_TEXTS:
        text = Text(reading.text(right)[:_MAX_LITERAL], right.start_point[0] + 1)
        holder.texts[_SELF.sub("", target).lstrip("$")] = text
    if _STORED.fullmatch(target):
        value = LISTED if is_listed(right) else path(reading.text(right))
        _store(reading, target, value, right.start_point[0] + 1)
    _element_stored(reading, target, start, captures)
    reading.open("assign", right.start_byte, right.end_byte, target)


def is_listed(node: Node) -> bool:
    """Whether a value is a collection whose elements are all written out."""
    if node.type == "expression_list" and node.named_child_count == 1:
        node = node.named_children[0]
    if not _COLLECTION.fullmatch(node.type):
        return False
    kind = node.child_by_field_name("type")
    if node.type == "composite_literal" and (kind is None or kind.type not in _OF_MANY):
        return False
    if node.named_children and node.named_children[-1].type in _ELEMENTS:
        node = node.named_children[-1]
    return node.named_child_count > 0 and not any(map(_is_spread, node.named_children))


def _is_spread(node: Node) -> bool:
    """Whether an element stands for those of another collection: ``*rows``, ``...rows``."""
    text = node.text or b""
    return "spread" in node.type or "splat" in node.type or text.startswith(b"...")


def _store(reading: Reading, target: str, value: str, line: int) -> None:
    plain = _SELF.sub("", target).lstrip("$")
    holder = reading.holder()
    if isinstance(holder, Class):
        holder.lines[plain] = line
    elif plain != target or not holder.name:
        owner = reading.owner()
        if owner is not None and plain not in owner.assigned:
            owner.assigned[plain] = value
    if plain not in holder.assigned or not value.startswith(f"{plain}."):
        reading.give(plain, value, line)  # else it is only narrowed: ``query = query.filter()``


def _element_stored(reading: Reading, target: str, start: int, captures: Captures) -> None:
    """An attribute of a loop's element that gets a value: units of work write it later."""
    name, _, attribute = target.partition(".")
    loops = reading.loops_around(start) if attribute else ()
    if loops and name == reading.loops[loops[-1]].variable:
        reading.add(Call("=", name, *lines(captures["assign"][0]), (), loops, ()))


def returned(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """What a function gives back."""
    thrown(reading, start, end, captures)
    function = reading.function()
    if len(function.returns) < _MAX_RETURNS:
        text = reading.text(captures["return"][0])[:100]
        function.returns.append(text.partition(" ")[2].strip().rstrip(";"))
    reading.open("return", start, end)


def thrown(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """Where a function ends before its last line."""
    function = reading.function()
    if len(function.exits) < _MAX_RETURNS:
        around = reading.context(start, start)
        if not around.later and not any(s.startswith("lambda") for s in around.scopes):
            node = captures.get("return") or captures["exit"]
            function.exits.append((node[0].start_point[0] + 1, around.condition))


def managed(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """What a block (``with``, ``using``, ``try ( )``) holds while it runs."""
    value = captures["value"][0]
    if _ASYNC.search(reading.source[max(0, value.start_byte - _MAX_LITERAL) : value.start_byte]):
        reading.open("await", value.start_byte, value.end_byte)
    for frame in reversed(reading.stack[-MAX_DEPTH:]):
        if frame.kind == "block":
            frame.names += (path(_AS.sub("", reading.text(value))),)
            break
    reading.open("with", value.start_byte, value.end_byte)


def read(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """An attribute: only the longest read of a path, as the shorter ones lie within it."""
    if (reading.stack and reading.stack[-1].kind == "read") or not reading.holders:
        return
    reading.open("read", start, end)
    text = reading.path(captures, "read")
    if _STORES.match(reading.source, end):  # a name that gets a value is not read
        text = text.rpartition(".")[0]
    if reading.source[end : end + 1] == b"(":  # the name of a call: what it is called on
        text = text.rpartition(".")[0]
    if "." not in text:
        return
    function = reading.function()
    if len(function.reads) < _MAX_READS:
        line = captures["read"][0].start_point[0] + 1
        function.reads.append(Read(text, line, reading.loops_around(start)))


def string(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A string that is a statement."""
    if end - start < 18 or not _STATEMENT.match(reading.source[start : start + 300]):
        return
    function = reading.function()
    if len(function.statements) < _MAX_STATEMENTS:
        text = reading.source[start : min(end, start + 4000)].decode("utf-8", "replace")
        function.statements.append(Text(text, captures["string"][0].start_point[0] + 1))


def pattern(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A regular expression."""
    function = reading.function()
    if len(function.patterns) < _MAX_STATEMENTS:
        node = captures["pattern"][0]
        function.patterns.append(Text(reading.text(node)[:_MAX_LITERAL], node.start_point[0] + 1))
