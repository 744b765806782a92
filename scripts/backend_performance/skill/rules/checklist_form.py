"""Checklists that a script cannot read, or that an agent would misread.

An item that is already ticked reads as done; a malformed box is a plain list item; an empty
checklist or a second item of the same title makes the walk skip or repeat work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..checklist_model import Item
from ..diagnostic import Diagnostic, error, warning
from ..document import Document
from ..inspection import Inspection

CODES = (
    "checklist-empty",
    "checklist-item-done",
    "checklist-item-duplicate",
    "checklist-item-empty",
    "checklist-item-unknown",
    "checklist-malformed-box",
)

_LIST_LINE = re.compile(r"\s*(?:>\s*)*(?:[-*+]|\d+[.)])(\s*)(\[[^\]\n]{0,3}\]|\[[xX ])(\s*)(\S?)")
_GOOD_BOX = re.compile(r"\[[ xX]\]\Z")


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per defect of a checklist."""
    for page in inspection.skill.documents.values():
        yield from _empty_checklists(page)
        yield from _malformed_boxes(page)
    known = {item.id for listed in inspection.checklists for item in listed.items}
    for listed in inspection.checklists:
        seen: dict[str, int] = {}
        for item in listed.items:
            yield from _item(item, known)
            key = item.title.casefold()
            if key in seen:
                yield warning(
                    "checklist-item-duplicate",
                    item.file,
                    item.line,
                    f"`{item.title[:80]}` stands in this checklist already, on line {seen[key]}",
                    "remove one of the two",
                )
            seen.setdefault(key, item.line)


def _item(item: Item, known: set[str]) -> Iterator[Diagnostic]:
    if item.state == "done":
        yield warning(
            "checklist-item-done",
            item.file,
            item.line,
            f"`{item.title[:80]}` is already ticked",
            "write `- [ ]`; a checklist in a skill is a template",
        )
    if not item.text:
        yield warning(
            "checklist-item-empty",
            item.file,
            item.line,
            "the item has no text",
            "write what to do, or remove the item",
        )
    if item.same_as is not None and item.same_as not in known:
        yield error(
            "checklist-item-unknown",
            item.file,
            item.line,
            f"there is no item `{item.same_as}`",
            "write an identifier that scripts/checklists.py prints",
        )


def _empty_checklists(page: Document) -> Iterator[Diagnostic]:
    for index, heading in enumerate(page.headings):
        if not heading.text.lower().endswith("checklist") or heading.level == 1:
            continue
        below = [h for h in page.headings[index + 1 :] if h.level <= heading.level]
        end = below[0].line if below else len(page.lines) + 1
        if not any(heading.line < task.line < end for task in page.tasks):
            has_content = any(line.strip() for line in page.lines[heading.line : end - 1])
            yield warning(
                "checklist-empty",
                page.path,
                heading.line,
                f"`{heading.text[:80]}` has no task items",
                "write items as `- [ ] …`"
                if has_content
                else "add items as `- [ ] …`, or remove the heading",
                heading.column,
            )


def _malformed_boxes(page: Document) -> Iterator[Diagnostic]:
    """Look at the source lines: a malformed box is not a task in any parser's tree."""
    if not page.tasks:
        return
    in_fence = [
        range(fence.line, fence.line + fence.text.count("\n") + 2) for fence in page.fences
    ]
    for number, line in enumerate(page.lines, start=1):
        if "[" not in line or number <= page.frontmatter.body_line:
            continue
        match = _LIST_LINE.match(line)
        if not match or any(number in lines for lines in in_fence):
            continue
        gap, box, after, text = match.groups()
        if box == "[" or text in ("(", "[", ":"):
            continue
        if not gap or not _GOOD_BOX.match(box) or (not after and text):
            if not _looks_like_box(box):
                continue
            yield warning(
                "checklist-malformed-box",
                page.path,
                number,
                f"`{line.strip()[:80]}` is not a task item",
                "write `- [ ] text`, with one space between bullet, box and text",
                line.index("[") + 1,
            )


def _looks_like_box(box: str) -> bool:
    return box.strip("[]").strip().lower() in ("", "x", "v", "-", "*", "✓", "✔")
