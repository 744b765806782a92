"""Reading untrusted values of a plan's document."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

_MAX_TEXT = 20_000
_NUMBER = re.compile(r"\s*(?P<number>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*(?P<unit>[KMGT]?)", re.I)
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def number(raw: Mapping[str, Any], name: str) -> float | None:
    """Return a finite number, also one in a text such as ``"12.5"`` or ``"3K"``."""
    value = raw.get(name)
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and (match := _NUMBER.match(value)):
        return _finite(float(match["number"]) * _UNITS[match["unit"].upper()])
    if isinstance(value, int | float):
        return _finite(value)
    return None


def _finite(value: float) -> float | None:
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def text(raw: Mapping[str, Any], *names: str) -> str:
    """Return the first of these values that is a text or a list of texts."""
    for name in names:
        value = raw.get(name)
        if isinstance(value, str) and value:
            return value[:_MAX_TEXT]
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            return ", ".join(value)[:_MAX_TEXT]
    return ""


def parts(raw: Any) -> list[Mapping[str, Any]]:
    """Return the objects in a list, or the one object."""
    found = raw if isinstance(raw, list) else [raw]
    return [one for one in found if isinstance(one, dict)]
