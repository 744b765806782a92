"""Figures as configuration files write them: counts, bytes and seconds."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(-?\d{1,30}(?:\.\d{1,30})?)\s*([A-Za-zµ%]*)")
_SIZE = re.compile(r"([kmgt]?)i?b?")
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
_SLEEP = re.compile(r"\bsleep\s+(\d{1,9})")
_OFF = ("off", "false", "no", "0")


def parse(text: str, unit: str) -> float | str | None:
    """Return a value in the base unit: a count, bytes or seconds; text for ``text``.

    ``unit`` is ``text``, ``switch`` (``on`` or ``off``), ``count``, ``sleep`` (the seconds that a
    shell script sleeps), ``bytes`` or a unit of time; a bare number has that unit, so
    ``parse("500", "ms")`` is 0.5. A suffix that the value carries itself wins. ``bytes:8192``
    gives the size that a bare number is a multiple of. ``None``: not a figure.
    """
    text = text.strip().strip("\"'")
    base, _, multiple = unit.partition(":")
    if base == "text":
        return text
    if base == "switch":
        return "off" if text.lower() in _OFF else "on"
    if base == "sleep":
        slept = _SLEEP.search(text)
        return float(slept[1]) if slept else 0.0
    match = _NUMBER.fullmatch(text)
    if match is None:
        return _compound(text) if base in _SECONDS else None
    factor = _factor(base, match[2].lower(), float(multiple or 1))
    return None if factor is None else float(match[1]) * factor


def _factor(base: str, suffix: str, bare: float) -> float | None:
    if base == "count":  # Kubernetes writes thousandths of a core.
        return {"": 1.0, "%": 1.0, "m": 0.001}.get(suffix)
    if base == "bytes":
        size = _SIZE.fullmatch(suffix)
        if not suffix:
            return bare
        return 1024.0 ** " kmgt".index(size[1] or " ") if size else None
    return _SECONDS.get(suffix or base)


def _compound(text: str) -> float | None:
    if not text or _COMPOUND.sub("", text):
        return None
    return sum(float(number) * _SECONDS[suffix] for number, suffix in _COMPOUND.findall(text))
