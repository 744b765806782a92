"""How well the buckets of a histogram can tell where a percentile lies.

`histogram_quantile` interpolates within one bucket as if its samples were spread evenly, and gives
the last finite edge for whatever lies beyond it. What is certain is only the bucket.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

#: Interpolation gives an edge itself up to rounding.
_ROUNDING = 1e-9


def around(edges: Sequence[float], value: float | None) -> dict[str, float | bool | None]:
    """Return the edges between which the percentile certainly lies.

    Args:
        edges: Finite upper edges, ascending, at least one, in the unit of ``value``.

    ``at_most`` is None where ``beyond_last_edge`` says that only "at least ``above``" is known.
    """
    if value is None:
        return {"above": None, "at_most": None, "beyond_last_edge": None}
    last = edges[-1]
    if value >= last * (1 - _ROUNDING):
        return {"above": last, "at_most": None, "beyond_last_edge": True}
    place = bisect_left(edges, value * (1 - _ROUNDING))
    below = edges[place - 1] if place else 0.0
    return {"above": below, "at_most": edges[place], "beyond_last_edge": False}
