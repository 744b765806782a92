"""Metrics at fault and at rest, as samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.diagnosis.prometheus.past import STEP_SECONDS, counter, past, series

Labels = dict[str, str]


class Metric(NamedTuple):
    """A level of a gauge, or what a counter rises by each second, at fault and at rest."""

    name: str
    fault: float
    rest: float
    labels: Labels = {}  # noqa: RUF012  # never changed
    kind: str = "gauge"


def rate(name: str, fault: float, rest: float, labels: Labels | None = None) -> Metric:
    return Metric(name, fault, rest, labels or {}, "counter")


def rising(name: str, labels: Labels | None = None) -> Metric:
    """A gauge that climbs by 10 with each sample at fault."""
    return Metric(name, 10, 0, labels or {}, "rising")


#: A probe, its verdict at fault, and the metrics of one system or runtime.
System = tuple[str, str, list[Metric]]


def samples(systems: Sequence[System], at_fault: bool) -> str:
    """All systems on one server; a metric that two of them name is there once."""
    seen: dict[tuple[str, str], list[str]] = {}
    for _, _, metrics in systems:
        for metric in metrics:
            key = metric.name, str(sorted(metric.labels.items()))
            seen.setdefault(key, list(_lines(metric, at_fault)))
    return past(*seen.values())


def _lines(metric: Metric, at_fault: bool) -> Iterator[str]:
    value = metric.fault if at_fault else metric.rest
    labels = {"job": "j", "instance": "i", **metric.labels}
    if metric.kind == "counter":
        return iter(counter(metric.name, labels, value * STEP_SECONDS))
    step = value if metric.kind == "rising" else 0.0
    return iter(series(metric.name, labels, lambda n: value + step * n))
