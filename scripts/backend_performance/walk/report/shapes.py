"""Charts as data: labels, places in per cent of the width, and the bounds that judge them.

Templates draw these records and compute nothing; text of the audited system is already inert.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

from ..untrusted import plain, unescaped

MAX_BARS = 10
#: A line of a few hundred pixels shows no more points, a table beside it no more rows.
MAX_POINTS = 300
MAX_LISTED = 12
_LABEL_CHARACTERS = 90
#: A larger figure is not a measurement, whatever it is.
_LARGEST = 1e18
_WORDS = {"judge": "to judge", "fail": "fails"}


@dataclass(frozen=True)
class Limit:
    """A bound and what lies beyond it; ``at`` is its place on the chart's scale in per cent."""

    value: float
    kind: str  # fail | judge
    text: str
    is_upper: bool = True
    at: float = 0.0

    def is_broken_by(self, value: float) -> bool:
        return value > self.value if self.is_upper else value < self.value


@dataclass(frozen=True)
class Bar:
    label: str
    text: str
    length: float
    #: The kind of the worst bound it breaks, nothing where it breaks none.
    beyond: str = ""


@dataclass(frozen=True)
class Bars:
    """One bar a line; lengths and limits share one scale that begins at zero."""

    title: str
    bars: tuple[Bar, ...]
    limits: tuple[Limit, ...] = ()
    form: str = "bars"


@dataclass(frozen=True)
class Dot:
    name: str
    text: str
    at: float


@dataclass(frozen=True)
class Spread:
    """Points of distributions, one distribution a line, on one logarithmic scale."""

    title: str
    names: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Dot, ...]], ...]
    limits: tuple[Limit, ...]
    ticks: tuple[Dot, ...]
    form: str = "spread"


@dataclass(frozen=True)
class Line:
    """A series over time with its slope; places are in a box of 100 by 40, y downwards."""

    title: str
    points: str
    slope: tuple[float, float, float, float] | None
    text: str
    low: str
    high: str
    #: A bounded choice of the samples: when, how much.
    listed: tuple[tuple[str, str], ...]
    form: str = "line"


def bars(
    title: str,
    pairs: Sequence[tuple[Any, float]],
    unit: str,
    *,
    whole: float | None = None,
    bounds: Iterable[Limit] = (),
) -> Bars:
    """Return bars in the order given, on a scale that holds the whole and every bound."""
    bounds, pairs = tuple(bounds), pairs[:MAX_BARS]
    longest = max([value for _, value in pairs] + [b.value for b in bounds] + [whole or 0]) or 1.0
    drawn = tuple(
        Bar(
            unescaped(plain(label, _LABEL_CHARACTERS)),
            figure(value, unit),
            _per_cent(value / longest),
            _beyond(bounds, value),
        )
        for label, value in pairs
    )
    return Bars(title, drawn, tuple(replace(b, at=_per_cent(b.value / longest)) for b in bounds))


def spread(
    title: str,
    found: Sequence[tuple[Any, Sequence[tuple[str, float]]]],
    unit: str,
    bounds: Iterable[Limit] = (),
) -> Spread:
    """Return the points of each distribution, all above zero, with bounds on the same scale."""
    bounds = tuple(bound for bound in bounds if bound.value > 0)
    found = found[:MAX_BARS]
    values = [value for _, points in found for _, value in points] + [b.value for b in bounds]
    low, high = math.log10(min(values)) - 0.15, math.log10(max(values)) + 0.15

    def at(value: float) -> float:
        return _per_cent((math.log10(value) - low) / (high - low))

    lines = tuple(
        (
            unescaped(plain(label, _LABEL_CHARACTERS)),
            tuple(Dot(name, figure(value, unit), at(value)) for name, value in points),
        )
        for label, points in found
    )
    decades = [10.0**power for power in range(math.ceil(low), math.floor(high) + 1)]
    return Spread(
        title,
        tuple(dict.fromkeys(name for _, points in found for name, _ in points)),
        lines,
        tuple(replace(bound, at=at(bound.value)) for bound in bounds),
        tuple(Dot("", figure(value, unit), at(value)) for value in decades),
    )


def line(
    title: str, series: Sequence[tuple[float, float]], unit: str, slope_per_hour: float | None
) -> Line | None:
    """Return a series of (seconds, value) with a line of that slope through its middle."""
    series = sorted(series)[:: max(1, math.ceil(len(series) / MAX_POINTS))]
    if len(series) < 3 or series[-1][0] <= series[0][0]:
        return None
    start, length = series[0][0], series[-1][0] - series[0][0]
    values = [value for _, value in series]
    low, high = min(values), max(values)

    def y(value: float) -> float:
        return round(38 - 36 * (value - low) / (high - low or 1), 2)

    points = " ".join(f"{_per_cent((t - start) / length)},{y(v)}" for t, v in series)
    text = f"{figure(values[0], unit)} → {figure(values[-1], unit)} in {_time(length)}"
    slope = None
    if slope_per_hour is not None:
        half, middle = slope_per_hour * length / 7200, sorted(values)[len(values) // 2]
        slope = (0.0, y(middle - half), 100.0, y(middle + half))
        text += f", slope {slope_per_hour:+,.3g} {unit} an hour"
    chosen = series[:: max(1, math.ceil(len(series) / MAX_LISTED))]
    listed = tuple((_time(t - start), figure(v, unit)) for t, v in chosen)
    return Line(title, points, slope, text, figure(low, unit), figure(high, unit), listed)


def limits(threshold: Mapping[str, Any], column: str, unit: str) -> tuple[Limit, ...]:
    """Return the bounds that the rules of a reading set to one column, the strictest last."""
    found: dict[float, Limit] = {}
    pattern = re.compile(rf"(?<![\w.]){re.escape(column)} (>=?|<=?) (\d+(?:\.\d+)?)(?![\w.])")
    for kind, word in _WORDS.items():
        rules = threshold.get(kind) or ()
        for rule in [rules] if isinstance(rules, str) else rules:
            for sign, number in pattern.findall(str(rule)[:500]):
                side = "above" if sign[0] == ">" else "below"
                text = f"{word} {side} {figure(float(number), unit)}"
                found[float(number)] = Limit(float(number), kind, text, sign[0] == ">")
    return tuple(found.values())


def figure(value: float, unit: str = "") -> str:
    """Return a figure as people write it."""
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}"
    return f"{text} {unit}".rstrip()


def is_figure(value: Any) -> TypeGuard[float]:
    """Return whether a value can be drawn: a finite number that is not negative."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < _LARGEST


def _beyond(bounds: Iterable[Limit], value: float) -> str:
    kinds = {bound.kind for bound in bounds if bound.is_broken_by(value)}
    return next((kind for kind in ("fail", "judge") if kind in kinds), "")


def _per_cent(share: float) -> float:
    return round(100 * min(1.0, max(0.0, share)), 2)


def _time(seconds: float) -> str:
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return figure(seconds / size, unit)
    return figure(seconds, "s")
