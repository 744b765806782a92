"""Two walks side by side, as Markdown and as a page."""

from __future__ import annotations

from collections.abc import Mapping

from .. import figure
from ..compare import HEADINGS, Change, Comparison, Figure
from ..order import STATES, WORDS
from ..untrusted import cell, sentence
from . import page

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
        lines.append(f"{hidden} items were asked about in one of the walks only.")
    return "\n".join(lines).rstrip() + "\n"


def html(comparison: Comparison) -> str:
    """Return the comparison as one page that asks for nothing.

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
            script="",
        )
    )
    return text


def counts(comparison: Comparison) -> str:
    """Return how many causes and items changed, in one sentence."""
    gone = sum(each.kind == "fixed" for each in comparison.causes)
    said = [f"{gone} of {len(comparison.causes)} causes are gone"] if comparison.causes else []
    said += [f"{len(comparison.of(kind))} {kind}" for kind in HEADINGS]
    return ", ".join(said)


def shown(comparison: Comparison, kind: str) -> tuple[Change, ...]:
    """Return the changes of a kind that say something about the system."""
    return tuple(each for each in comparison.of(kind) if not _is_scope(each))


def hidden_count(comparison: Comparison) -> int:
    """Return how many changes only say that the walks asked about different items."""
    return sum(_is_scope(each) for each in comparison.changes)


def _is_scope(change: Change) -> bool:
    return {change.before, change.after} <= {"absent", "open", "not_asked"}


def _line(change: Change) -> str:
    line = f"- {change.title} (`{change.id}`): {_WORDS[change.before]} → {_WORDS[change.after]}"
    parts = [figure_text(each) for each in change.figures]
    if change.measured[0] and change.measured[1]:
        ratio = figure.ratio(*change.measured)
        times = f" ({ratio:.3g} ×)" if ratio else ""
        both = " → ".join(cell(each, 40) for each in change.measured)
        parts.append(f"measured {both}{times}")
    return line + (f"; {', '.join(parts)}" if parts else "")


def figure_text(found: Figure) -> str:
    """Return a figure before and after, with its ratio."""
    times = f" ({found.ratio:.3g} ×)" if found.ratio and found.ratio != 1 else ""
    return f"{cell(found.name, 60)} {_number(found.before)} → {_number(found.after)}{times}"


def _number(value: float) -> str:
    """Return a figure with separators, without digits that nobody reads."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
