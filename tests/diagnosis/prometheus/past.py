"""An hour of a fleet's metrics as OpenMetrics text, one series after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

STEP_SECONDS = 30
POINTS = 130  # a little over an hour


def series(name: str, labels: Mapping[str, str], value: Callable[[int], float]) -> list[str]:
    """One series up to now; ``value`` takes the number of the point, 0 the oldest."""
    now = int(time.time())
    inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return [
        f"{name}{{{inside}}} {value(n)} {now - (POINTS - 1 - n) * STEP_SECONDS}"
        for n in range(POINTS)
    ]


def counter(name: str, labels: Mapping[str, str], per_step: float) -> list[str]:
    return series(name, labels, lambda n: n * per_step)


def gauge(name: str, labels: Mapping[str, str], level: float) -> list[str]:
    return series(name, labels, lambda _: level)


def histogram(
    name: str,
    labels: Mapping[str, str],
    shares: Sequence[tuple[str, float]],
    per_step: float = 10,
    mean: float = 0.1,
) -> list[str]:
    """Buckets as (upper edge, share of all observations at or below it), sum and count."""
    lines = []
    for edge, share in shares:
        lines += counter(f"{name}_bucket", {**labels, "le": edge}, per_step * share)
    return lines + timer(name, labels, mean, per_step)


def timer(name: str, labels: Mapping[str, str], mean: float, per_step: float = 10) -> list[str]:
    """Count and sum without buckets."""
    return [
        *counter(f"{name}_count", labels, per_step),
        *counter(f"{name}_sum", labels, per_step * mean),
    ]


def past(*groups: list[str]) -> str:
    return "\n".join(line for group in groups for line in group) + "\n# EOF\n"


def until_now(text: str) -> str:
    """Move the samples so that the newest is of this second: a module may be read long before."""
    rows = [row.rpartition(" ") for row in text.splitlines() if not row.startswith("#")]
    later = int(time.time()) - max((int(when) for _, _, when in rows), default=0)
    return "\n".join([*(f"{sample} {int(when) + later}" for sample, _, when in rows), "# EOF\n"])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
