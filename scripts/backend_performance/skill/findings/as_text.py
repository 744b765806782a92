"""Findings for people: place, message, the line with the span underlined, what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ..diagnostic import SEVERITIES, Diagnostic
from .checked import Checked, Found, Summary

#: How much of a long line is shown around the place of the finding, in characters.
_WIDTH = 100
_QUOTED = re.compile(r"`([^`]+)`")
_COLORS = {"error": "31", "warning": "33", "note": "36"}


def render(results: Sequence[Checked], total: Summary, limit: int, color: bool) -> str:
    """Return the findings, at most about ``limit`` characters of them, and a summary.

    Args:
        limit: 0 for all; findings beyond it are only counted.
    """
    blocks = _within(limit, [(f.diagnostic, _block(r, f, color)) for r in results for f in r.found])
    blocks.append(_counts(results, total))
    return "\n".join(blocks)


def _within(limit: int, blocks: Sequence[tuple[Diagnostic, str]]) -> list[str]:
    """Return the blocks that fit, in their order.

    The first of each code has the first right, then what is worse.
    """
    seen: set[str] = set()
    ranks = []
    for number, (each, _) in enumerate(blocks):
        ranks.append((each.code in seen, SEVERITIES.index(each.severity), number))
        seen.add(each.code)
    size, chosen = 0, []
    for *_, number in sorted(ranks):
        taken = len(blocks[number][1]) + 1
        if limit and size + taken > limit:
            continue
        size += taken
        chosen.append(number)
    shown = [blocks[number][1] for number in sorted(chosen)]
    if len(shown) < len(blocks):
        shown.append(f"… and {len(blocks) - len(shown)} more; --all shows them")
    return shown


def _block(result: Checked, found: Found, color: bool) -> str:
    each = found.diagnostic
    place = f"{visible(result.path(each.file))}:{each.line}:{each.column}"
    severity = _paint(each.severity, each.severity, color)
    lines = [f"{place}: {severity}: {visible(each.message)} [{each.code}]"]
    lines += _excerpt(found, color)
    lines.append(f"    {visible(each.hint)}")
    return "\n".join(lines)


def _excerpt(found: Found, color: bool) -> list[str]:
    """The line and carets below the span; a wide character takes two columns."""
    each, source = found.diagnostic, found.source
    if not source.strip():
        return []
    at, length = _span(found)
    span = source[at : at + length]
    start = max(0, at - _WIDTH // 2) if len(source) > _WIDTH else 0
    before = _shown(source[start:at])
    after = _shown(source[at : start + _WIDTH])
    head = "…" if start else ""
    tail = "…" if start + _WIDTH < len(source) else ""
    number = str(each.line)
    width = max(1, columns(_shown(span[: start + _WIDTH - at])))
    carets = _paint(each.severity, "^" * width, color)
    gap = " " * (columns(head) + columns(before))
    return [
        f"  {number} | {head}{before}{after}{tail}".rstrip(),
        f"  {' ' * len(number)} | {gap}{carets}",
    ]


def _span(found: Found) -> tuple[int, int]:
    """Column and length of the first text that the message quotes, if the line contains it."""
    each, source = found.diagnostic, found.source
    at = min(each.column - 1, len(source))
    if each.length:
        return at, each.length
    quoted = _QUOTED.match(each.message)
    place = source.find(quoted[1], at) if quoted else -1
    return (place, len(quoted[1])) if quoted and place >= 0 else (at, 1)


def columns(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def visible(text: str) -> str:
    """Return the text with everything a terminal would obey, or hide, written out."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _is_harmless(c) else f"\\u{{{ord(c):x}}}" for c in text)


def _shown(text: str) -> str:
    return visible(text.replace("\t", "    "))


def _is_harmless(character: str) -> bool:
    return character.isprintable() or character == "\u3000"


def _paint(severity: str, text: str, color: bool) -> str:
    return f"\x1b[{_COLORS[severity]}m{text}\x1b[0m" if color else text


def _counts(results: Sequence[Checked], total: Summary) -> str:
    pages = plural(total.files, "page")
    where = f"{plural(total.skills, 'skill')}, {pages}"
    if len(results) == 1:
        where = f"{visible(results[0].name)} ({visible(results[0].path('.'))}), {pages}"
    text = (
        f"{where}: {plural(total.errors, 'error')}, {plural(total.warnings, 'warning')}, "
        f"{plural(total.notes, 'note')}"
    )
    if total.notes and not any(not f.is_failure for result in results for f in result.found):
        text += " (--notes shows them)" if total.notes > 1 else " (--notes shows it)"
    if total.suppressed:
        text += f", {total.suppressed} suppressed"
    if total.baselined:
        text += f", {total.baselined} in the baseline"
    return text


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: 1 page, 2 pages."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
