"""Durations by job, method and route, in whatever form the server holds them.

Classic and native histograms give a distribution that may be summed over instances. A summary
gives percentiles of single instances, which may not: between the least and the greatest of them
lies that of all. A count with a sum gives the mean, and no percentile.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from ... import plain_yaml
from ...skill_root import default_root
from .buckets import Distribution, cumulative, merged
from .client import Point, Server, TooManySeries
from .families import FOLDER, UNITS, Held
from .labels import grouping, value

#: What a row is about: the value of each meaning of the family's labels.
Key = tuple[str, ...]


@dataclass
class Duration:
    """What is known of the durations of one thing, in the unit of the metric.

    Args:
        least, most: Percentiles of single instances, by the percentile's share.
    """

    count: float | None = None
    sum: float | None = None
    distribution: Distribution | None = None
    least: dict[float, float] = field(default_factory=dict)
    most: dict[float, float] = field(default_factory=dict)

    @property
    def samples(self) -> float | None:
        if self.count is None and self.distribution is not None:
            return self.distribution.samples
        return self.count

    def between(self, share: float) -> tuple[float, float | None] | None:
        """Return what a percentile is at least and at most, out of the quantiles recorded."""
        below = max((one for one in self.least if one <= share), default=None)
        if below is None:
            return None
        beyond = min((one for one in self.most if one >= share), default=None)
        return self.least[below], None if beyond is None else self.most[beyond]

    @property
    def mean(self) -> float | None:
        return self.sum / self.count if self.sum is not None and self.count else None


@dataclass(frozen=True)
class Measured:
    """One family's durations in the window.

    Args:
        meanings: What each place of a key means, such as ``route``.
        is_whole: Whether the routes are distinguished; false if there are too many.
    """

    held: Held
    meanings: tuple[str, ...]
    by: Mapping[Key, Duration]
    is_whole: bool = True

    def factor(self, duration: Duration) -> float | None:
        """Milliseconds of one unit; None where the name says nothing, or the edges say another."""
        distribution = duration.distribution if "bucket" in self.held.parts else None
        edges = {edge for edge in distribution.edges if edge > 0} if distribution else set()
        if self.held.unit == "unclear":
            return UNITS.get(_likely(edges) if edges else "")
        return None if edges and _other(self.held.unit, edges) else UNITS[self.held.unit]


@cache
def queries() -> Mapping[str, str]:
    """Return the PromQL of each form, with places for names, labels and the window."""
    read = plain_yaml.load_file(default_root() / FOLDER / "queries.yaml")
    return {str(form): str(query) for form, query in read.items()}


async def measured(server: Server, held: Held, window_s: int) -> Measured:
    """Ask for all forms in which the family is present.

    Raises:
        NoAnswer: the server does not answer for this family.
    """
    meanings = tuple(m for m in held.family.labels if m != "status")
    try:
        found = await _Asking(server, held, meanings, window_s).everything()
        return Measured(held, meanings, found)
    except TooManySeries:
        meanings = ("job",)
        found = await _Asking(server, held, meanings, window_s).everything()
        return Measured(held, meanings, found, is_whole=False)


@dataclass(frozen=True)
class _Asking:
    server: Server
    held: Held
    meanings: tuple[str, ...]
    window_s: int

    async def everything(self) -> dict[Key, Duration]:
        found: defaultdict[Key, Duration] = defaultdict(Duration)
        parts = self.held.parts
        if "count" in parts:
            for key, count in (await self._summed("count")).items():
                found[key].count = count
        if "sum" in parts:
            for key, total in (await self._summed("sum")).items():
                found[key].sum = total
        if "bucket" in parts:
            for key, distribution in (await self._classic()).items():
                found[key].distribution = distribution
        if "" in parts:
            await self._bare(found)
        return dict(found)

    async def _bare(self, found: defaultdict[Key, Duration]) -> None:
        native: defaultdict[Key, list[Distribution]] = defaultdict(list)
        for point in await self._points("native", 'quantile=""'):
            if point.histogram is not None:
                native[self._key(point)].append(point.histogram)
        for key, several in native.items():
            _add_native(found[key], merged(several))
        if "count" not in self.held.parts:
            return
        await self._quantiles(found)

    async def _quantiles(self, found: defaultdict[Key, Duration]) -> None:
        for form in ("least", "most"):
            for point in await self._points(form, 'quantile!=""'):
                share = _number(point.labels.get("quantile", ""))
                if share is None or point.value is None:
                    continue
                duration = found[self._key(point)]
                bounds, sharper = (duration.least, min) if form == "least" else (duration.most, max)
                bounds[share] = sharper(point.value, bounds.get(share, point.value))

    async def _summed(self, form: str) -> dict[Key, float]:
        sums: defaultdict[Key, float] = defaultdict(float)
        for point in await self._points(form):
            if point.value is not None:
                sums[self._key(point)] += point.value
        return sums

    async def _classic(self) -> dict[Key, Distribution]:
        counts: defaultdict[Key, defaultdict[float, float]] = defaultdict(
            lambda: defaultdict(float)
        )
        for point in await self._points("bucket"):
            edge = _number(point.labels.get("le", ""))
            if edge is not None and point.value is not None:
                counts[self._key(point)][edge] += point.value
        return {key: cumulative(edges) for key, edges in counts.items()}

    def _key(self, point: Point) -> Key:
        labels = self.held.family.labels
        return tuple(value(point.labels, labels[meaning]) for meaning in self.meanings)

    async def _points(self, form: str, matchers: str = "") -> tuple[Point, ...]:
        labels = self.held.family.labels
        part = form if form in ("count", "sum", "bucket") else ""
        place = {"least": "quantile", "most": "quantile"}.get(form, form)
        return await self.server.query(
            filled(
                queries()[form],
                self.window_s,
                by=grouping(labels[meaning] for meaning in self.meanings),
                **{place: self.held.selector(part, matchers)},
            )
        )


def _add_native(duration: Duration, native: Distribution) -> None:
    """Prefer it, finer as it is, unless the classic form beside it has seen more."""
    if native.samples >= (duration.samples or 0.0):
        duration.distribution = native
        duration.count, duration.sum = native.samples, native.total


def filled(query: str, window_s: int, **places: str) -> str:
    """Return the query with ``{name}`` replaced, and the window and its thirds put in."""
    third = window_s // 3
    lengths = {"window": window_s, "third": third, "two_thirds": 2 * third}
    for name, text in {**places, **{n: f"{s}s" for n, s in lengths.items()}}.items():
        query = query.replace(f"{{{name}}}", text)
    return query


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _likely(edges: set[float]) -> str:
    """The unit of a server's durations with such edges; empty where several are likely."""
    if min(edges) < 1 and max(edges) <= 60:
        return "s"
    return "ms" if min(edges) >= 1 and max(edges) >= 100 else ""


def _other(unit: str, edges: set[float]) -> bool:
    """Whether the edges cannot be meant in the unit of the name."""
    if unit == "s":
        return min(edges) >= 1 and max(edges) >= 1000  # up to a quarter of an hour, none below 1 s
    return unit == "ms" and min(edges) <= 0.025 and max(edges) <= 60  # from 25 µs to 60 ms
