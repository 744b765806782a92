"""Comparison of two walks, as Markdown and as a page."""

from __future__ import annotations

from collections.abc import Mapping

from .. import figure
from ..compare import HEADINGS, Change, Comparison, Figure
from ..figure import counted
from ..order import STATES, WORDS
from ..untrusted import cell, sentence
from . import page

#: Kind of change → how it is counted.
_COUNTED = {
    "new": "fail that did not",
    "fixed": "fixed",
    "unchanged": "fail as before",
    "lost": "no longer decided",
    "other": "changed otherwise",
}
_WORDS: Mapping[str, str] = {**{state: WORDS[state] for state in STATES}, "absent": "absent"}


def markdown(comparison: Comparison) -> str:
    """Return the comparison as Markdown: causes first, then the items that changed."""
    lines = [
        "# Before and after",
        "",
        f"From the walk of {comparison.old_started} to that of {comparison.new_started}: "
        f"{counts(comparison)}.",
        "",
        *(f"- Mind that {sentence(each)}." for each in comparison.scope),
    ]
    if comparison.causes:
        lines += ["", "| Cause | Findings before | After |", "| --- | ---: | ---: |"]
        for cause in comparison.causes:
            title = sentence(cause.title).replace("|", "\\|")
            lines.append(f"| {title} | {cause.before} | {cause.after} |")
        lines.append("")
    for kind, heading in HEADINGS.items():
        changes = shown(comparison, kind)
        if changes:
            lines += [f"## {heading}", "", *map(_line, changes), ""]
    hidden = hidden_count(comparison)
    if hidden:
        lines.append(hidden_text(hidden))
    return "\n".join(lines).rstrip() + "\n"


def html(comparison: Comparison) -> str:
    """Return the comparison as one self-contained page.

    Raises:
        Refusal: Jinja2 is not installed.
    """
    text: str = (
        page.environment()
        .get_template("comparison.html.j2")
        .render(
            comparison=comparison,
            counts=counts(comparison),
            headings=HEADINGS,
            shown=lambda kind: shown(comparison, kind),
            hidden=hidden_count(comparison),
            words=_WORDS,
            symbols=page.SYMBOLS,
            figure_text=figure_text,
            ratio=figure.ratio,
            times=figure.times,
            hidden_text=hidden_text,
            script="",
        )
    )
    return text


def counts(comparison: Comparison) -> str:
    """Return how many causes and items changed, in one sentence."""
    kinds = [each.kind for each in comparison.causes]
    before, new = len(kinds) - kinds.count("new"), kinds.count("new")
    said = f"{kinds.count('fixed')} of {before} causes are gone, {new} are new; items: "
    found = [(len(shown(comparison, kind)), word) for kind, word in _COUNTED.items()]
    items = ", ".join(f"{count} {word}" for count, word in found if count) or "no change"
    return (said if kinds else "Items: ") + items


def shown(comparison: Comparison, kind: str) -> tuple[Change, ...]:
    """Return the changes of a kind that concern the system."""
    return tuple(each for each in comparison.of(kind) if not _is_scope(each))


def hidden_count(comparison: Comparison) -> int:
    """Return how many changes only show that the walks asked about different items."""
    return sum(_is_scope(each) for each in comparison.changes)


def hidden_text(count: int) -> str:
    """Return the sentence about changes that are not listed."""
    return f"Not listed: {counted(count, 'item')} that neither walk could decide."


def _is_scope(change: Change) -> bool:
    return {change.before, change.after} <= {"absent", "open", "not_asked", "unknown"}


def _line(change: Change) -> str:
    # A probe without an item has its name as its title.
    name = f"`{change.title}`" if change.id == f"probe:{change.title}" else ""
    line = f"- {name or f'{change.title} (`{change.id}`)'}"
    if change.before != change.after:
        line += f": {_WORDS[change.before]} → {_WORDS[change.after]}"
    if change.kind == "fixed" and change.after in ("unknown", "judge"):
        line += " (what failed passes now)"
    parts = [figure_text(each) for each in change.figures]
    if change.measured[0] and change.measured[1]:
        times = figure.times(figure.ratio(*change.measured))
        both = " → ".join(cell(each, 40) for each in change.measured)
        parts.append(f"measured {both}{times}")
    return line + (f"; {', '.join(parts)}" if parts else "")


def figure_text(found: Figure) -> str:
    """Return a figure before and after, with its ratio."""
    both = f"{_number(found.before)} → {_number(found.after)}"
    return f"{cell(found.name, 60)} {both}{figure.times(found.ratio)}"


def _number(value: float) -> str:
    """Return a figure with separators and without insignificant digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
