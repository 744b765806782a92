"""The code blocks of the pages, run as a reader would run them."""

from __future__ import annotations

from typing import Any

from tests.knowledge.tables import section_text


def block(place: str, containing: str) -> str:
    """Return the code block below ``file#anchor`` that contains a text; there is exactly one."""
    parts = section_text(place).split("```")[1::2]
    found = [part.partition("\n")[2] for part in parts if containing in part]
    assert len(found) == 1, f"{place}: {len(found)} blocks contain {containing!r}"
    return found[0]


def run(place: str, containing: str, scope: dict[str, Any] | None = None) -> dict[str, Any]:
    """Run a Python block, in the scope of an earlier one if given; return what it defines."""
    scope = {} if scope is None else scope
    exec(compile(block(place, containing), place, "exec"), scope)
    return scope
