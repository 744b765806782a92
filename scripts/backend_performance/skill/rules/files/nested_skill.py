"""A skill inside a skill: clients and uploads disagree about what that is."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostic import Diagnostic, note, warning
from ...inspection import Inspection
from ...links import paths

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
        report = note if all(map(_is_sample, nested)) else warning
        yield report(
            "skill-nested",
            inspection.skill.entry,
            1,
            f"the skill holds other skills: {names}{more}",
            "move them beside this skill, or rename their pages: uploads refuse a second SKILL.md",
        )


def _is_sample(folder: str) -> bool:
    """Return whether a nested skill is an example, or something to test with."""
    file = f"{folder}/SKILL.md"
    is_example = "examples" in folder.split("/")
    return is_example or paths.is_for_developers(file) or paths.is_material(file)
