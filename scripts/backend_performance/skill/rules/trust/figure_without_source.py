"""Figures that cannot be checked: a number with a unit and neither source nor measurement.

A skill opts in with ``metadata.figures: sourced``. Then each list item, table row or paragraph of
its pages that states a figure with a unit must hold a link to a source (any external link) or to
a measured case (any link into ``examples/``), or say that the figure is "our default". A table
may name its source once, in the paragraph before or after it. Code is exempt: it is an example.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...diagnostic import Diagnostic, error
from ...inspection import Inspection
from ...markdown.document import Document

CODES = {
    "figure-without-source": (
        "In a skill with `metadata.figures: sourced` each figure with a unit names its source or "
        "a measured case, so that a reader can check it. Add the link, or call it our default."
    ),
}

SETTING = "figures"
_UNITS = (
    r"ns|µs|us|ms|sec(?:ond)?s?|min(?:ute)?s?|hours?|days?|weeks?|[kKMGT]i?B|bytes?|kB/s|MB/s"
    r"|%|percent|times|-fold|buffers|round trips|requests/s|req/s|tps"
)
#: `5 ms`, `10–20 MB`, `1,000 times`, `99 %`; not `p95`, `HTTP/2`, `§ 4.2`, `500s` or a version.
_FIGURE = re.compile(
    rf"(?<![\w.,#§-])\d[\d,.]{{0,30}}(?:\s?[–-]\s?\d[\d,.]{{0,30}})?"
    rf"(?:\s?(?:{_UNITS})|\ss)(?![\w-])"
)
_TICKS = re.compile(r"`+")
_SOURCE = re.compile(r"\]\(\s{0,9}<?(?:https?://|(?:\.\./)*examples/)|<https?://")
_OWN = re.compile(r"\bour (?:own )?default|\bour rule of thumb", re.IGNORECASE)
_LIST_ITEM = re.compile(r"(\s*)(?:[-*+]|\d+[.)])\s+")
_TABLE_ROW = re.compile(r"\s*\|")
_TARGET = re.compile(r"\]\([^)]{0,2000}\)")


@dataclass(frozen=True)
class _Block:
    kind: str  # item, row or paragraph
    line: int
    text: str


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield one finding per block with an unsourced figure."""
    if inspection.setting(SETTING) != "sourced":
        return
    metric_lines = {(metric.file, metric.line) for metric in inspection.metrics}
    for page in inspection.skill.documents.values():
        if page.path != inspection.skill.entry and not page.path.startswith("references/"):
            continue
        blocks = list(_blocks(page))
        for index, block in enumerate(blocks):
            if (page.path, block.line) in metric_lines or _is_sourced(blocks, index):
                continue
            figure = _FIGURE.search(_prose(block.text))
            if figure:
                yield error(
                    "figure-without-source",
                    page.path,
                    block.line,
                    f"`{figure.group().strip()}` has neither a source nor a measured case",
                    "link the manual, RFC or paper it comes from, or a case in examples/; "
                    'a choice of your own is called "our default"',
                )


def _prose(text: str) -> str:
    return _TARGET.sub("]", _without_code(text))


def _without_code(text: str) -> str:
    """Return the text without code spans: a run of backticks up to the next one as long."""
    runs = list(_TICKS.finditer(text))
    closing: dict[int, int] = {}  # by length of the run: the nearest one behind the present
    ends: list[int | None] = [None] * len(runs)
    for index in range(len(runs) - 1, -1, -1):
        length = len(runs[index][0])
        ends[index] = closing.get(length)
        closing[length] = index
    kept, at, index = [], 0, 0
    while index < len(runs):
        end = ends[index]
        if end is None:
            index += 1
            continue
        kept.append(text[at : runs[index].start()])
        at, index = runs[end].end(), end + 1
    return "".join([*kept, text[at:]])


def _is_sourced(blocks: list[_Block], index: int) -> bool:
    block = blocks[index]
    if _SOURCE.search(block.text) or _OWN.search(block.text):
        return True
    if block.kind != "row":
        return False
    return any(
        _SOURCE.search(other.text) or _OWN.search(other.text)
        for other in _around_table(blocks, index)
    )


def _around_table(blocks: list[_Block], index: int) -> Iterator[_Block]:
    """Yield the paragraphs directly before and after the table that holds row ``index``."""
    for step in (-1, 1):
        at = index
        while 0 <= at < len(blocks) and blocks[at].kind == "row":
            at += step
        if 0 <= at < len(blocks) and blocks[at].kind == "paragraph":
            yield blocks[at]


def _blocks(page: Document) -> Iterator[_Block]:
    """Yield the top-level items, table rows and paragraphs of the page outside fences."""
    fenced = {
        number
        for fence in page.fences
        for number in range(fence.line, fence.line + fence.text.count("\n") + 2)
    }
    start, kind, lines, indent = 0, "", [], 0
    first = page.frontmatter.body_line
    for number, line in enumerate(page.lines[first:], start=first + 1):
        item = _LIST_ITEM.match(line)
        continues_item = kind == "item" and (
            (not line.strip()) or len(line) - len(line.lstrip()) > indent
        )
        if number in fenced or continues_item:
            if kind and number not in fenced:
                lines.append(line)
            continue
        starts_block = item or _TABLE_ROW.match(line) or line.startswith("#") or not line.strip()
        if starts_block or not kind or kind == "item":
            if kind:
                yield _Block(kind, start, "\n".join(lines))
            kind = ""
            if line.strip() and not line.startswith("#"):
                kind = "item" if item else "row" if _TABLE_ROW.match(line) else "paragraph"
                start, lines, indent = number, [line], len(item.group(1)) if item else 0
        else:
            lines.append(line)
    if kind:
        yield _Block(kind, start, "\n".join(lines))
