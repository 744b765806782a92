"""Columns computed from the fields of INFO, by expressions that stand in the probe files.

``100 * delta(keyspace_hits) / (delta(keyspace_hits) + delta(keyspace_misses))``. A field that the
server does not tell, or a division by zero, is no value; it never reads as nought.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..probe import ProbeError

Value = int | float | str | None
_OPERATORS: dict[type, Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
#: Parts of one field of these sections, such as `cmdstat_keys:calls=3,usec=40`.
_COUNTED = {"cmdstat_": "commandstats"}


@dataclass(frozen=True)
class Info:
    """The fields of one INFO reply, and the sections it had."""

    fields: Mapping[str, Value] = field(default_factory=dict)
    sections: frozenset[str] = frozenset()

    def get(self, name: str) -> Value:
        return self.fields.get(name)

    def part(self, name: str, part: str) -> Value:
        """Return one part of a field; a command that was never called has none, which is 0."""
        text = self.fields.get(name)
        if isinstance(text, str):
            return _number(dict(p.partition("=")[::2] for p in text.split(",")).get(part))
        section = next((s for start, s in _COUNTED.items() if name.startswith(start)), None)
        return 0 if section in self.sections else None


def parse_info(text: str) -> Info:
    """Return the fields of an INFO reply."""
    fields: dict[str, Value] = {}
    sections = set()
    for line in text.splitlines():
        if line.startswith("#"):
            sections.add(line[1:].strip().lower())
        elif ":" in line:
            name, _, value = line.partition(":")
            fields[name] = _number(value)
    return Info(fields, frozenset(sections))


def _number(text: str | None) -> Value:
    for kind in (int, float):
        try:
            return kind(text)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            continue
    return text


def compute(expression: str, before: Info, after: Info, facts: Mapping[str, Value]) -> Value:
    """Return the value of an expression; ``facts`` are names besides the fields of INFO.

    Raises:
        ProbeError: it is no expression of fields, numbers, + - * / and delta().
    """
    value = _value(_tree(expression), before, after, facts)
    return round(value, 3) if isinstance(value, float) else value


def needs_window(expression: str) -> bool:
    """Return whether the expression compares two samples."""
    return any(isinstance(node, ast.Call) for node in ast.walk(_tree(expression)))


def _tree(expression: str) -> ast.expr:
    try:
        return ast.parse(expression, mode="eval").body
    except SyntaxError:
        raise ProbeError(f"cannot read the column {expression!r}") from None


def _value(node: ast.expr, before: Info, after: Info, facts: Mapping[str, Value]) -> Value:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    if isinstance(node, ast.Name):
        return facts[node.id] if node.id in facts else after.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return after.part(node.value.id, node.attr)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left = _value(node.left, before, after, facts)
        right = _value(node.right, before, after, facts)
        return _operate(_OPERATORS[type(node.op)], left, right)
    if isinstance(node, ast.Call) and _is_delta(node):
        if before is after:
            return None
        now = _value(node.args[0], before, after, facts)
        then = _value(node.args[0], before, before, facts)  # no delta inside a delta
        difference = _operate(operator.sub, now, then)
        # A counter that went backwards was reset in between.
        return difference if isinstance(difference, int | float) and difference >= 0 else None
    raise ProbeError(f"a column may not contain {ast.unparse(node)!r}")


def _is_delta(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "delta" and len(node.args) == 1


def _operate(operation: Any, left: Value, right: Value) -> Value:
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return None
    if operation is operator.truediv and right == 0:
        return None
    return operation(left, right)
