"""The fields of the frontmatter, from the Agent Skills specification.

https://agentskills.io/specification, read 2026-11.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Field:
    """A field whose value is a text. ``limit`` is in characters; 0 for none."""

    limit: int = 0
    is_required: bool = False
    may_be_empty: bool = False


#: The fields that are texts. The only other one is ``metadata``, a mapping of names to texts.
TEXTS = {
    "name": Field(limit=64, is_required=True),
    "description": Field(limit=1024, is_required=True),
    "license": Field(),
    "compatibility": Field(limit=500),
    "allowed-tools": Field(may_be_empty=True),
}
METADATA = "metadata"
NAMES = tuple(sorted({*TEXTS, METADATA}))


def is_well_formed_name(name: str) -> bool:
    """Return whether ``name`` has the form and length that the specification asks for."""
    return len(name) <= TEXTS["name"].limit and bool(_NAME.fullmatch(name))


def kind_of(value: object) -> str:
    """Return what a value of the frontmatter is, as a message names it."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "a yes/no value"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, str):
        return "a text"
    return "a date" if hasattr(value, "isoformat") else "something else"
