"""A skill begins with its frontmatter."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostic import Diagnostic, error, note
from ...inspection import Inspection

CODES = {
    "frontmatter-absent": (
        "Without frontmatter on the first line a client does not see the skill at all. Start the "
        "file with `---`, `name`, `description`, `---`. In a part of another skill it is a note."
    ),
}


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield at most one finding."""
    page = inspection.skill.entry_document
    is_path = "\n" not in page.text.strip() and "/" in page.text
    if page.frontmatter.present or is_path:
        return  # a symbolic link as text has its finding
    report = note if inspection.skill.is_part else error
    yield report(
        "frontmatter-absent",
        page.path,
        1,
        "the file does not start with frontmatter",
        "start the file with a block `---`, `name: …`, `description: …`, `---`",
    )
