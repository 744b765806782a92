"""The form of ``name``: clients use it as identifier, folder name and part of paths.

The schema's pattern is the specification's; a name beyond its limits has findings of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ... import schemas
from ..diagnostic import Diagnostic, error, note, warning
from ..inspection import Inspection

CODES = {
    "frontmatter-name-format": (
        "A name has 1 to 64 lower-case letters, digits and single hyphens. Clients use it as an "
        "identifier and folder name."
    ),
    "frontmatter-name-reserved": (
        "Anthropic's clients refuse uploaded skills whose name holds `anthropic` or `claude`. "
        "Other clients do not mind; rename the skill if it is to be uploaded there."
    ),
}

#: "Skill authoring best practices" of the Claude documentation, read 2026-11.
_RESERVED = re.compile(r"anthropic|claude", re.IGNORECASE)


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    return dict(schemas.load("frontmatter")["properties"]["name"])


def is_well_formed(name: str) -> bool:
    """Return whether ``name`` has the form and length that the specification asks for."""
    rule = _schema()
    pattern = str(rule["pattern"]).removesuffix("$")
    return len(name) <= rule["maxLength"] and bool(re.fullmatch(pattern, name))


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield at most one finding."""
    page = inspection.skill.entry_document
    name = page.frontmatter.text("name")
    if not name or not name.strip():
        return
    line, column = page.frontmatter.position(("name",))
    length = len("name")
    if is_well_formed(name) or len(name) > _schema()["maxLength"]:
        if _RESERVED.search(name):
            yield note(
                "frontmatter-name-reserved",
                page.path,
                line,
                f"`name` is {name[:80]!r}, which holds a word that Anthropic reserves",
                "choose another name if the skill is to be uploaded to Claude",
                column,
                length,
            )
        return
    parts = name.split("-")
    # The reference implementation accepts lower-case letters of any script.
    is_foreign = all(part and part.isalnum() and part == part.lower() for part in parts)
    report = warning if is_foreign else error
    yield report(
        "frontmatter-name-format",
        page.path,
        line,
        f"`name` is {name[:80]!r}",
        "use a to z, digits and single hyphens, with no hyphen at the start or end",
        column,
        length,
    )
