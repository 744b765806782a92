"""The report as one HTML file: it asks for nothing, links nowhere, prints, and fits a phone.

Its only script copies a statement; the page's policy allows that script by its hash.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from .. import digest
from ..order import STATES, WORDS
from ..refusal import Refusal
from ..untrusted import plain
from . import charts, views
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


def render(report: Report) -> str:
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
    environment.filters.update(parts=parts, plain=plain, figure=figure)
    environment.tests["figure"] = is_number
    script = (_TEMPLATES / "copy.js").read_text(encoding="utf-8").strip()
    html: str = environment.get_template("report.html.j2").render(
        report=report,
        states=STATES,
        words=WORDS,
        symbols=SYMBOLS,
        name=views.system_name(report),
        targets=[views.target_text(target) for target in report.targets],
        failing=report.causes_of("fail"),
        leads=report.causes_of("judge"),
        decided=report.decided_failures,
        time=views.share_of_time(report),
        folded=views.folded_states(report.totals),
        unknown=digest.unknown_of(report.readings),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
        cost=digest.cost,
        readings=views.readings_of,
        chart=charts.of,
        columns=telling_columns,
        rows=telling,
        most_rows=_MAX_ROWS,
    )
    return html


def figure(value: Any) -> str:
    """Return a number with thousands separators, anything else as inert text."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return plain(value, 200)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.4g}" if abs(value) < 1_000 else f"{value:,.0f}"


def is_number(value: Any) -> bool:
    """Return whether a value is shown as a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def parts(text: Any) -> list[tuple[bool, str]]:
    """Return a sentence as (is code, text) pairs; the template escapes every one of them."""
    pieces = plain(text or "", _MAX_TEXT * 4).replace("**", "").split("`")
    if len(pieces) % 2 == 0:  # a code span that is never closed is text
        pieces[-2:] = [f"{pieces[-2]}`{pieces[-1]}"]
    return [(index % 2 == 1, piece) for index, piece in enumerate(pieces) if piece]
