"""Links whose label is defined nowhere: they show their brackets and lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.common.utils import normalizeReference

from ...diagnostic import Diagnostic, warning
from ...inspection import Inspection
from ...markdown.document import Document
from ...markdown.layout import Layout

CODES = {
    "link-label-undefined": (
        "A link `[text][label]` needs a line `[label]: target` somewhere on the page. Without it "
        "the reader sees brackets. Add the definition or write the target inline."
    ),
}

#: `[text][label]` and `[text][]`, not after a word (that is an index) nor before a target.
_REFERENCE = re.compile(
    r"(?<![\w\]\)\\!])!?\[([^\[\]\n]{1,200})\]\[([^\[\]\n]{0,100})\](?![\[(:\w])"
)
#: The shortest text and label of a link, in characters.
_LEAST = 2
_SHOWN = 40
_LABEL = re.compile(r"[\w .:/-]*\Z")


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per reference without a definition."""
    for page in inspection.skill.documents.values():
        # A page that defines no label at all puts brackets side by side for other reasons.
        if page.labels and "][" in page.text:
            yield from _of_page(page)


def _of_page(page: Document) -> Iterator[Diagnostic]:
    layout: Layout | None = None
    for match in _references(page.text):
        layout = layout or Layout(page)
        text, label = match.groups()
        wanted = normalizeReference(label or text)
        if wanted in page.labels or layout.is_code(match.start()):
            continue
        if not _is_meant_as_link(text, label):
            continue
        line, column = layout.page.line_column(match.start())
        if line <= page.frontmatter.body_line:
            continue
        yield warning(
            "link-label-undefined",
            page.path,
            line,
            f"`{match.group()[:80]}` refers to a label that is not defined",
            _hint(page, (label or text)[:_SHOWN]),
            column=column,
            length=len(match.group()),
        )


def _hint(page: Document, label: str) -> str:
    """Return what to write; a line that looks like the definition may be text or half a title."""
    at = page.text.find(f"\n[{label}]: ")
    if at >= 0:
        line, _ = page.line_column(at + 1)
        return f"line {line} defines nothing: write all of it on that line, below an empty line"
    return f"add a line `[{label}]: target`, or write the target inline"


def _references(text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of ``_REFERENCE``, which is tried only around each `][`."""
    at, done = text.find("]["), 0
    while at >= 0:
        start = text.rfind("[", done, at)
        start -= start > done and text[start - 1] == "!"
        match = _REFERENCE.match(text, start) if start >= 0 else None
        if match:
            yield match
            done = match.end()
        at = text.find("][", max(at + 1, done))


def _is_meant_as_link(text: str, label: str) -> bool:
    """Tell references from tags in a row: `[P0][Security]`, `[A][B]`, `[ ][x]`."""
    if not _LABEL.match(label) or not any(c.isalpha() for c in text):
        return False
    return len(label or text) >= _LEAST and len(text) >= _LEAST  # `[n][m]`: places of citations
