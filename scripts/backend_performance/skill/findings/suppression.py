"""Findings that the author excuses in place, with a reason.

    <!-- validate: ignore link-target-missing because the file is made by the build -->

excuses its own line and the next; ``ignore-page`` excuses the whole page. In the frontmatter the
same words follow a ``#``. A comment without a reason, with a code that does not exist, or that
excuses nothing is itself a finding, so that none outlives its cause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..diagnostic import Diagnostic, warning
from ..markdown.document import Document
from ..markdown.layout import Layout

CODES = {
    "suppression-unknown-code": (
        "The comment excuses a code that no rule has, so it excuses nothing. Correct the code; "
        "`--codes` lists them."
    ),
    "suppression-unused": (
        "The comment excuses a finding that is not there any more. Remove it, or it will hide "
        "the next one."
    ),
    "suppression-without-reason": (
        "Nobody can judge later whether an excuse without a reason still holds. Write "
        "`ignore CODE because REASON`."
    ),
}
_MARK = "validate: ignore"
_COMMENT = re.compile(
    r"(?:<!--|#)[ \t]*validate: (?P<kind>ignore(?:-page)?)\b[ \t]*(?P<codes>[\w*, \t-]*?)"
    r"(?:[ \t]+because\b[ \t]*(?P<reason>[^\n]*?))?[ \t]*(?:-->|$)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Excuse:
    """One code excused on the lines ``first`` to ``last`` of a page."""

    code: str
    first: int
    last: int
    reason: str
    line: int
    column: int


def apply(
    found: Iterable[Diagnostic],
    pages: Iterable[Document],
    known: Callable[[], Iterable[str]],
    counts: Callable[[str], bool],
) -> tuple[list[Diagnostic], int]:
    """Return the findings that are not excused, and how many are.

    Args:
        known: Gives all codes; only called when there is a comment.
        counts: Whether a code is looked for at all; an excuse of another is not unused.
    """
    diagnostics = list(found)
    excuses = {page.path: excuses_of(page) for page in pages if _MARK in page.text}
    if not any(excuses.values()):
        return diagnostics, 0
    kept: list[Diagnostic] = []
    used: set[tuple[str, Excuse]] = set()
    for diagnostic in diagnostics:
        excuse = next((e for e in excuses.get(diagnostic.file, ()) if _covers(e, diagnostic)), None)
        if excuse is None:
            kept.append(diagnostic)
        else:
            used.add((diagnostic.file, excuse))
    names = frozenset(known())
    for file, listed in excuses.items():
        for excuse in listed:
            kept.extend(_own_findings(file, excuse, (file, excuse) in used, names, counts))
    return sorted(kept, key=lambda d: d.sort_key), len(diagnostics) - len(kept) + _own(kept)


def excuses_of(page: Document) -> tuple[Excuse, ...]:
    """Return the excuses of a page; comments in code are examples."""
    layout = Layout(page)
    found = []
    for match in _COMMENT.finditer(page.text):
        line, column = layout.page.line_column(match.start())
        in_frontmatter = line <= page.frontmatter.body_line
        if match[0].startswith("#") is not in_frontmatter:
            continue
        if layout.fence_at(line) or layout.span_at(line, column):
            continue
        whole = match["kind"] == "ignore-page"
        first, last = (1, len(page.lines)) if whole else (line, line + 1)
        codes = [code for code in re.split(r"[,\s]+", match["codes"]) if code]
        for code in codes or [""]:
            found.append(Excuse(code, first, last, (match["reason"] or "").strip(), line, column))
    return tuple(found)


def _covers(excuse: Excuse, diagnostic: Diagnostic) -> bool:
    return (
        excuse.code == diagnostic.code
        and bool(excuse.reason)
        and excuse.first <= diagnostic.line <= excuse.last
    )


def _own_findings(
    file: str,
    excuse: Excuse,
    is_used: bool,
    known: frozenset[str],
    counts: Callable[[str], bool],
) -> Iterator[Diagnostic]:
    code, text, hint = "", "", ""
    if excuse.code not in known:
        code = "suppression-unknown-code"
        text = f"no rule has the code `{excuse.code}`" if excuse.code else "no code is named"
        hint = "write `ignore CODE because REASON`; --codes lists the codes"
    elif not excuse.reason:
        code = "suppression-without-reason"
        text = f"`{excuse.code}` is excused without a reason, so it still counts"
        hint = f"write `ignore {excuse.code} because REASON`"
    elif not is_used and counts(excuse.code):
        code = "suppression-unused"
        text = f"no finding `{excuse.code}` is left that this excuses"
        hint = "remove the comment"
    if code and counts(code):
        yield warning(code, file, excuse.line, text, hint, column=excuse.column)


def _own(kept: Iterable[Diagnostic]) -> int:
    return sum(diagnostic.code in CODES for diagnostic in kept)
