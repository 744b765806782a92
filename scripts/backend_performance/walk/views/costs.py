"""What a cause costs, in words and units that people use."""

from __future__ import annotations

from ..causes import Cause
from ..figure import rounded

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
    """Return the costs whose figures the title does not have."""
    return ", ".join(part for part in _costs(cause) if part.split(" ")[0] not in cause.title)


def size(count: float) -> str:
    """Return a number of bytes as people write it."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:,.3g} {unit}"
    return f"{count:,.0f} bytes"
