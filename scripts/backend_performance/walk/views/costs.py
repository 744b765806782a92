"""What a cause costs, in everyday words and units."""

from __future__ import annotations

from ..causes import Cause
from ..figure import rounded, size

_UNITS = {
    "share_pct": "{:,g} % of statement time",
    "ms_per_call": "{:,g} ms per call",
    "calls": "{:,.0f} calls",
    "rows": "{:,.0f} rows",
    "keys": "{:,.0f} keys",
    "seconds": "{:,g} s",
    "connections": "{:,.0f} connections",
}


def cost(cause: Cause) -> str:
    """Return what a cause costs, in words."""
    return ", ".join(_costs(cause))


def _costs(cause: Cause) -> list[str]:
    parts = [
        _UNITS[name].format(rounded(value)) for name, value in cause.cost.items() if name in _UNITS
    ]
    return [*parts, *([size(cause.cost["bytes"])] if "bytes" in cause.cost else [])]


def unsaid(cause: Cause) -> str:
    """Return the costs whose figures are not in the title."""
    return ", ".join(part for part in _costs(cause) if part.split(" ")[0] not in cause.title)
