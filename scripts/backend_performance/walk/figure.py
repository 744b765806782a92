"""Figures as people write them: ``812ms``, ``1.2 s``, ``40 %``, ``3 MB``."""

from __future__ import annotations

import re

_FIGURE = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*([A-Za-zµ%][A-Za-zµ%/]*)?\s*\Z")
#: unit → (what it measures, factor to the smallest unit for that quantity)
_UNITS = {
    "ns": ("time", 1e-6),
    "us": ("time", 1e-3),
    "µs": ("time", 1e-3),
    "ms": ("time", 1.0),
    "s": ("time", 1e3),
    "sec": ("time", 1e3),
    "min": ("time", 6e4),
    "h": ("time", 3.6e6),
    "b": ("size", 1.0),
    "kb": ("size", 1e3),
    "mb": ("size", 1e6),
    "gb": ("size", 1e9),
    "kib": ("size", 1024.0),
    "mib": ("size", 1024.0**2),
    "gib": ("size", 1024.0**3),
}


def counted(number: int, noun: str) -> str:
    """Return ``1 cause`` or ``2 causes``."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def rounded(value: float) -> float:
    """Return a figure with three significant digits; from 1,000 on, a whole number."""
    return float(f"{value:.3g}") if abs(value) < 1000 else round(value)


def shown(value: float) -> str:
    """Return a figure for a person: rounded, with separators."""
    found = rounded(value)
    return f"{found:,.0f}" if abs(found) >= 1000 else f"{found:g}"


def size(count: float) -> str:
    """Return a number of bytes as databases write it: 1 kB is 1,024 bytes."""
    for unit, factor in (("GB", 1024.0**3), ("MB", 1024.0**2), ("kB", 1024.0)):
        if count >= factor:
            return f"{shown(count / factor)} {unit}"
    return f"{count:,.0f} bytes"


def ratio(before: str | None, after: str | None) -> float | None:
    """Return how many times smaller ``after`` is, or ``None`` where that cannot be said."""
    first, second = _read(before), _read(after)
    if first is None or second is None or first[0] != second[0] or not second[1]:
        return None
    return first[1] / second[1]


def times(found: float | None) -> str:
    """Return a ratio of before to after in brackets: ``(÷ 33.8)`` fell, ``(× 2)`` grew."""
    if not found or found == 1:
        return ""
    return f" (÷ {found:.3g})" if found > 1 else f" (× {1 / found:.3g})"


def _read(text: str | None) -> tuple[str, float] | None:
    match = _FIGURE.match(text or "")
    if not match:
        return None
    unit = (match.group(2) or "").lower()
    kind, factor = _UNITS.get(unit, (unit, 1.0))
    return kind, float(match.group(1).replace(",", ".")) * factor
