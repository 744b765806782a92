"""What the buckets of a histogram say of a percentile, and what they cannot say.

An estimate interpolates within one bucket as if its samples were spread evenly. What is certain is
only the bucket: the percentile lies above its lower edge and at most at its upper one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: `increase` extrapolates each bucket by itself, so that a sum may fall by this share.
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Bucket:
    """Observations above ``low`` and at most ``high``, both in the unit of the metric."""

    low: float
    high: float
    count: float


@dataclass(frozen=True)
class Distribution:
    """The buckets of one window, ascending.

    Args:
        torn: A bucket held fewer observations than the one inside it, so that instances do not
            have the same edges.
        total: The sum of all observations, where the form carries it.
    """

    buckets: tuple[Bucket, ...]
    torn: bool = False
    total: float | None = None

    @property
    def samples(self) -> float:
        return sum(bucket.count for bucket in self.buckets)

    @property
    def edges(self) -> tuple[float, ...]:
        """Finite upper edges."""
        return tuple(b.high for b in self.buckets if math.isfinite(b.high))


def cumulative(counts: Mapping[float, float]) -> Distribution:
    """Return the distribution in a classic histogram: observations up to each upper edge."""
    buckets, below, so_far, torn = [], 0.0, 0.0, False
    for edge, count in sorted(counts.items()):
        torn = torn or count < so_far * (1 - _ROUNDING)
        buckets.append(Bucket(below if edge > 0 else -math.inf, edge, max(count - so_far, 0.0)))
        below, so_far = edge, max(count, so_far)
    return Distribution(tuple(buckets), torn)


def merged(parts: Iterable[Distribution]) -> Distribution:
    """Return the sum of native histograms, whose buckets may differ."""
    counts: dict[tuple[float, float], float] = {}
    total = 0.0
    for part in parts:
        total += part.total or 0.0
        for bucket in part.buckets:
            edges = bucket.low, bucket.high
            counts[edges] = counts.get(edges, 0.0) + bucket.count
    buckets = tuple(Bucket(low, high, count) for (low, high), count in sorted(counts.items()))
    return Distribution(buckets, total=total)


def around(distribution: Distribution, share: float) -> tuple[float | None, Bucket | None]:
    """Return an estimate of the percentile and the bucket that holds it.

    Args:
        share: 0.95 for the 95th percentile.

    Both are None without observations; the estimate is None beyond the last edge.
    """
    rank, seen = share * distribution.samples, 0.0
    for bucket in distribution.buckets:
        seen += bucket.count
        if bucket.count > 0 and seen >= rank * (1 - _ROUNDING):
            if not math.isfinite(bucket.high):
                return None, bucket
            low = bucket.low if math.isfinite(bucket.low) else min(bucket.high, 0.0)
            within = 1 - max(seen - rank, 0.0) / bucket.count
            return low + (bucket.high - low) * within, bucket
    return None, None
