"""Fences inside fences with the same marks, of which the first closing line ends both."""

from __future__ import annotations

from collections.abc import Iterator

from .. import fence_nest
from ..diagnostic import Diagnostic, warning
from ..inspection import Inspection

CODES = {
    "fence-nested": (
        "A fence inside another one with the same marks is no fence: the first closing line ends "
        "the outer one, and from there on the page shows text as code or code as text. Write the "
        "outer fence with one mark more."
    ),
}


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding for the first such fence of a page: what follows hangs on it."""
    for page in inspection.skill.documents.values():
        nest = fence_nest.first_of(page)
        # A fence that stays open at the end is the better known face of the same defect.
        if nest and all(fence.closed for fence in page.fences):
            source = page.lines[nest.line - 1]
            outer = nest.outer.line
            hint = f"begin and end the fence of line {outer} with {len(nest.marks) + 1} marks"
            if not nest.outer.info:
                hint += f"; or line {outer} was to end a fence, whose beginning is lost"
            yield warning(
                "fence-nested",
                page.path,
                nest.line,
                f"this begins no fence but is text of that on line {outer}, which ends on line "
                f"{nest.outer.end} already",
                hint,
                len(source) - len(source.lstrip(" \t>")) + 1,
            )
