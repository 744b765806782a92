"""Loops, and functions that a call runs for each element."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...facts import MAX_TEXT, Call, Loop
from ...words import pattern
from ..paths import path
from ..reading import Captures, Reading, lines
from .values import is_listed

if TYPE_CHECKING:
    from tree_sitter import Node

#: A literal collection.
_LITERAL = re.compile(r"[\[({]\s*(['\"\d:\[\](){}]|$)|%[wi]|\d+\.\.")
#: A loop whose condition asks for the next of some rows or elements.
_ROWS = re.compile(r"!?([\w.$]+)\.(?:Next|next|hasNext|hasMoreElements|MoveNext|hasMoreTokens)\(\)")
#: What shows that there are many, once steps are removed that do not change their number.
_MANY = pattern("many")
_STEPS = re.compile(
    r"(\.(map|filter|flatMap|peek|sorted|distinct|limit|skip|or|switchIfEmpty|parallel|boxed"
    r"|cast|thenReturn|publishOn|subscribeOn|runOn|(do)?[oO]n\w+)\(\))+$"
)
_PARAMETER = re.compile(r"\s*(?:async\b|function\b|\{)?\s*[(|]?\s*([\w$]+(?:\s*,\s*[\w$]+)*)")


def _loop(kind: str, node: Node, over: str, variable: str = "", via: str = "") -> Loop:
    return Loop(kind, *lines(node), over[:MAX_TEXT], variable[:80], via)


def each(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A loop over a collection."""
    over = captures["over"][0]
    text = reading.text(over)
    if text.startswith("(") and text.endswith(")") and "," not in text:
        text = text[1:-1]
    variable = reading.text(captures["variable"][0]) if "variable" in captures else ""
    node = captures["each"][0]
    found = _loop("each", node, path(text), variable, _comprehends(reading, node))
    literal = bool(_LITERAL.match(text)) or is_listed(over)
    reading.loop(found._replace(literal=literal), start, end, over)


def _comprehends(reading: Reading, node: Node) -> str:
    """What a comprehension of Python does with its elements: ``filter``, ``map``, ``any``."""
    if not node.type.endswith("comprehension") and node.type != "generator_expression":
        return ""
    call = reading.call_around(node.start_byte) if node.type == "generator_expression" else None
    if call is not None and call.text in ("any", "all", "next"):
        return call.text
    if any(child.type == "if_clause" for child in node.named_children):
        return "filter"
    body = node.child_by_field_name("body")
    return "map" if body is not None and body.type == "attribute" else ""


def counted(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A loop over an index."""
    found = _loop("counted", captures["counted"][0], reading.path(captures, "over"))
    reading.loop(found, start, end)


def conditional(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A loop with a condition; over rows when it is ``rows.Next()``."""
    condition = reading.path(captures, "condition")
    rows = _ROWS.fullmatch(condition)
    kind, variable = ("each", rows[1]) if rows else ("while", "")
    reading.loop(_loop(kind, captures["while"][0], condition, variable), start, end)


def caught(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """An error that is caught: the loop around it tries again."""
    reading.open("catch", start, end)
    for index in reading.loops_around(start)[-1:]:
        reading.loops[index] = reading.loops[index]._replace(retries=True)


def branched(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A branch: its body runs only when the condition holds."""
    frame = reading.open("if", start, end, reading.text(captures["condition"][0])[:MAX_TEXT])
    otherwise = captures["if"][0].child_by_field_name("alternative")
    if otherwise is not None:
        frame.outside = (otherwise.start_byte, end)


def broken(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A ``break`` in a branch: the loop looks for one element."""
    for index in reading.loops_around(start)[-1:]:
        reading.loops[index] = reading.loops[index]._replace(stops=True)


def retry(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """Ruby's ``retry``."""
    place = lines(captures["retry"][0])
    reading.function().calls.append(Call("retry", "", *place, (), (), ()))


def function_literal(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """A function without a name: run per element, or given to some other call."""
    if (start, end) in reading.bodies:
        return
    call = reading.call_around(start)
    if call is None:
        reading.open("lambda", start, end)
    elif _for_each(reading, call.text):
        node = captures["lambda"][0]
        over = call.text.rpartition(".")[0] or (path(call.names[0]) if call.names else "")
        variable = _parameters(reading, node, captures)
        index = reading.loop(_loop("each", node, over, variable, call.text), start, end)
        body = node.child_by_field_name("body")
        if body is not None and body.type == "member_expression":
            column = body.child_by_field_name("property")
            if column is not None:
                around = (*reading.loops_around(start), index)
                name = reading.text(column)[:60]
                reading.add(Call(name, "it", *lines(body), ("it",), around, ()))
    else:
        frame = reading.open("callback", start, end, call.text)
        frame.later = bool(reading.grammar.later.search(call.text))


def _for_each(reading: Reading, dotted: str) -> bool:
    """Whether a call runs a function for each of many: ``map`` of Java may be that of one."""
    over, _, name = dotted.rpartition(".")
    if name not in reading.grammar.each:
        return False
    return name not in reading.grammar.maybe or bool(_MANY.search(_STEPS.sub("", over)))


def per_element(reading: Reading, start: int, end: int, captures: Captures) -> None:
    """``map(&:name)`` and ``map(this::load)``: a call per element without a body."""
    call = reading.call_around(start)
    if call is None or not _for_each(reading, call.text):
        return
    node, name = captures["send"][0], reading.text(captures["name"][0]).lstrip(":")
    receiver = reading.path(captures, "object") if "object" in captures else "it"
    over = call.text.rpartition(".")[0]
    loop = reading.loop(_loop("each", node, over, "it", call.text), start, end)
    around = (*reading.loops_around(start), loop)
    reading.add(Call(name, receiver, *lines(node), ("it",), around, ()))


def _parameters(reading: Reading, node: Node, captures: Captures) -> str:
    if "parameters" in captures:
        return reading.text(captures["parameters"][0]).strip("|() ")[:80]
    head = reading.source[node.start_byte : node.start_byte + 80].decode("utf-8", "replace")
    found = None if node.type == "lambda_literal" else _PARAMETER.match(head)
    return found[1] if found else "it"
