"""Checklists that a script cannot read, or that an agent would misread.

An item that is already ticked reads as done; a malformed box is a plain list item; an empty
checklist or a second item of the same title makes the walk skip or repeat work.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ...checklists.model import Item
from ...diagnostic import Diagnostic, error, note, warning
from ...inspection import Inspection
from ...links import paths
from ...links.graph import is_for_people
from ...markdown import fence_nest
from ...markdown.document import Document

CODES = {
    "checklist-empty": (
        "A heading that promises a checklist has no items below it. Add items or remove the "
        "heading."
    ),
    "checklist-item-done": (
        "A checklist in a skill is a template: an item that is already ticked reads as done and "
        "is skipped. Write `- [ ]`."
    ),
    "checklist-item-duplicate": (
        "The same item twice in one list is work done twice, or two answers to one question. "
        "Remove one."
    ),
    "checklist-item-empty": (
        "A box without text cannot be answered. Write what to do or remove it."
    ),
    "checklist-item-unknown": (
        "An `Item:` field refers to an item by an identifier that no item has. Use one that "
        "`checklists.py` prints."
    ),
    "checklist-malformed-box": (
        "GitHub and scripts read only `- [ ] text` and `- [x] text` as a task; anything else is a "
        "plain list item. Mind the spaces."
    ),
}

_LIST_LINE = re.compile(
    r"\s*(?:>\s*)*(?:[-*+]|\d+[.)])(\s*)"
    r"(\[[^\]\n]{0,3}\]|\[(?=[ xX]? )(?![^\[\]\n]*\])|\( ?\)(?= ))(\s*)(\S?)"
)
#: `[Action] by [date]`, `____`: the same line several times is a form to fill in.
_BLANK_TO_FILL = re.compile(r"\W*\[|[\W_]*\Z|.*_{3,}|[^\[\n]*\[\w[^\[\]\n]*\](?![(\[:])")
_ENTRY = re.compile(r"\s*(?:>\s*)*(?:[-*+](?=\s)|[•☐□✓✅☑]|\d+[.)]|\|)")
#: What makes brackets a link, a label or a gap to fill: `[X](url)`, `[X]% of [Y]`.
_NO_TASK = "([:%'’,;/"
_GOOD_BOX = re.compile(r"\[[ xX]\]\Z")


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per defect of a checklist."""
    for page in inspection.skill.documents.values():
        yield from _empty_checklists(page)
        yield from _boxes(page)
    known = {item.id for listed in inspection.checklists for item in _all(listed.items)}
    for listed in inspection.checklists:
        page = inspection.skill.documents[listed.file]
        spilled = fence_nest.meant_as_code(page)
        is_record = (
            is_for_people(listed.file)
            or paths.is_for_developers(listed.file)
            or _is_inventory(listed.items)
        )
        for item in _all(listed.items):
            if item.state == "done" and not is_record and item.line not in spilled:
                yield _done(page, item)
            yield from _unknown(page, item, known)
        if not paths.is_material(listed.file):
            yield from _duplicates(page, listed.items)
            for item in _all(listed.items):
                yield from _duplicates(page, item.children)


def _all(items: tuple[Item, ...]) -> Iterator[Item]:
    return (each for item in items for each in item.walk())


def _column(page: Document, line: int) -> int:
    """Return the column of an item's bullet."""
    text = page.lines[line - 1]
    return len(text) - len(text.lstrip(" \t>")) + 1


def _duplicates(page: Document, items: tuple[Item, ...]) -> Iterator[Diagnostic]:
    """Compare within one list: below another paragraph the same words are a different item."""
    seen: dict[str, int] = {}
    last = items[0].line if items else 0
    for item in items:
        if any(_is_prose(line) for line in page.lines[last : item.line - 1]):
            seen.clear()
        last = item.line
        key = item.text.casefold()
        if item.text and key in seen and not _BLANK_TO_FILL.match(item.text):
            yield note(
                "checklist-item-duplicate",
                item.file,
                item.line,
                f"`{item.text[:80]}` is in this checklist already, on line {seen[key]}",
                "remove one of the two",
                column=_column(page, item.line),
            )
        seen.setdefault(key, item.line)


