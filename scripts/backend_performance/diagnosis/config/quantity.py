"""Figures as configuration files write them: counts, bytes and seconds."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"^\s*(-?\d{1,30}(?:\.\d{1,30})?)\s*([A-Za-zµ%]*)\s*$")
_BYTES = {
    "": 1,
    "b": 1,
    "k": 2**10,
    "kb": 2**10,
    "ki": 2**10,
    "kib": 2**10,
    "m": 2**20,
    "mb": 2**20,
    "mi": 2**20,
    "mib": 2**20,
    "g": 2**30,
    "gb": 2**30,
    "gi": 2**30,
    "gib": 2**30,
    "t": 2**40,
    "tb": 2**40,
    "ti": 2**40,
}
_SECONDS = {
    "us": 1e-6,
    "µs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "sec": 1.0,
    "m": 60.0,
    "min": 60.0,
    "h": 3600.0,
    "d": 86400.0,
    "w": 604800.0,
}
_COMPOUND = re.compile(r"(\d{1,30}(?:\.\d{1,30})?)(ms|us|s|m|h|d|w)")


def parse(text: str, unit: str) -> float | str | None:
    """Return a value in the base unit: a count, bytes or seconds; text for ``text``.

    ``unit`` is ``text``, ``count``, ``bytes`` or a unit of time; a bare number has that unit, so
    ``parse("500", "ms")`` is 0.5. A suffix that the value carries itself wins. ``bytes:8kB`` and
    the like give the size that a bare number is a multiple of. ``None``: not a figure.
    """
    text = text.strip().strip("\"'")
    if unit == "text":
        return text
    base, _, multiple = unit.partition(":")
    if base == "bytes":
        return _sized(text, float(parse(multiple, "bytes") or 1) if multiple else 1.0)
    if base == "count":
        return _count(text)
    return _duration(text, base)


def _count(text: str) -> float | None:
    match = _NUMBER.match(text)
    if match is None:
        return None
    if match[2] == "m":
        return float(match[1]) / 1000  # Kubernetes writes thousandths of a core.
    return float(match[1]) if match[2] in ("", "%") else None


def _sized(text: str, bare: float) -> float | None:
    match = _NUMBER.match(text)
    if match is None:
        return None
    suffix = match[2].lower()
    factor = bare if not suffix else _BYTES.get(suffix)
    return float(match[1]) * factor if factor is not None else None


def _duration(text: str, bare: str) -> float | None:
    match = _NUMBER.match(text)
    if match is not None:
        factor = _SECONDS.get(match[2].lower() or bare)
        return float(match[1]) * factor if factor is not None else None
    if _COMPOUND.sub("", text) == "" and text:
        return sum(float(n) * _SECONDS[suffix] for n, suffix in _COMPOUND.findall(text))
    return None
