"""Files that cannot be read as what they are: encoding, size, YAML, links out of the skill.

A client that cannot read the frontmatter does not load the skill, and says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostic import Diagnostic
from ..inspection import Inspection

CODES = (
    "byte-order-mark",
    "file-too-large",
    "file-unreadable",
    "frontmatter-alias-bomb",
    "frontmatter-duplicate-key",
    "frontmatter-invalid-yaml",
    "frontmatter-too-deep",
    "frontmatter-too-large",
    "frontmatter-unclosed",
    "markdown-too-deep",
    "not-utf-8",
    "symlink-leaves-skill",
    "too-many-files",
)


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield what reading the files already found."""
    skill = inspection.skill
    yield from skill.problems
    for page in skill.documents.values():
        for problem in page.problems:
            # Only SKILL.md must have frontmatter; in other pages `---` may open anything.
            if page.path == skill.entry or not problem.code.startswith("frontmatter-"):
                yield problem
