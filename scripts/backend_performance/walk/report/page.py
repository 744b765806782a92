"""What every HTML page of a walk shares: templates, signs, how values are shown."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from ...refusal import Refusal
from ..untrusted import plain, unescaped

TEMPLATES = Path(__file__).parent / "templates"
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


@cache
def environment() -> Any:
    """Return the template environment: everything is escaped, nothing may be undefined.

    Raises:
        Refusal: Jinja2 is not installed.
    """
    try:
        import jinja2
    except ImportError as exc:
        raise Refusal(
            "the HTML report needs Jinja2: pip install 'jinja2>=3.1,<4' (or use --format md)"
        ) from exc
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(parts=parts, plain=plain, figure=figure)
    made.tests["figure"] = is_number
    return made


def figure(value: Any) -> str:
    """Return a number with thousands separators, anything else as inert text."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return unescaped(plain(value, 200))  # the template escapes it
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
