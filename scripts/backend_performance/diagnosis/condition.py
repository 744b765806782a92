"""The small language of verdict rules: comparisons of columns, in three-valued logic.

``child_rows >= 10000 and (cover = 'none' or cover is null)``. As in SQL a comparison with NULL is
neither true nor false. Its result here is ``None``, and who asks must not take it for "no".
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<op><=|>=|<>|!=|=|<|>)|(?P<paren>[()])|(?P<number>-?\d+(?:\.\d+)?)"
    r"|'(?P<string>[^']*)'|(?P<word>[A-Za-z_][A-Za-z0-9_]*))"
)
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_KEYWORDS = {"and", "or", "is", "not", "null", "true", "false"}


class ConditionError(ValueError):
    """A rule that cannot be read, or that does not fit the row it is asked about."""


@dataclass(frozen=True)
class Column:
    name: str


@dataclass(frozen=True)
class Comparison:
    left: Any
    op: str
    right: Any


@dataclass(frozen=True)
class NullTest:
    operand: Any
    negated: bool


@dataclass(frozen=True)
class Junction:
    word: str
    parts: tuple[Any, ...]


def parse(text: str) -> Any:
    """Return the tree of a condition.

    Raises:
        ConditionError: the text is no condition.
    """
    tokens = _tokens(text)
    tree, rest = _junction(tokens, text, "or")
    if rest:
        raise ConditionError(f"nothing may follow at {rest[0][1]!r} in {text!r}")
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, position, stop = [], 0, len(text.rstrip())
    while position < stop:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise ConditionError(f"cannot read {text[position:]!r} in {text!r}")
        kind, value = match.lastgroup, match[match.lastgroup]
        if kind == "word" and value.lower() in _KEYWORDS:
            kind, value = "keyword", value.lower()
        tokens.append((kind, value))
        position = match.end()
    return tokens


def _junction(tokens: list, text: str, word: str) -> tuple[Any, list]:
    """Read parts joined with ``word``; ``and`` binds closer than ``or``."""
    parts = []
    while True:
        if word == "or":
            part, tokens = _junction(tokens, text, "and")
        else:
            part, tokens = _term(tokens, text)
        parts.append(part)
        if not tokens or tokens[0] != ("keyword", word):
            return (parts[0] if len(parts) == 1 else Junction(word, tuple(parts))), tokens
        tokens = tokens[1:]


def _term(tokens: list, text: str) -> tuple[Any, list]:
    if tokens and tokens[0] == ("paren", "("):
        tree, tokens = _junction(tokens[1:], text, "or")
        if not tokens or tokens[0] != ("paren", ")"):
            raise ConditionError(f"a parenthesis is left open in {text!r}")
        return tree, tokens[1:]
    left, tokens = _operand(tokens, text)
    if tokens and tokens[0] == ("keyword", "is"):
        tokens = tokens[1:]
        negated = bool(tokens) and tokens[0] == ("keyword", "not")
        tokens = tokens[1:] if negated else tokens
        if not tokens or tokens[0] != ("keyword", "null"):
            raise ConditionError(f"only `is null` and `is not null` may follow `is` in {text!r}")
        return NullTest(left, negated), tokens[1:]
    if not tokens or tokens[0][0] != "op":
        raise ConditionError(f"a comparison is missing after {left!r} in {text!r}")
    op = tokens[0][1]
    right, tokens = _operand(tokens[1:], text)
    return Comparison(left, op, right), tokens


def _operand(tokens: list, text: str) -> tuple[Any, list]:
    if not tokens:
        raise ConditionError(f"{text!r} ends too early")
    kind, value = tokens[0]
    if kind == "word":
        return Column(value), tokens[1:]
    if kind == "number":
        return (float(value) if "." in value else int(value)), tokens[1:]
    if kind == "string":
        return value, tokens[1:]
    if kind == "keyword" and value in ("true", "false"):
        return value == "true", tokens[1:]
    raise ConditionError(f"a column or a value is missing at {value!r} in {text!r}")


def evaluate(tree: Any, row: Mapping[str, Any]) -> bool | None:
    """Return whether the condition holds for the row; None when a NULL decides.

    Raises:
        ConditionError: a column is missing, or two values cannot be compared.
    """
    if isinstance(tree, Junction):
        return _junction_value(tree.word, [evaluate(part, row) for part in tree.parts])
    if isinstance(tree, NullTest):
        return (_value(tree.operand, row) is None) is not tree.negated
    left, right = _value(tree.left, row), _value(tree.right, row)
    if left is None or right is None:
        return None
    if isinstance(left, str) is not isinstance(right, str):
        raise ConditionError(f"cannot compare {tree.left!r} with {tree.right!r}")
    return bool(_OPERATORS[tree.op](left, right))


def _junction_value(word: str, values: list[bool | None]) -> bool | None:
    decisive = word == "or"
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def _value(operand: Any, row: Mapping[str, Any]) -> Any:
    if not isinstance(operand, Column):
        return operand
    if operand.name not in row:
        raise ConditionError(f"the rows have no column {operand.name!r}")
    return row[operand.name]


def columns(tree: Any) -> frozenset[str]:
    """Return the names of the columns a condition reads."""
    if isinstance(tree, Column):
        return frozenset({tree.name})
    if isinstance(tree, Junction):
        return frozenset().union(*map(columns, tree.parts))
    if isinstance(tree, NullTest):
        return columns(tree.operand)
    if isinstance(tree, Comparison):
        return columns(tree.left) | columns(tree.right)
    return frozenset()
