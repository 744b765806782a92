"""The language of verdict rules and derived columns: a small part of Python's, read with `ast`.

``child_rows >= 10000 and (cover == 'none' or cover is None)``, ``100 * delta(hits) / requests``.

Logic has three values, as in SQL: a comparison with a missing value is neither true nor false. Its
result is ``None``, which must not be read as "no". Arithmetic with a missing value, or a division
by zero, has no value either; it never reads as 0.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_NONE_TESTS = (ast.Is, ast.IsNot)


class ExpressionError(ValueError):
    """An expression that cannot be read, or that does not fit the row it is asked about."""


def parse(text: str) -> ast.expr:
    """Return the tree of an expression.

    Raises:
        ExpressionError: it is not written in this language.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        raise ExpressionError(f"cannot read {text!r}") from None
    _check(tree, text)
    return tree


def condition(text: str) -> ast.expr:
    """Return the tree of an expression that is true, false or undecided for a row.

    Raises:
        ExpressionError: it is not written in this language, or it is a value.
    """
    tree = parse(text)
    _check_truth(tree, text)
    return tree


def _check(node: ast.expr, text: str) -> None:
    inside: Sequence[ast.expr] = ()
    match node:
        case ast.Constant(value=None | bool() | int() | float() | str()) | ast.Name():
            pass
        case ast.Attribute(value=ast.Name()):
            pass
        case ast.Call(func=ast.Name(id="delta"), args=[operand], keywords=[]):
            inside = [operand]
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            inside = [operand]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            inside = [left, right]
        case ast.BoolOp(values=values):
            inside = values
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            inside = [left, right]
        case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(None)]):
            inside = [left]
        case _:
            raise ExpressionError(f"{ast.unparse(node)!r} is not allowed in {text!r}")
    for part in inside:
        _check(part, text)


def _check_truth(node: ast.expr, text: str) -> None:
    match node:
        case ast.Compare() | ast.Name():
            return
        case ast.BoolOp(values=parts):
            pass
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            parts = [operand]
        case _:
            raise ExpressionError(f"{ast.unparse(node)!r} is a value, not a condition, in {text!r}")
    for part in parts:
        _check_truth(part, text)


def columns(tree: ast.expr) -> frozenset[str]:
    """Return the names of the columns an expression reads."""
    return frozenset(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id != "delta"
    )


def compares_samples(tree: ast.expr) -> bool:
    """Return whether the expression needs two samples."""
    return any(isinstance(node, ast.Call) for node in ast.walk(tree))


def holds(tree: ast.expr, row: Mapping[str, Any]) -> bool | None:
    """Return whether a condition holds for the row; ``None`` when a missing value decides.

    Raises:
        ExpressionError: a column is missing, or two values cannot be compared.
    """
    return _truth(evaluate(tree, row))


def evaluate(
    node: ast.expr, row: Mapping[str, Any], earlier: Mapping[str, Any] | None = None
) -> Any:
    """Return the value of an expression for the row.

    Args:
        row: Values by column; ``name.part`` reads the column of that whole name.
        earlier: The same row one window ago, which ``delta`` compares with.

    Raises:
        ExpressionError: a column is missing, or two values cannot be compared.
    """

    def value(part: ast.expr) -> Any:
        return evaluate(part, row, earlier)

    match node:
        case ast.Constant(value=constant):
            return constant
        case ast.Name(id=name):
            return _column(row, name)
        case ast.Attribute(value=ast.Name(id=name), attr=part):
            return _column(row, f"{name}.{part}")
        case ast.Call(args=[counter]):
            return _delta(counter, row, earlier)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            truth = _truth(value(operand))
            return None if truth is None else not truth
        case ast.UnaryOp(operand=operand):
            return _calculated(operator.sub, 0, value(operand))
        case ast.BinOp(left=left, op=op, right=right):
            return _calculated(_ARITHMETIC[type(op)], value(left), value(right))
        case ast.BoolOp(op=junction, values=values):
            return _joined(isinstance(junction, ast.Or), (_truth(value(part)) for part in values))
        case ast.Compare(left=left, ops=[test], comparators=[right]):
            if isinstance(test, _NONE_TESTS):
                return (value(left) is None) is isinstance(test, ast.Is)
            return _compared(test, value(left), value(right))
    raise ExpressionError(f"{ast.unparse(node)!r} has no value")


def _column(row: Mapping[str, Any], name: str) -> Any:
    try:
        value = row[name]
    except KeyError:
        raise ExpressionError(f"the rows have no column {name!r}") from None
    if isinstance(value, Decimal):
        value = float(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _truth(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if value in (0, 1):  # a database without a Boolean type
        return bool(value)
    raise ExpressionError(f"a condition is neither true nor false but a {type(value).__name__}")


def _joined(decisive: bool, values: Iterable[bool | None]) -> bool | None:
    """Join with ``or`` (``decisive`` is true) or ``and`` (false), up to the first that decides."""
    undecided = False
    for value in values:
        if value is decisive:
            return decisive
        undecided = undecided or value is None
    return None if undecided else not decisive


def _compared(test: ast.cmpop, left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return None
    if isinstance(left, str) is not isinstance(right, str):
        raise ExpressionError("text cannot be compared with a number")
    try:
        return bool(_COMPARISONS[type(test)](left, right))
    except TypeError:
        kinds = f"{type(left).__name__} with {type(right).__name__}"
        raise ExpressionError(f"cannot compare {kinds}") from None


def _calculated(operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return None
    try:
        return operation(left, right)
    except (ZeroDivisionError, OverflowError):
        return None


def _delta(
    counter: ast.expr, row: Mapping[str, Any], earlier: Mapping[str, Any] | None
) -> int | float | None:
    """Return how far a counter rose; one that went backwards was reset in between."""
    if earlier is None:
        return None
    risen = _calculated(operator.sub, evaluate(counter, row), evaluate(counter, earlier))
    return risen if risen is not None and risen >= 0 else None
