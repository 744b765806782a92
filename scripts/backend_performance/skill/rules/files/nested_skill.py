"""A skill inside a skill: clients and uploads disagree about what that is."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostic import Diagnostic, warning
from ...inspection import Inspection

CODES = {
    "skill-nested": (
        "A folder of the skill has a SKILL.md of its own. Uploads to claude.ai refuse a skill with "
        "more than one, and clients differ in whether they load the inner one. Move it beside this "
        "skill, or rename its page."
    ),
}
_SHOWN = 3


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield at most one finding."""
    nested = inspection.skill.nested
    if nested:
        names = ", ".join(f"{folder}/SKILL.md" for folder in nested[:_SHOWN])
        more = f" and {len(nested) - _SHOWN} more" if len(nested) > _SHOWN else ""
        yield warning(
            "skill-nested",
            inspection.skill.entry,
            1,
            f"the skill holds other skills: {names}{more}",
            "move them beside this skill, or rename their pages: uploads refuse a second SKILL.md",
        )
