"""Is a series of measurements rising? Robust against single peaks and against steps.

The slope is Theil and Sen's: the median of the slopes between all pairs of points, which a garbage
collection or a burst cannot tilt. Mann and Kendall's test says whether the order of the values
could be chance. Memory also rises and falls in waves; a leak lifts the troughs between them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

#: Pairs grow with the square: 300 points give 44,850 of them, a few hundredths of a second.
MAX_POINTS = 300
_PARTS = 5


@dataclass(frozen=True)
class Trend:
    """What a series does, per hour."""

    points: int
    window_s: float
    slope_per_hour: float
    growth_pct: float
    z: float  #: above 2.58 the order is chance in one case of a hundred
    troughs_rise: bool


def trend(times: Sequence[float], values: Sequence[float]) -> Trend | None:
    """Return the trend of a series in order of time, or None for fewer than 3 points."""
    if len(times) != len(values):
        raise ValueError(f"{len(times)} times and {len(values)} values")
    if len(times) < 3 or times[-1] <= times[0]:
        return None
    kept = _thinned(len(times))
    ts, vs = [times[i] for i in kept], [values[i] for i in kept]
    slopes, order = [], 0
    for i in range(len(ts)):
        for j in range(i + 1, len(ts)):
            if ts[j] > ts[i]:
                slopes.append((vs[j] - vs[i]) / (ts[j] - ts[i]))
            order += (vs[j] > vs[i]) - (vs[j] < vs[i])
    slope = median(slopes)
    window = ts[-1] - ts[0]
    start = median(values[: max(1, len(values) // 10)])
    return Trend(
        points=len(values),
        window_s=window,
        slope_per_hour=slope * 3600,
        growth_pct=100 * slope * window / start if start > 0 else 0.0,
        z=_mann_kendall(order, vs),
        troughs_rise=_troughs_rise(values),
    )


def _thinned(count: int) -> list[int]:
    if count <= MAX_POINTS:
        return list(range(count))
    return [round(i * (count - 1) / (MAX_POINTS - 1)) for i in range(MAX_POINTS)]


def _mann_kendall(order: int, values: Sequence[float]) -> float:
    """The test statistic, corrected for ties: a flat series has no variance and no trend."""
    n = len(values)
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    if order == 0 or variance <= 0:
        return 0.0
    return (order - math.copysign(1, order)) / math.sqrt(variance)


def _troughs_rise(values: Sequence[float]) -> bool:
    """Whether the minimum of every fifth of the window lies above that of the fifth before."""
    size = len(values) / _PARTS
    if size < 2:
        return False
    lows = [min(values[int(i * size) : int((i + 1) * size)]) for i in range(_PARTS)]
    return all(later > earlier for earlier, later in zip(lows, lows[1:], strict=False))
