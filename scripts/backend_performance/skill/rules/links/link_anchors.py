"""Every citation of a heading must lead to one, and to the one that is meant."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import NamedTuple

from ...diagnostic import Diagnostic, Fix, error, note, warning
from ...inspection import Inspection
from ...links import paths
from ...links.citation_model import Citation, relative
from ...links.suggestion import Suggestions
from ...markdown import fence_nest
from ...markdown.anchors import slug, words
from ...markdown.document import Document
from ...markdown.layout import Layout
from ...package import Skill

CODES = {
    "link-anchor-ambiguous": (
        "Several headings of the target have this text; the link leads to the first. Rename a "
        "heading or link to the numbered anchor (`#name-1`)."
    ),
    "link-anchor-missing": (
        "The target has no heading with this anchor, so the reader lands at the top of a long "
        "page. Use the anchor of a heading that exists."
    ),
}
#: A file and an anchor in it.
Place = tuple[str, str | None]


#: A link whose text is empty or only a sign: `[¶](#beds)`.
_MARK = re.compile(r"\[[^\w\[\]]{0,3}\]\(#")


#: An entry of a table of contents.
_ENTRY = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+\[[^\]]*\]\(#[^()\s]*\)\s*")


#: How many headings of a link's own section are looked at.
_MAX_IN_SECTION = 200


class _Hidden(NamedTuple):
    """A heading that readers do not see as one; ``fence`` is the line of its code block."""

    line: int
    fence: int | None


def check(inspection: Inspection) -> Iterator[Diagnostic]:
    """Yield a finding per citation of a heading that is not there, or not the only one."""
    skill = inspection.skill
    linked = Counter((cited.target, cited.anchor) for cited in inspection.graph.edges)
    suggestions = Suggestions(skill)
    spilled: dict[str, frozenset[int]] = {}
    hidden: dict[str, dict[str, _Hidden]] = {}
    swallowing: set[str] = set()  # pages of which one heading in a broken fence is reported
    for cited in inspection.graph.edges:
        if cited.status == "missing-anchor":
            page = skill.documents.get(cited.source)
            if page and _is_permalink(cited, page):
                continue
            if page and cited.source not in spilled:
                spilled[cited.source] = fence_nest.meant_as_code(page)
            if cited.target not in hidden:
                hidden[cited.target] = _hidden_headings(skill.documents[cited.target])
            heading = hidden[cited.target].get(cited.anchor or "")
            found = _anchor_missing(cited, skill, suggestions, heading)
            is_known = cited.line in spilled.get(cited.source, ())
            if heading and heading.fence:
                is_known = is_known or cited.target in swallowing
                swallowing.add(cited.target)
            is_mild = is_known or not inspection.is_read(cited.source)
            yield replace(found, severity="note") if is_mild else found
        elif cited.anchor and cited.status == "ok":
            for found in _ambiguous(cited, skill, linked):
                is_mild = not inspection.is_read(cited.source)
                yield replace(found, severity="note") if is_mild else found


def _is_permalink(cited: Citation, page: Document) -> bool:
    """Return whether a heading links to itself by a mark, as web sites do and exports keep."""
    heading = page.heading_above(cited.line)
    is_own = heading is not None and heading.line == cited.line and cited.target == cited.source
    return is_own and bool(_MARK.match(page.lines[cited.line - 1], cited.column - 1))


def _ambiguous(cited: Citation, skill: Skill, linked: Counter[Place]) -> Iterator[Diagnostic]:
    """Report a link to the first of several equal headings where another one may be meant."""
    page = skill.documents.get(cited.target)
    if page is None or cited.anchor not in page.repeated_anchors:
        return
    if (cited.target, f"{cited.anchor}-1") in linked:
        return
    if cited.target == cited.source and _is_in_section(cited, page):
        return
    levels = [heading.level for heading in page.headings_by_slug.get(cited.anchor, ())]
    first, others = levels[0] if levels else 0, levels[1:]
    if linked[cited.target, cited.anchor] < 2 and others and min(others) > first:
        return  # the first is the main one, and meant
    # A table of contents lists each heading once; a sentence may mean the one that is near.
    is_wrong = linked[cited.target, cited.anchor] > 1 or (bool(others) and min(others) < first)
    is_entry = bool(_ENTRY.fullmatch(skill.documents[cited.source].lines[cited.line - 1]))
    report = warning if is_wrong and is_entry else note
    yield report(
        "link-anchor-ambiguous",
        cited.source,
        cited.line,
        f"{cited.target} has several headings with the anchor `#{cited.anchor}`",
        f"the link leads to the first; write `#{cited.anchor}-1` for the second, or rename one",
        column=cited.column,
    )


def _is_in_section(cited: Citation, page: Document) -> bool:
    """Return whether a link leads to the only one of the headings that is in its own section."""
    own = page.heading_above(cited.line)
    if own is None or own.level == 1:
        return False
    first = bisect_right(page.headings, cited.line, key=lambda each: each.line)
    after = page.headings[first : first + _MAX_IN_SECTION]
    anchors = {each.anchor for each in takewhile(lambda each: each.level > own.level, after)}
    return cited.anchor in anchors and f"{cited.anchor}-1" not in anchors


def _anchor_missing(
    cited: Citation, skill: Skill, suggestions: Suggestions, hidden: _Hidden | None
) -> Diagnostic:
    own = skill.documents[cited.target].anchors_by_words.get(words(cited.anchor or ""))
    moved = None if own else _moved(cited, skill)
    if own:  # the heading was numbered since, or has another number
        hint = f"did you mean `#{own}`?"
    elif moved:
        hint = f"the heading is now in `{moved}`"
    else:
        nearest = suggestions.for_anchor(cited.target, cited.anchor or "")
        hint = f"did you mean `#{nearest}`?" if nearest else "link to a heading that exists"
        if hidden:
            hint = _hint_of(hidden)
    # A heading that only looks like code of the page itself may be the one that is meant.
    fix = Fix("text", cited.written, moved) if moved and not hidden else None
    return error(
        "link-anchor-missing",
        cited.source,
        cited.line,
        f"{cited.target} has no heading with the anchor `#{cited.anchor}`",
        hint,
        column=cited.column,
        fix=fix,
    )


def _hidden_headings(page: Document) -> dict[str, _Hidden]:
    """Return the headings that a code block or HTML has swallowed, by their anchors."""
    shown = {heading.line for heading in page.headings}
    layout, found = Layout(page), dict[str, _Hidden]()
    for number, (above, line) in enumerate(pairwise(["", *page.lines]), start=1):
        if not line.startswith("#") or number in shown:
            continue
        fence = layout.fence_at(number)
        if fence or above.strip():
            found.setdefault(slug(line.lstrip("#")), _Hidden(number, fence.line if fence else None))
    return found


def _hint_of(hidden: _Hidden) -> str:
    if hidden.fence is None:
        return (
            f"put an empty line above line {hidden.line}, whose heading is text of the HTML there"
        )
    return (
        f"the heading on line {hidden.line} is text of the code block that begins on line "
        f"{hidden.fence}"
    )


def _moved(cited: Citation, skill: Skill) -> str | None:
    """Return the link to the one other page that has the anchor."""
    having = [
        name
        for name, page in skill.documents.items()
        if cited.anchor in page.anchors and not paths.is_for_developers(name)
    ]
    # A heading of the page itself is not what a link to another page is for.
    if len(having) != 1 or having[0] == cited.source:
        return None
    return f"{relative(cited.source, having[0])}#{cited.anchor}"