def _is_prose(line: str) -> bool:
    return bool(line.strip()) and not line[0].isspace() and not _ENTRY.match(line)


def _is_inventory(items: tuple[Item, ...]) -> bool:
    """Return whether all items are ticked: a list of what there is, or a report."""
    every = list(_all(items))
    return len(every) > 1 and all(item.state == "done" for item in every)


def _done(page: Document, item: Item) -> Diagnostic:
    return note(
        "checklist-item-done",
        item.file,
        item.line,
        f"`{item.title[:80]}` is already ticked",
        "write `- [ ]`; a checklist in a skill is a template",
        column=_column(page, item.line),
    )


def _unknown(page: Document, item: Item, known: set[str]) -> Iterator[Diagnostic]:
    if item.same_as is not None and item.same_as not in known:
        yield error(
            "checklist-item-unknown",
            item.file,
            item.line,
            f"there is no item `{item.same_as}`",
            "write an identifier that scripts/checklists.py prints",
            column=_column(page, item.line),
        )


def _empty_checklists(page: Document) -> Iterator[Diagnostic]:
    for index, heading in enumerate(page.headings):
        if not heading.text.lower().endswith("checklist") or heading.level == 1:
            continue
        below = islice(page.headings, index + 1, None)
        ends = (h.line for h in below if h.level <= heading.level)
        end = next(ends, len(page.lines) + 1)
        if not _lists_something(page, heading.line, end):
            yield warning(
                "checklist-empty",
                page.path,
                heading.line,
                f"`{heading.text[:80]}` has no items",
                "add items as `- [ ] …`, or remove the heading",
                column=heading.column,
            )


def _lists_something(page: Document, start: int, end: int) -> bool:
    """Return whether there is any text between two lines: prose can be a checklist, too."""
    return any(line.strip() for line in page.lines[start : end - 1])


def _boxes(page: Document) -> Iterator[Diagnostic]:
    """Look at the source lines: a malformed box is not a task in any parser's tree."""
    has_tasks, is_form = bool(page.lists), paths.is_material(page.path)
    if not has_tasks and "[]" not in page.text and "[ ]" not in page.text:
        return
    in_fence = [range(fence.line, fence.end + 1) for fence in page.fences]
    for number, line in enumerate(page.lines, 1):
        if "[" not in line and ") " not in line:
            continue
        match = _LIST_LINE.match(line) if number > page.frontmatter.body_line else None
        if not match or any(number in lines for lines in in_fence):
            continue
        if _is_bare_box(page, match, number):
            if not is_form:
                yield _empty_item(page, number)
        elif _is_malformed(match, has_tasks):
            yield warning(
                "checklist-malformed-box",
                page.path,
                number,
                f"`{line.strip()[:80]}` is not a task item",
                "write `- [ ] text`, with one space between bullet, box and text",
                column=match.start(2) + 1,
                length=len(match.group(2)),
            )


def _is_malformed(match: re.Match[str], has_tasks: bool) -> bool:
    gap, box, after, text = match.groups()
    if not text or text in _NO_TASK:
        return False
    if not has_tasks:
        # In a page without tasks only a box that can be nothing else counts.
        return box in ("[]", "[ ]") and (not gap or not after or box == "[]") and text.isalpha()
    is_good = bool(gap and _GOOD_BOX.match(box) and after)
    return not is_good and (box in ("[", "( )", "()") or _looks_like_box(box))


def _is_bare_box(page: Document, match: re.Match[str], number: int) -> bool:
    """Return whether a box has no text: neither behind it nor indented on the next line."""
    gap, box, _, text = match.groups()
    if not gap or text or not _GOOD_BOX.match(box):
        return False
    below = page.lines[number] if number < len(page.lines) else ""
    indented = len(below) - len(below.lstrip(" \t>"))
    return not below.strip() or indented < match.start(2) or bool(_ENTRY.match(below))


def _empty_item(page: Document, number: int) -> Diagnostic:
    return warning(
        "checklist-item-empty",
        page.path,
        number,
        "the item has no text",
        "write what to do, or remove the item",
        column=_column(page, number),
    )


def _looks_like_box(box: str) -> bool:
    return box.strip("[]").strip().lower() in ("", "x", "v", "-", "*", "✓", "✔")
