"""The form of ``name``: clients use it as identifier, folder name and part of paths.

A name beyond its limits has findings of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...diagnostic import Diagnostic, error, note, warning
from ...inspection import Inspection
from ...links import paths
from ...specification import TEXTS, is_well_formed_name

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


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield at most one finding."""
    page = inspection.skill.entry_document
    name = page.frontmatter.text("name")
    if not name or not name.strip():
        return
    line, column = page.frontmatter.position(("name",))
    length = len("name")
    if is_well_formed_name(name) or len(name) > TEXTS["name"].limit:
        if _RESERVED.search(name):
            yield note(
                "frontmatter-name-reserved",
                page.path,
                line,
                f"`name` is {name[:80]!r}, which holds a word that Anthropic reserves",
                "choose another name if the skill is to be uploaded to Claude",
                column=column,
                length=length,
            )
        return
    parts = name.split("-")
    # The reference implementation accepts lower-case letters of any script.
    is_foreign = all(part and part.isalnum() and part == part.lower() for part in parts)
    is_template = paths.is_material(f"{inspection.skill.root.name}/{page.path}")
    is_free = is_template or inspection.skill.is_part
    report = note if is_free else warning if is_foreign else error
    yield report(
        "frontmatter-name-format",
        page.path,
        line,
        f"`name` is {name[:80]!r}{_fault(name)}",
        _hint(name, inspection.skill.root.name),
        column=column,
        length=length,
    )


def _fault(name: str) -> str:
    wrong = sorted({c for c in name if not (c.islower() or c.isdigit() or c == "-")})
    if wrong and wrong[0] == " ":
        return ", which contains a space"
    if any(c.isupper() for c in wrong):
        return ", which contains capital letters"
    if wrong:
        return f", which contains `{wrong[0]}`"
    return ", which has a hyphen too many" if "-" in name else ""


def _hint(name: str, folder: str) -> str:
    own = name.partition(":")[2].strip().replace(":", "-")
    if own and (name.count(":") == 1 or own == folder):
        return f"write `{own}`: plugins put their own name before it"
    return "use a to z, digits and single hyphens, with no hyphen at the start or end"
