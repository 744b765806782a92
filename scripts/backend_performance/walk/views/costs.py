"""What a cause costs, in everyday words and units."""

from __future__ import annotations

import re

from ..causes import Cause
from ..figure import shown, size

_FIGURE = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?!\w|[.,]\d)")
_UNITS = {
    "share_pct": "% of statement time",
    "ms_per_call": "ms per call",
    "calls": "calls",
    "rows": "rows",
    "keys": "keys",
    "seconds": "s",
    "connections": "connections",
}


def cost(cause: Cause) -> str:
    """Return what a cause costs, in words."""
    return ", ".join(_costs(cause))


def _costs(cause: Cause) -> list[str]:
    parts = [
        f"{shown(value)} {_UNITS[name]}" for name, value in cause.cost.items() if name in _UNITS
    ]
    return [*parts, *([size(cause.cost["bytes"])] if "bytes" in cause.cost else [])]


def unsaid(cause: Cause) -> str:
    """Return the costs whose figures are not in the title."""
    said = set(_FIGURE.findall(cause.title))
    return ", ".join(part for part in _costs(cause) if part.split(" ")[0] not in said)
