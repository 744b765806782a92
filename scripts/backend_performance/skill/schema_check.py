"""The few keywords of JSON Schema that the frontmatter's schema uses, without a library.

Importing ``jsonschema`` costs as much as checking fifty skills. A test compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_TYPES: dict[str, type] = {"string": str, "object": dict, "array": list}


class Violation(NamedTuple):
    """``keyword`` of the schema is not met by ``value`` at ``path``; ``limit`` is its argument."""

    path: tuple[str, ...]
    keyword: str
    limit: Any
    value: Any


def violations(
    schema: dict[str, Any], value: Any, path: tuple[str, ...] = ()
) -> Iterator[Violation]:
    """Yield what ``value`` does not meet; a wrong type hides everything below it."""
    wanted = schema.get("type")
    if wanted and not isinstance(value, _TYPES[wanted]):
        yield Violation(path, "type", wanted, value)
        return
    if isinstance(value, str):
        yield from _text(schema, value, path)
    if isinstance(value, dict):
        yield from _mapping(schema, value, path)


def _text(schema: dict[str, Any], value: str, path: tuple[str, ...]) -> Iterator[Violation]:
    if len(value) < schema.get("minLength", 0):
        yield Violation(path, "minLength", schema["minLength"], value)
    if len(value) > schema.get("maxLength", len(value)):
        yield Violation(path, "maxLength", schema["maxLength"], value)
    if value and "pattern" in schema and not re.search(schema["pattern"], value):
        yield Violation(path, "pattern", schema["pattern"], value)


def _mapping(
    schema: dict[str, Any], value: dict[Any, Any], path: tuple[str, ...]
) -> Iterator[Violation]:
    for name in schema.get("required", ()):
        if name not in value:
            yield Violation(path, "required", name, value)
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, below in value.items():
        where = (*path, str(name))
        if name in known:
            yield from violations(known[name], below, where)
        elif others is False:
            yield Violation(where, "additionalProperties", False, below)
        elif isinstance(others, dict):
            yield from violations(others, below, where)
