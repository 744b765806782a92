"""``name`` must equal the directory's name: clients look skills up by either.

The root of a repository may be called anything, because a clone can be; there it is a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...diagnostic import Diagnostic, error, note
from ...inspection import Inspection
from ...links import paths
from ...specification import is_well_formed_name

CODES = {
    "name-differs-from-directory": (
        "The specification wants `name` and the directory to be equal: clients look skills up by "
        "either. The root of a repository, a template and a part of another skill may be called "
        "anything; there it is a note."
    ),
}

#: A folder whose skill is there to be copied.
_TEMPLATE = re.compile(r"template|skeleton|boilerplate", re.IGNORECASE)


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield at most one finding."""
    skill = inspection.skill
    name = skill.entry_document.frontmatter.text("name")
    if not name or name == skill.root.name or not is_well_formed_name(name):
        return  # a name that must change anyway has its finding
    line, column = skill.entry_document.frontmatter.position(("name",))
    is_free = (skill.root / ".git").exists() or paths.is_material(
        f"{skill.root.parent.name}/{skill.root.name}/x"
    )
    is_inner = skill.is_part or (
        skill.outer is not None and "examples" in skill.root.relative_to(skill.outer).parts
    )
    report = note if is_free or is_inner or _TEMPLATE.search(skill.root.name) else error
    yield report(
        "name-differs-from-directory",
        skill.entry,
        line,
        f"`name` is {name[:80]!r} but the directory is called {skill.root.name!r}",
        "rename one of the two: VS Code does not load the skill, other clients warn",
        column=column,
    )
