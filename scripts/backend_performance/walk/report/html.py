"""The report as one HTML file: no script, no external request, readable printed and on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..order import STATES, WORDS, Standing
from ..refusal import Refusal
from ..untrusted import plain
from . import charts
from .model import Report
from .reading import telling, telling_columns

_TEMPLATES = Path(__file__).parent / "templates"
#: A shape beside the colour, for those who cannot tell the colours apart or print in grey.
SYMBOLS = {
    "fail": "✕",
    "judge": "?",
    "unknown": "…",
    "open": "○",
    "pass": "✓",
    "not_applicable": "–",
    "not_asked": "·",
}
_MAX_TEXT = 600
#: More rows than anybody reads; the JSON report holds them all.
_MAX_ROWS = 15


def render(report: Report, *, links: str | None = None) -> str:
    """Return the report as HTML.

    Raises:
        Refusal: Jinja2 is not installed.
    """
    try:
        import jinja2
    except ImportError as exc:
        raise Refusal(
            "the HTML report needs Jinja2: pip install 'jinja2>=3.1,<4' (or use --format md)"
        ) from exc
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(parts=parts, plain=plain)
    html: str = environment.get_template("report.html.j2").render(
        report=report,
        states=STATES,
        words=WORDS,
        symbols=SYMBOLS,
        findings=report.of("fail"),
        judged=report.of("judge"),
        unknown=_by_reason(report),
        loose_fail=report.loose_of("fail"),
        loose=report.loose_of("judge", "unknown"),
        rest=[(state, report.of(state)) for state in STATES[3:] if report.of(state)],
        chart=charts.of,
        columns=telling_columns,
        rows=telling,
        most_rows=_MAX_ROWS,
        link=lambda target: _link(links, target),
    )
    return html


def parts(text: Any) -> list[tuple[bool, str]]:
    """Return a sentence as (is code, text) pairs; the template escapes every one of them."""
    pieces = plain(text or "", _MAX_TEXT * 4).replace("**", "").split("`")
    if len(pieces) % 2 == 0:  # a code span that is never closed is text
        pieces[-2:] = [f"{pieces[-2]}`{pieces[-1]}"]
    return [(index % 2 == 1, piece) for index, piece in enumerate(pieces) if piece]


def _by_reason(report: Report) -> Mapping[str, list[Standing]]:
    """Return what could not be known, grouped by what was missing."""
    groups: dict[str, list[Standing]] = {}
    for entry in report.of("unknown"):
        said = [f"{r.probe}: {r.reason}" for r in entry.readings if r.verdict == "unknown"]
        reason = " ".join([*said, *([entry.note] if entry.note else [])])
        groups.setdefault(reason or "No reason was given.", []).append(entry)
    return groups


def _link(links: str | None, target: str) -> str | None:
    if links is None:
        return None
    return target if links in ("", ".") else f"{links}/{target}"
