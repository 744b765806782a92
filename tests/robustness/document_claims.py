"""What every document must hold, whatever was read: each place says the truth about its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backend_performance.skill.markdown.document import Document

#: Characters that make what a reader sees differ from what is written.
_MARKUP = re.compile(r"[\[<`*_~&\\!|]")
_OPENERS = {
    "link": ("[",),
    "reference": ("[",),
    "image": ("![", "<"),
    "autolink": ("<",),
    "html": ("<",),
}


def false_claims(page: Document) -> list[str]:
    """Return every statement of ``page`` about a place that its lines contradict."""
    checks = (_ranges(page), _headings(page), _links(page), _code(page), _tasks(page))
    return [claim for check in checks for claim in check]


def _at(page: Document, line: int, column: int) -> str:
    return page.lines[line - 1][column - 1 :]


def _ranges(page: Document) -> Iterator[str]:
    """Each place lies in the file; the place after a line's last character counts as inside."""
    for thing in (
        *page.headings,
        *page.links,
        *page.code_spans,
        *page.comments,
        *page.tasks,
    ):
        if not 1 <= thing.line <= len(page.lines):
            yield f"line outside the file: {thing}"
        elif not 1 <= thing.column <= len(page.lines[thing.line - 1]) + 1:
            yield f"column outside the line: {thing}"
    for fence in page.fences:
        if not 1 <= fence.line <= fence.end <= len(page.lines):
            yield f"lines outside the file: {fence}"
    for table in page.tables:
        for row in (table.header, *table.rows):
            if not 1 <= row.line <= len(page.lines):
                yield f"line outside the file: {row}"
    for problem in page.problems:
        if not (1 <= problem.line <= len(page.lines) and problem.column >= 1):
            yield f"place outside the file: {problem}"


def _headings(page: Document) -> Iterator[str]:
    anchors = [heading.anchor for heading in page.headings]
    if len(set(anchors)) < len(anchors):
        yield f"an anchor is given twice: {anchors}"
    for heading in page.headings:
        here = _at(page, heading.line, heading.column)
        first = heading.text.split("\n", 1)[0]
        if first and not _MARKUP.search(here) and not here.startswith(first):
            yield f"heading not at its place: {heading} / {here!r}"


def _links(page: Document) -> Iterator[str]:
    for link in page.links:
        here = _at(page, link.line, link.column)
        expected = (link.text,) if link.style == "bare" else _OPENERS[link.style]
        if not here.startswith(expected):
            yield f"link not at its place: {link} / {here!r}"


def _code(page: Document) -> Iterator[str]:
    for span in page.code_spans:
        if not _at(page, span.line, span.column).startswith("`"):
            yield f"code span not at its place: {span}"
    for comment in page.comments:
        if not _at(page, comment.line, comment.column).startswith("<!--"):
            yield f"comment not at its place: {comment}"
    for fence in page.fences:
        here = _at(page, fence.line, fence.column)
        if fence.info and not here.startswith(("```", "~~~")):
            yield f"fence not at its place: {fence} / {here!r}"


def _tasks(page: Document) -> Iterator[str]:
    for task in page.tasks:
        here = _at(page, task.line, task.column)
        if not here.startswith("["):
            yield f"box not at its place: {task} / {here!r}"
        first = task.text.split("\n", 1)[0].strip()
        # The text of a box that ends its line stands on the next one; a box may hold a line end.
        below = page.lines[task.line : task.line + 2]
        if not any(first in line for line in (here, *below)):
            yield f"text not at its place: {task} / {here!r}"
