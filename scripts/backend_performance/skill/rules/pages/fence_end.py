"""Fences that end too early, at the end of a fence inside them, or never."""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostic import Diagnostic, error, warning
from ...inspection import Inspection
from ...markdown import fence_nest
from ...markdown.document import Document

CODES = {
    "fence-nested": (
        "A fence inside another one with the same marks is no fence: the first closing line ends "
        "the outer one, and from there on the page shows text as code or code as text. Write the "
        "outer fence with one mark more."
    ),
    "fence-unclosed": (
        "A code fence that is not closed turns the rest of the page into code, links and headings "
        "included. Close it with as many marks."
    ),
}


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per unclosed fence, else one for the first that contains another.

    Both have the same cause, and an unclosed fence is easier to understand. Everything after the
    first nested fence follows from it.
    """
    for page in inspection.skill.documents.values():
        nest = fence_nest.first_of(page)
        unclosed = [fence for fence in page.fences if not fence.closed]
        hint = "close it with a line of as many backticks or tildes"
        if nest:
            hint = (
                f"line {nest.outer.line} begins a fence that holds another: begin and end it with "
                f"{len(nest.marks) + 1} marks"
            )
        for fence in unclosed:
            lost = fence_nest.swallowed(page, fence)
            yield error(
                "fence-unclosed",
                page.path,
                fence.line,
                "the code fence that starts here is never closed",
                _apart(lost) if lost else hint,
                column=fence.column,
            )
        if nest and not unclosed:
            yield _nested(page, nest)


def _apart(line: int) -> str:
    return f"put an empty line above line {line}: the HTML before it turns the fence into text"


def _nested(page: Document, nest: fence_nest.Nest) -> Diagnostic:
    source, outer = page.lines[nest.line - 1], nest.outer.line
    hint = f"begin and end the fence of line {outer} with {len(nest.marks) + 1} marks"
    lost = fence_nest.swallowed(page, nest.outer)
    if lost:
        hint = _apart(lost)
    elif not nest.outer.info:
        hint += f"; or line {outer} was to end a fence, whose beginning is lost"
    return warning(
        "fence-nested",
        page.path,
        nest.line,
        f"this begins no fence but is text of that on line {outer}, which ends on line "
        f"{nest.outer.end} already",
        hint,
        column=len(source) - len(source.lstrip(" \t>")) + 1,
    )
